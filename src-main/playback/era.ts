import type { SegmentIndex } from '../store/model'
import { breaksMsOf } from './breaks'
import { countWhile } from './kept'
import type { Window } from './window'

/**
 * Number of breaks before the segment at a position: what EXT-X-DISCONTINUITY counts. All tracks of a
 * recording have to count alike (RFC 8216 6.2.4), else players wait for ever for the matching video:
 * so the main track's breaks hold for the others too, and a gap of theirs alone is none.
 */
export type EraOf = (position: number) => number

/** Tracks that end together are cut so far apart at most. */
const CUT_MS = 500

/** Makes the count for a track, by the breaks of the main one. */
export function erasOf(index: SegmentIndex, main: SegmentIndex): EraOf {
  if (index === main) return (position) => index.discontinuitiesBefore(position)
  const breaksMs = breaksMsOf(main)
  return (position) => {
    const middleMs = middleMsAt(index, position)
    return main.gone.breaks + countWhile(breaksMs, (ms) => ms <= middleMs)
  }
}

/**
 * The part of another track's window that the main track has reached: further on, a break of the
 * main track may still turn up, and what a playlist has said once may not change.
 *
 * @param reached what of a segment has to be: its middle says on which side of a break it lies; subtitles are listed on both. A gap lasts as long as the picture there.
 */
export function reachedBy(
  main: SegmentIndex,
  index: SegmentIndex,
  window: Window,
  reached: 'middle' | 'end' = 'middle',
): Window {
  if (index === main) return window
  const endMs = main.figures.endMs ?? Number.NEGATIVE_INFINITY
  let to = Math.min(window.to, index.firstStartingAt(endMs))
  const reachedAt = (position: number) =>
    reached === 'middle' && index.kindAt(position) !== 'gap'
      ? middleMsAt(index, position)
      : index.startMsAt(position) + index.durationSecAt(position) * 1000 - CUT_MS
  while (to > window.from && reachedAt(to - 1) > endMs) to -= 1
  return { from: Math.min(window.from, to), to }
}

/** Tracks are cut at slightly different instants: a segment belongs where its middle lies. */
function middleMsAt(index: SegmentIndex, position: number): number {
  return index.startMsAt(position) + index.durationSecAt(position) * 500
}
