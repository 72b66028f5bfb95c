import { firstWhere } from '../store/first-where'
import type { SegmentIndex } from '../store/model'

/**
 * What a walk over all rows finds. It is kept for as long as the index is, and each call looks only at the rows that were
 * appended since the last: a recording of a year is walked once. After a late segment there is another index (late-view.ts).
 *
 * @param visit adds what a row says to what was found before it.
 */
export function keptPerIndex<T>(
  create: () => T,
  visit: (found: T, index: SegmentIndex, position: number) => void,
): (index: SegmentIndex) => T {
  const known = new WeakMap<SegmentIndex, { readonly found: T; upTo: number }>()
  return (index) => {
    const kept = known.get(index) ?? { found: create(), upTo: 0 }
    known.set(index, kept)
    for (; kept.upTo < index.length; kept.upTo += 1) visit(kept.found, index, kept.upTo)
    return kept.found
  }
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
