import type { SegmentIndex, SegmentRow } from './model'

/** Newest initialization sections that stay whether they are needed or not: the recorder may be about to name one of them again. */
const INITS_KEPT = 64

/**
 * Positions, ascending, of the rows before one that cannot go with the others: initialization sections and keys of later segments, those that the
 * recorder may still name, and the row that began the epoch there. Pure; looks at each row once.
 *
 * @param lates late segments that are left.
 */
export function neededBefore(
  told: SegmentIndex,
  position: number,
  lates: readonly SegmentRow[],
): number[] {
  const named = new Set<number>()
  let isKeyFree = true
  let inits = 0
  for (let at = position; at < told.length; at += 1) {
    const kind = told.kindAt(at)
    if (kind === 'key') isKeyFree = false
    if (kind === 'init') inits += 1
    if (kind !== 'segment') continue
    named.add(told.initIndexAt(at))
    named.add(told.keyIndexAt(at))
  }
  for (const { initIndex, keyIndex } of lates) {
    named.add(initIndex)
    named.add(keyIndex ?? -1)
  }
  const needed: number[] = []
  let hasEpoch = false
  for (let at = position - 1; at >= 0; at -= 1) {
    const kind = told.kindAt(at)
    if (kind === 'segment' || kind === 'gap') continue
    const isNamed = named.has(told.indexAt(at))
    if (kind === 'init' && (isNamed || inits < INITS_KEPT)) needed.push(at)
    if (kind === 'key' && (isNamed || isKeyFree)) needed.push(at)
    if (kind === 'discontinuity' && !hasEpoch && isEpoch(told, at)) {
      needed.push(at)
      hasEpoch = true
    }
    if (kind === 'init') inits += 1
    if (kind === 'key') isKeyFree = false
  }
  return needed.reverse()
}

function isEpoch(told: SegmentIndex, position: number): boolean {
  const row = told.rowAt(position)
  return row.kind === 'discontinuity' && row.reason === 'epoch'
}
