import type { SegmentIndex } from '../store/model'
import { keptPerIndex } from './kept'
import { nextBehindBreaks, nextBesideSegments } from './next-row'

const besideSegments = (_found: unknown, index: SegmentIndex, from: number): number =>
  nextBesideSegments(index, from)

/** Where the footage of a track goes on behind its breaks: starts of segments, unix ms, ascending. */
export const breaksMsOf: (index: SegmentIndex) => readonly number[] = keptPerIndex<number[]>(
  () => [],
  (breaksMs, index, position) => breaksMs.push(index.startMsAt(position)),
  (breaksMs, index, from) => nextBehindBreaks(index, from, index.gone.breaks + breaksMs.length),
)

/** Positions of the gap rows of a track, ascending. */
export const gapPositionsOf: (index: SegmentIndex) => readonly number[] = keptPerIndex<number[]>(
  () => [],
  (positions, index, position) => {
    if (index.kindAt(position) === 'gap') positions.push(position)
  },
  besideSegments,
)

/** Positions of the discontinuity rows of a track, ascending. */
export const discontinuityPositionsOf: (index: SegmentIndex) => readonly number[] = keptPerIndex<
  number[]
>(
  () => [],
  (positions, index, position) => {
    if (index.kindAt(position) === 'discontinuity') positions.push(position)
  },
  besideSegments,
)
