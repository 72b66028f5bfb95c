import path from 'node:path'
import { type CommandContext, withEngine } from './context'
import { formatBytes, formatDuration, formatInstant } from './format'

export interface ImportOptions {
  readonly name?: string
}

/**
 * `vsr import <path>`: makes a recording of an HLS folder, a playlist or a media file.
 * @returns the exit code.
 */
export async function importCommand(
  context: CommandContext,
  given: string,
  { name }: ImportOptions,
): Promise<number> {
  const { terminal, interrupted, folder } = context
  return withEngine(context, 'write', async (engine) => {
    terminal.progress(`reading ${given}`)
    let shown = -1
    const { recording, clock, notTaken } = await engine.importRecording({
      path: path.resolve(folder, given),
      ...(name === undefined ? {} : { name }),
      signal: interrupted,
      onProgress(percent) {
        if (Math.floor(percent) === shown) return
        shown = Math.floor(percent)
        terminal.emit({ event: 'progress', percent: shown })
        terminal.progress(`importing · ${shown} %`)
      },
    })
    terminal.emit({ event: 'result', recording, clock, notTaken })
    const { id, title, durationSec, bytes, gaps, startMs } = recording
    const parts = [`Imported “${title}” (${id})`, formatDuration(durationSec), formatBytes(bytes)]
    if (gaps > 0) parts.push(`${gaps} ${gaps === 1 ? 'gap' : 'gaps'}: not all files were there`)
    terminal.say(parts.join(' · '))
    if (clock === 'file') {
      terminal.say(`It names no time: ${formatInstant(startMs)} is the date of the file.`)
    }
    if (notTaken.length > 0) terminal.say(`Not taken over: ${notTaken.join(', ')}.`)
    return 0
  })
}
