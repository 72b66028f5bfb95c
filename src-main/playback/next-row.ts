import { firstWhere } from '../store/first-where'
import type { SegmentIndex } from '../store/model'

/**
 * First position from `from` on that passes a test, which stays true from there on; `to` where none does. Looks at near ones first:
 * O(log distance).
 */
function firstFrom(from: number, to: number, test: (at: number) => boolean): number {
  let low = from
  let reach = 1
  while (low + reach < to && !test(low + reach - 1)) {
    low += reach
    reach *= 2
  }
  return firstWhere(low, Math.min(to, low + reach), test)
}

/** First position from `from` on of a row that is no segment; the length where none is. Segments are counted, not looked at. */
export function nextBesideSegments(index: SegmentIndex, from: number): number {
  const { length } = index
  if (from >= length) return length
  const before = index.segmentsBefore(from)
  return firstFrom(from, length, (at) => index.segmentsBefore(at + 1) - before < at + 1 - from)
}

/** First position from `from` on of a segment before which more than so many breaks are counted; the length where none is. */
export function nextBehindBreaks(index: SegmentIndex, from: number, breaks: number): number {
  let at = firstFrom(from, index.length, (one) => index.discontinuitiesBefore(one) > breaks)
  while (at < index.length && index.kindAt(at) !== 'segment') at += 1
  return at
}
