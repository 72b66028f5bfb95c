import type { SegmentIndex, SegmentRow } from './model'

/** Newest initialization sections that stay whether they are needed or not: the recorder may be about to name one of them again. */
const INITS_KEPT = 64
/** Of keys it names the last one only. */
const KEYS_KEPT = 1

/**
 * Positions, ascending, of the rows before one that cannot go with the others: initialization sections and keys of later segments, those that the
 * recorder may still name, and the row that began the epoch there. Pure; what is left is looked at only where that can make a difference.
 *
 * @param lates late segments that are left.
 */
export function neededBefore(
  told: SegmentIndex,
  position: number,
  lates: readonly SegmentRow[],
): number[] {
  const needed: number[] = []
  const inits: number[] = []
  const keys: number[] = []
  let hasEpoch = false
  for (let at = position - 1; at >= 0; at -= 1) {
    const kind = told.kindAt(at)
    if (kind === 'init') inits.push(at)
    if (kind === 'key') keys.push(at)
    if (kind === 'discontinuity' && !hasEpoch && isEpoch(told, at)) {
      needed.push(at)
      hasEpoch = true
    }
  }
  needed.push(...inits.splice(0, INITS_KEPT), ...keys.splice(0, KEYS_KEPT))
  if (inits.length + keys.length > 0) {
    const named = namedFrom(told, position, lates)
    needed.push(...[...inits, ...keys].filter((at) => named.has(told.indexAt(at))))
  }
  return needed.sort((a, b) => a - b)
}

/** Indexes of sections and keys that segments name. */
function namedFrom(
  told: SegmentIndex,
  position: number,
  lates: readonly SegmentRow[],
): ReadonlySet<number> {
  const named = new Set<number>()
  for (let at = position; at < told.length; at += 1) {
    if (told.kindAt(at) !== 'segment') continue
    named.add(told.initIndexAt(at))
    named.add(told.keyIndexAt(at))
  }
  for (const { initIndex, keyIndex } of lates) {
    named.add(initIndex)
    named.add(keyIndex ?? -1)
  }
  return named
}

function isEpoch(told: SegmentIndex, position: number): boolean {
  const row = told.rowAt(position)
  return row.kind === 'discontinuity' && row.reason === 'epoch'
}
