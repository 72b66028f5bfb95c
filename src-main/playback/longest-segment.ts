import type { SegmentIndex } from '../store/model'
import { longestSegmentSec } from './window'

/** Longest segment of a track in seconds, looking only at what was added since it was last asked. */
export function createLongestSegment(): (index: SegmentIndex) => number {
  const known = new WeakMap<SegmentIndex, { readonly upTo: number; readonly longestSec: number }>()
  return (index) => {
    const before = known.get(index)
    const usable = before !== undefined && before.upTo <= index.length ? before : undefined
    const added = longestSegmentSec(index, { from: usable?.upTo ?? 0, to: index.length })
    const longestSec = Math.max(usable?.longestSec ?? 0, added)
    known.set(index, { upTo: index.length, longestSec })
    return longestSec
  }
}
