import type { MediaSegment } from '../playlist'
import type { Numbering } from './numbering'
import { partingOf } from './parting'
import { instantsOf, markOf } from './playlist-identity'
import { listedSec, LONGEST_BELIEVED_JUMP_SEC } from './relation'

/** Between two instants the numbers jump: so many steps, of which all but the last were never listed. */
interface Hole {
  readonly fromMs: number
  readonly toMs: number
  readonly steps: number
}

function holesOf({ marks }: Numbering): readonly Hole[] {
  return marks.flatMap(({ mediaSequence, programDateTimeMs: fromMs }, at) => {
    const next = marks[at + 1]
    const toMs = next?.programDateTimeMs
    const steps = (next?.mediaSequence ?? 0) - mediaSequence
    return fromMs === undefined || toMs === undefined || steps <= 1 ? [] : [{ fromMs, toMs, steps }]
  })
}

/** True where an instant lies where a numbering jumped over segments, as long as those were: it is noted that they are missing. */
function isIn({ fromMs, toMs, steps }: Hole, atMs: number, durationSec: number): boolean {
  const slackMs = durationSec * 500
  const longestMs = (steps * 2 - 1) * durationSec * 1000
  return atMs > fromMs + slackMs && atMs < toMs - slackMs && toMs - fromMs < longestMs
}

/** Tells the segments of which it is known what became of them, whatever their numbers: by name and instant. A listing may have thousands. */
function knownIn(numberings: readonly Numbering[]): (segment: MediaSegment) => boolean {
  const instantsOfName = new Map<string, number[]>()
  for (const { name, programDateTimeMs } of numberings.flatMap(({ marks }) => marks)) {
    if (programDateTimeMs === undefined) continue
    instantsOfName.set(name, [...(instantsOfName.get(name) ?? []), programDateTimeMs])
  }
  const holes = numberings.flatMap(holesOf)
  return (segment) => {
    const { name, programDateTimeMs: atMs } = markOf(segment)
    if (atMs === undefined) return false
    const { durationSec } = segment
    const isNear = (knownMs: number) => Math.abs(knownMs - atMs) <= durationSec * 500
    return (
      (instantsOfName.get(name)?.some(isNear) ?? false) ||
      holes.some((hole) => isIn(hole, atMs, durationSec))
    )
  }
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
  const isKnown = knownIn(numberings)
  const unknown = segments.filter((segment) => segment.mediaSequence >= from && !isKnown(segment))
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
