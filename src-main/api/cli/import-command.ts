import path from 'node:path'
import type { Engine } from '../../engine'
import { type CommandContext, withEngine } from './context'
import { formatBytes, formatDuration, formatInstant } from './format'
import { percentProgress } from './percent-progress'
import type { Terminal } from './terminal'

export interface ImportOptions {
  readonly name?: string
}

/**
 * `vsr import <path>`: makes a recording of an HLS folder, a playlist or a media file, or copies the recordings of another library.
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
    const request = {
      path: path.resolve(folder, given),
      signal: interrupted,
      onProgress: percentProgress(terminal, 'importing'),
    }
    const copied = await engine.importLibrary(request)
    if (copied !== undefined) {
      if (name !== undefined) terminal.say('Recordings of a library keep their names.')
      return tellCopied(terminal, copied)
    }
    const { recording, clock, notTaken } = await engine.importRecording({
      ...request,
      ...(name === undefined ? {} : { name }),
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

type Copied = NonNullable<Awaited<ReturnType<Engine['importLibrary']>>>

/** @returns 1 where something stayed behind. */
function tellCopied(terminal: Terminal, copied: Copied): number {
  const { recordings, lost, notTaken } = copied
  terminal.emit({ event: 'result', recordings, lost, notTaken })
  for (const { id, title, durationSec, bytes } of recordings) {
    terminal.say(
      [`Imported “${title}” (${id})`, formatDuration(durationSec), formatBytes(bytes)].join(' · '),
    )
  }
  if (lost > 0) {
    const segments = lost === 1 ? '1 segment was' : `${lost} segments were`
    terminal.say(`${segments} lost or changed there: gaps.`)
  }
  for (const sentence of notTaken) terminal.say(`Not taken over: ${sentence}`)
  return notTaken.length === 0 ? 0 : 1
}
