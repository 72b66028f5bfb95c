import type { GapRow, Row } from './model'

/**
 * Whether a row goes on with the gap of the row right before it. Missing segments are noted as soon as they are given up, one by
 * one; a stretch of them with one cause is one gap for whoever looks at it. Pure.
 */
export function isSameGap(before: Row | undefined, row: Row): boolean {
  if (before?.kind !== 'gap' || row.kind !== 'gap') return false
  return before.cause === row.cause && before.epoch === row.epoch && isNext(before, row)
}

const isNext = (before: GapRow, row: GapRow): boolean =>
  before.count > 0 && row.count > 0 && before.mediaSequence + before.count === row.mediaSequence
