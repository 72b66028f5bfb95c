import type { MediaSegment } from '../playlist'
import type { Numbering } from './numbering'
import { partingOf } from './parting'
import { instantsOf, isSameMedium } from './playlist-identity'
import { listedSec, LONGEST_BELIEVED_JUMP_SEC } from './relation'

/** True where an instant lies where a numbering jumped over segments, as long as those were: it is noted that they are missing. */
function isJumpedOver({ marks }: Numbering, segment: MediaSegment): boolean {
  const { programDateTimeMs: atMs, durationSec } = segment
  if (atMs === undefined) return false
  const slackMs = durationSec * 500
  return marks.some(({ mediaSequence, programDateTimeMs: fromMs }, at) => {
    const next = marks[at + 1]
    if (fromMs === undefined || next?.programDateTimeMs === undefined) return false
    const isWithin = atMs > fromMs + slackMs && atMs < next.programDateTimeMs - slackMs
    const steps = next.mediaSequence - mediaSequence
    const longestMs = (steps * 2 - 1) * durationSec * 1000
    return isWithin && steps > 1 && next.programDateTimeMs - fromMs < longestMs
  })
}

/**
 * The segments of a listing of no numbering that is known which were not offered before, whatever their numbers. Where the source tells
 * the time they are known by it; where not, all of them are unknown but those before the listing parts from what is known.
 *
 * @returns `isOld`: none of them is later than the oldest that is remembered.
 */
export function unknownSegments(
  segments: readonly MediaSegment[],
  numberings: readonly Numbering[],
): { unknown: readonly MediaSegment[]; isOld: boolean } {
  const partings = numberings.flatMap(
    (numbering) => partingOf(numbering, segments)?.mediaSequence ?? [],
  )
  const from = partings.length === 0 ? -Infinity : Math.min(...partings)
  const unknown = segments.filter(
    (segment) =>
      segment.mediaSequence >= from &&
      !numberings.some(
        (numbering) =>
          numbering.marks.some((mark) => isSameMedium(mark, segment)) ||
          isJumpedOver(numbering, segment),
      ),
  )
  const oldestMs = Math.min(...numberings.flatMap(({ marks }) => instantsOf(marks)))
  const later = unknown.filter(
    ({ programDateTimeMs }) =>
      programDateTimeMs === undefined || oldestMs === Infinity || programDateTimeMs > oldestMs,
  )
  return later.length > 0 || unknown.length === 0
    ? { unknown: later, isOld: false }
    : { unknown, isOld: true }
}

/**
 * How many segments a new numbering has had before those that are seen of it first, by the time that lies between them and what is
 * known; 0 where the source tells no time.
 */
export function lostBefore(
  segments: readonly MediaSegment[],
  numberings: readonly Numbering[],
  elapsedSec: number,
): number {
  const first = segments[0]
  const firstMs = first?.programDateTimeMs
  if (first === undefined || firstMs === undefined) return 0
  const before = numberings
    .flatMap(({ marks }) => instantsOf(marks))
    .filter((instantMs) => instantMs < firstMs)
  if (before.length === 0) return 0
  const averageSec = listedSec(segments) / segments.length
  const holeSec = (firstMs - Math.max(...before)) / 1000 - averageSec
  if (holeSec > Math.max(LONGEST_BELIEVED_JUMP_SEC, elapsedSec * 2)) return 0
  return Math.max(0, Math.min(first.mediaSequence, Math.round(holeSec / averageSec)))
}
