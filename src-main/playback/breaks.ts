import type { SegmentIndex } from '../store/model'
import { keptPerIndex } from './kept'

/** Where the footage of a track goes on behind its breaks: starts of segments, unix ms, ascending. */
export const breaksMsOf: (index: SegmentIndex) => readonly number[] = keptPerIndex<number[]>(
  () => [],
  (breaksMs, index, position) => {
    if (index.kindAt(position) !== 'segment') return
    if (index.discontinuitiesBefore(position) > breaksMs.length) {
      breaksMs.push(index.startMsAt(position))
    }
  },
)

/** Positions of the gap rows of a track, ascending. */
export const gapPositionsOf: (index: SegmentIndex) => readonly number[] = keptPerIndex<number[]>(
  () => [],
  (positions, index, position) => {
    if (index.kindAt(position) === 'gap') positions.push(position)
  },
)

/** Positions of the discontinuity rows of a track, ascending. */
export const discontinuityPositionsOf: (index: SegmentIndex) => readonly number[] = keptPerIndex<
  number[]
>(
  () => [],
  (positions, index, position) => {
    if (index.kindAt(position) === 'discontinuity') positions.push(position)
  },
)
