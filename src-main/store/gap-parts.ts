import { endMsOf } from './figures'
import type { GapRow, Row, SegmentRow } from './model'

/** Indexes that one gap takes at most: a source whose numbers jump by millions must not use them up. */
const MOST_INDEXES = 65_536

/** How many indexes a row takes: one, and a gap one for each of its segments. */
export const indexesOf = (row: Row): number =>
  row.kind === 'gap' ? Math.min(MOST_INDEXES, Math.max(1, row.count)) : 1

/** Whether a gap has the place of the segment with this index. */
export const coversIndex = (gap: GapRow, index: number): boolean =>
  index >= gap.index && index < gap.index + gap.count

/**
 * What stands in the place of a gap some of whose segments have come: those, and the parts of the gap that are left.
 *
 * @param lates segments with indexes of the gap, ascending.
 */
export function gapParts(gap: GapRow, lates: readonly SegmentRow[]): Row[] {
  const rows: Row[] = []
  const endMs = endMsOf(gap.startMs, gap.durationSec)
  let done = 0
  let fromMs = gap.startMs
  const leave = (upTo: number, toMs: number): void => {
    if (upTo === done) return
    const left = {
      index: gap.index + done,
      startMs: fromMs,
      mediaSequence: gap.mediaSequence + done,
      durationSec: Math.max(0, toMs - fromMs) / 1000,
      count: upTo - done,
    }
    rows.push({ ...gap, ...left })
  }
  for (const late of lates) {
    leave(late.index - gap.index, late.startMs)
    rows.push(late)
    done = late.index - gap.index + 1
    fromMs = Math.max(late.startMs, Math.min(endMs, endMsOf(late.startMs, late.durationSec)))
  }
  leave(gap.count, endMs)
  return rows
}
