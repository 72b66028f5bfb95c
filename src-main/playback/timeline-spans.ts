import type { Span, Timeline } from '../../src-preload/contract/model'
import type { SegmentIndex, SpanRow } from '../store/model'
import { discontinuityPositionsOf } from './breaks'

/** The spans that lie on the recording, by their start. One whose end never came ends where it was planned to. */
export function spansWithin(
  rows: readonly SpanRow[],
  extent: { readonly startMs: number; readonly endMs: number },
): Span[] {
  return rows
    .filter((row) => {
      const toMs = row.endMs ?? row.plannedEndMs ?? Number.POSITIVE_INFINITY
      const isMoment = toMs === row.startMs
      return row.startMs <= extent.endMs && (toMs > extent.startMs || isMoment)
    })
    .map(({ id, kind, label, startMs, endMs, plannedEndMs }) => {
      const toMs = endMs ?? plannedEndMs
      const open = endMs === undefined && (toMs === undefined || toMs > extent.endMs)
      return { id, kind, label, fromMs: startMs, ...(toMs === undefined ? {} : { toMs }), open }
    })
    .sort((a, b) => a.fromMs - b.fromMs)
}

/** Whose clock the instants of a track are, as far as that changes with its epochs. */
export function clocksOf(index: SegmentIndex): Timeline['clocks'] {
  const clocks: Timeline['clocks'] = []
  for (const position of discontinuityPositionsOf(index)) {
    const row = index.rowAt(position)
    if (row.kind !== 'discontinuity' || row.reason !== 'epoch') continue
    const fromMs = Math.max(row.startMs, index.figures.startMs ?? row.startMs)
    if (row.clock !== clocks.at(-1)?.clock) clocks.push({ fromMs, clock: row.clock })
  }
  return clocks
}
