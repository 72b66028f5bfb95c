import type { MediaPlaylist } from '../playlist'
import { markOf, type SegmentMark } from './playlist-identity'

/** So many marks are kept: enough to recognise an older copy of the listing, small enough for a 5 h window. */
const MOST_MARKS = 256

/** What is remembered of one numbering of the source. */
export interface Numbering {
  /** The first media sequence number of which it is known what became of it: what lies before was never seen. */
  readonly firstMediaSequence: number
  /** The first media sequence number not offered yet. */
  readonly nextMediaSequence: number
  /** What the last listed segments looked like, oldest first. Empty names after a restart: only numbers and instants are on disk. */
  readonly marks: readonly SegmentMark[]
  /** The same names came again under the same numbers: so they do not hold tokens, and other names mean other media. */
  readonly namesAreStable: boolean
  /** The longest listing seen of it. */
  readonly windowLength: number
}

/** The numbering once this listing of it was taken. */
export function advance<N extends Numbering>(numbering: N, playlist: MediaPlaylist): N {
  const windowLength = Math.max(numbering.windowLength, playlist.segments.length)
  const last = playlist.segments.at(-1)
  if (last === undefined || last.mediaSequence < numbering.nextMediaSequence) {
    return { ...numbering, windowLength }
  }
  const listed = playlist.segments.slice(-MOST_MARKS).map(markOf)
  const oldestListed = listed[0]?.mediaSequence ?? 0
  const older = numbering.marks.filter((mark) => mark.mediaSequence < oldestListed)
  return {
    ...numbering,
    nextMediaSequence: last.mediaSequence + 1,
    marks: [...older, ...listed].slice(-MOST_MARKS),
    windowLength,
  }
}
