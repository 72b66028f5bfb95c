import type { MediaSegment } from '../playlist'
import type { Numbering } from './numbering'
import { isOtherMedium } from './playlist-identity'

/** Where a listing that begins as a numbering does goes another way. */
export interface Parting {
  /** The first number that stands for something else. */
  readonly mediaSequence: number
  /** Other media are known under its numbers; not sure where they were only jumped over. */
  readonly isSure: boolean
}

/** A jump is recent while no more than so many segments were seen behind it, or as many as a listing has: then an edge may lag behind it. */
const MOST_SEEN_SINCE = 12

/**
 * Where a listing parts from a numbering: two starts of the source that numbered on, one of which was taken for the other.
 * What the numbering jumped over counts only where that was recent, and where no instants tell that it is the same numbering's.
 *
 * @returns undefined where it does not, or where names may hold tokens.
 */
export function partingOf(
  numbering: Numbering,
  segments: readonly MediaSegment[],
): Parting | undefined {
  if (!numbering.namesAreStable) return undefined
  const verdictOn = verdicts(numbering)
  const known = segments.flatMap((segment) => {
    const verdict = verdictOn(segment)
    return verdict === undefined ? [] : [{ verdict, mediaSequence: segment.mediaSequence }]
  })
  const at = known.findIndex(({ verdict }) => verdict !== 'same')
  const [first, ...others] = known.slice(at)
  if (at <= 0 || first === undefined || others.some(({ verdict }) => verdict === 'same')) {
    return undefined
  }
  const isSure = [first, ...others].some(({ verdict }) => verdict === 'other')
  const isRecent = seenSince(numbering, segments) <= Math.max(MOST_SEEN_SINCE, segments.length)
  return isSure || isRecent ? { mediaSequence: first.mediaSequence, isSure } : undefined
}

/** How much of the numbering was seen behind a listing. */
const seenSince = ({ marks }: Numbering, segments: readonly MediaSegment[]): number =>
  marks.filter(({ mediaSequence }) => mediaSequence > (segments.at(-1)?.mediaSequence ?? 0)).length

/** What a segment's number stands for in the numbering: the same medium, another one, or one that was jumped over; undefined where it says nothing. */
function verdicts({ marks, nextMediaSequence }: Numbering) {
  const byNumber = new Map(marks.map((mark) => [mark.mediaSequence, mark]))
  const oldest = marks[0]?.mediaSequence ?? Infinity
  return (segment: MediaSegment): 'same' | 'other' | 'jumped-over' | undefined => {
    const { mediaSequence, programDateTimeMs } = segment
    const mark = byNumber.get(mediaSequence)
    if (mark !== undefined) return isOtherMedium(mark, segment) ? 'other' : 'same'
    const isJumpedOver = mediaSequence > oldest && mediaSequence < nextMediaSequence
    return isJumpedOver && programDateTimeMs === undefined ? 'jumped-over' : undefined
  }
}
