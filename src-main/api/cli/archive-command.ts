import path from 'node:path'
import { type CommandContext, findRecording, withEngine } from './context'
import { parseTime } from './export-command'
import { formatBytes } from './format'
import { percentProgress } from './percent-progress'

export interface ArchiveOptions {
  readonly from?: string
  readonly to?: string
  readonly output: string
}

/**
 * `vsr archive <recording>`: a folder that any player opens.
 * @returns the exit code.
 */
export async function archiveCommand(
  context: CommandContext,
  reference: string,
  { from, to, output }: ArchiveOptions,
): Promise<number> {
  const { terminal, interrupted, folder } = context
  return withEngine(context, 'read', async (engine) => {
    const { id, title, startMs, endMs = startMs } = findRecording(engine, reference)
    const archived = await engine.archiveRecording({
      recordingId: id,
      fromMs: from === undefined ? startMs : parseTime(from, startMs),
      toMs: to === undefined ? endMs + 1 : parseTime(to, startMs),
      folder: path.resolve(folder, output),
      signal: interrupted,
      onProgress: percentProgress(terminal, 'archiving'),
    })
    terminal.emit({ event: 'result', ...archived })
    const { files, bytes, links } = archived
    const space = links > 0 ? ` · ${links} of them shared with the library` : ''
    terminal.say(`Archived “${title}”: ${files} files, ${formatBytes(bytes)}${space}`)
    terminal.say(`${path.join(archived.folder, 'index.m3u8')} opens in any player.`)
    return 0
  })
}
