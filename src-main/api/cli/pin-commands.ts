import { type CommandContext, findRecording, withEngine } from './context'
import { parseTime } from './export-command'
import { formatInstant } from './format'

export interface PinOptions {
  readonly from?: string
  readonly to?: string
  readonly name?: string
}

export interface UnpinOptions {
  readonly span?: string
}

/** `vsr pin <id>`: nothing of it is let go to make room; with `--from` or `--to` only of that stretch. */
export async function pinCommand(
  context: CommandContext,
  reference: string,
  { from, to, name }: PinOptions,
): Promise<number> {
  return withEngine(context, 'write', async (engine) => {
    const { id, title, startMs, endMs = startMs } = findRecording(engine, reference)
    if (from === undefined && to === undefined) {
      const recording = await engine.pinRecording(id, true)
      context.terminal.emit({ event: 'result', recording })
      context.terminal.say(`“${title}” is pinned: it stays until you delete it.`)
      return 0
    }
    const fromMs = from === undefined ? startMs : parseTime(from, startMs)
    const toMs = to === undefined ? endMs : parseTime(to, startMs)
    const named = name === undefined ? {} : { name }
    const pinnedSpans = await engine.pinSpan({ id, fromMs, toMs, ...named })
    context.terminal.emit({ event: 'result', id, pinnedSpans })
    context.terminal.say(
      `“${title}” from ${formatInstant(fromMs)} to ${formatInstant(toMs)} is pinned.`,
    )
    return 0
  })
}

/** `vsr unpin <id>`; with `--span` that stretch. */
export async function unpinCommand(
  context: CommandContext,
  reference: string,
  { span }: UnpinOptions,
): Promise<number> {
  return withEngine(context, 'write', async (engine) => {
    const { id, title } = findRecording(engine, reference)
    if (span === undefined) {
      const recording = await engine.pinRecording(id, false)
      context.terminal.emit({ event: 'result', recording })
    } else {
      const pinnedSpans = await engine.unpinSpan(id, span)
      context.terminal.emit({ event: 'result', id, pinnedSpans })
    }
    context.terminal.say(`“${title}”: no longer pinned.`)
    return 0
  })
}
