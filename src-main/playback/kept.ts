import { setImmediate as nextTurn } from 'node:timers/promises'
import { firstWhere } from '../store/first-where'
import type { SegmentIndex } from '../store/model'

/** Rows looked at before other work gets a turn: a few milliseconds. */
const ROWS_PER_TURN = 65_536

/** What was found of an index, up to its last row. */
interface Kept<T> {
  (index: SegmentIndex): T
  /** Looks at the rows that are new without holding up anything else, so that the call finds few. */
  ahead(index: SegmentIndex): Promise<void>
}

/**
 * What a walk over all rows finds. It is kept for as long as the index is, and each call looks only at the rows that were
 * appended since the last: a recording of a year is walked once. After a late segment there is another index (late-view.ts).
 *
 * @param visit adds what a row says to what was found before it.
 * @param next the next position to be visited from one on; absent = each.
 */
export function keptPerIndex<T>(
  create: () => T,
  visit: (found: T, index: SegmentIndex, position: number) => void,
  next: (found: T, index: SegmentIndex, position: number) => number = (_found, _index, at) => at,
): Kept<T> {
  const known = new WeakMap<SegmentIndex, { readonly found: T; upTo: number }>()
  const keptOf = (index: SegmentIndex) => {
    const kept = known.get(index) ?? { found: create(), upTo: 0 }
    known.set(index, kept)
    return kept
  }
  const walk = (index: SegmentIndex, end: number): void => {
    const kept = keptOf(index)
    const { found } = kept
    while (kept.upTo < end) {
      const at = next(found, index, kept.upTo)
      if (at < index.length) visit(found, index, at)
      kept.upTo = Math.min(index.length, at + 1)
    }
  }
  const all = (index: SegmentIndex): T => {
    walk(index, index.length)
    return keptOf(index).found
  }
  return Object.assign(all, {
    async ahead(index: SegmentIndex) {
      for (;;) {
        const { upTo } = keptOf(index)
        if (upTo + ROWS_PER_TURN >= index.length) return
        walk(index, upTo + ROWS_PER_TURN)
        await nextTurn()
      }
    },
  })
}

/** Makes one value for each pair of a track's index and that of the main track, and keeps it for as long as both. */
export function keptPerPair<T>(
  create: (index: SegmentIndex, main: SegmentIndex) => T,
): (index: SegmentIndex, main: SegmentIndex) => T {
  const known = new WeakMap<SegmentIndex, WeakMap<SegmentIndex, { readonly value: T }>>()
  return (index, main) => {
    const pairs = known.get(index) ?? new WeakMap<SegmentIndex, { readonly value: T }>()
    known.set(index, pairs)
    const kept = pairs.get(main) ?? { value: create(index, main) }
    pairs.set(main, kept)
    return kept.value
  }
}

/** How many numbers at the beginning of a list pass a test; once one does not, none behind it may. O(log n). */
export function countWhile(sorted: readonly number[], test: (one: number) => boolean): number {
  return firstWhere(0, sorted.length, (at) => !test(sorted[at] ?? Number.NaN))
}
