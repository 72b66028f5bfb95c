import type { TrashedRecording } from '../../../src-preload/contract/model'
import { type CommandContext, findRecording, findTrashed, withEngine } from './context'
import { formatBytes, formatDuration, formatInstant, formatTable } from './format'

export interface DeleteOptions {
  readonly now?: boolean
}

export interface TrashOptions {
  readonly empty?: boolean
}

/** `vsr delete <id>`: into the trash; with `--now` for good. */
export async function deleteCommand(
  context: CommandContext,
  reference: string,
  { now = false }: DeleteOptions,
): Promise<number> {
  return withEngine(context, 'write', async (engine) => {
    const { id, title } = findRecording(engine, reference)
    await engine.deleteRecording(id, { now })
    const trashed = (await engine.listTrash()).find((one) => one.id === id)
    context.terminal.emit({
      event: 'result',
      id,
      ...(trashed === undefined ? {} : { goneMs: trashed.goneMs }),
    })
    context.terminal.say(
      trashed === undefined
        ? `Deleted “${title}” (${id}) for good.`
        : `“${title}” lies in the trash until ${formatInstant(trashed.goneMs)}; \`vsr restore ${id}\` takes it back.`,
    )
    return 0
  })
}

/** `vsr trash`: one array; with `--empty` they are removed for good. */
export async function trashCommand(
  context: CommandContext,
  { empty = false }: TrashOptions,
): Promise<number> {
  return withEngine(context, empty ? 'write' : 'read', async (engine) => {
    const trashed = await engine.listTrash()
    const bytes = trashed.reduce((sum, one) => sum + one.bytes, 0)
    if (empty) {
      const removed = await engine.emptyTrash()
      context.terminal.emit({ event: 'result', removed, bytes })
      context.terminal.say(
        `Removed ${removed.length} deleted recordings for good, ${formatBytes(bytes)}.`,
      )
      return 0
    }
    context.terminal.emit(trashed)
    context.terminal.say(trashed.length === 0 ? 'The trash is empty.' : tableOf(trashed))
    return 0
  })
}

const tableOf = (trashed: readonly TrashedRecording[]): string =>
  formatTable([
    ['ID', 'DELETED', 'GONE', 'LENGTH', 'SIZE', 'TITLE'],
    ...trashed.map(({ id, deletedMs, goneMs, durationSec, bytes, title }) => [
      id,
      formatInstant(deletedMs),
      formatInstant(goneMs),
      formatDuration(durationSec),
      formatBytes(bytes),
      title,
    ]),
  ])

/** `vsr restore <id>`. */
export async function restoreCommand(context: CommandContext, reference: string): Promise<number> {
  return withEngine(context, 'write', async (engine) => {
    const { id } = await findTrashed(engine, reference)
    const recording = await engine.restoreRecording(id)
    context.terminal.emit({ event: 'result', recording })
    context.terminal.say(`“${recording.title}” (${id}) is back.`)
    return 0
  })
}
