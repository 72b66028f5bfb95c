import path from 'node:path'
import { type CommandContext, withEngine } from './context'
import { formatBytes } from './format'
import { percentProgress } from './percent-progress'

/**
 * `vsr relocate <folder>`: moves the library.
 * @returns the exit code.
 */
export async function relocateCommand(context: CommandContext, given: string): Promise<number> {
  const { terminal, interrupted, folder } = context
  return withEngine(context, 'write', async (engine) => {
    const relocated = await engine.relocate({
      folder: path.resolve(folder, given),
      signal: interrupted,
      onProgress: percentProgress(terminal, 'moving the library'),
    })
    terminal.emit({ event: 'result', ...relocated })
    const { files, bytes, notMoved } = relocated
    terminal.say(`The library is in ${relocated.folder}: ${files} files, ${formatBytes(bytes)}.`)
    terminal.say(`Whoever opens it in ${engine.libraryDir} is led there.`)
    if (notMoved.length > 0) terminal.say(`Not moved: ${notMoved.join(', ')}.`)
    return 0
  })
}
