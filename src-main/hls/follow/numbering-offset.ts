import type { MediaPlaylist, MediaSegment } from '../playlist'
import { agreement, markOf, type SegmentMark } from './playlist-identity'

/** Numbers alone are believed where the listings end at most so many segments apart; longer listings may be further apart. */
const LEAST_TOLERANCE = 6
/** So many segments at most are compared with what is remembered. */
const MOST_COMPARED = 256

/** The difference that most pairs have; undefined without a pair, or where no difference has half of them. */
function mostCommon(offsets: readonly number[]): number | undefined {
  const votes = new Map<number, number>()
  for (const offset of offsets) votes.set(offset, (votes.get(offset) ?? 0) + 1)
  const [best] = [...votes].toSorted((a, b) => b[1] - a[1])
  return best !== undefined && best[1] * 2 >= offsets.length ? best[0] : undefined
}

/** By the segments that begin at the same instant, each in its own listing. */
function offsetByInstants(marks: readonly SegmentMark[], segments: readonly MediaSegment[]) {
  const offsets: number[] = []
  for (const { programDateTimeMs: atMs, mediaSequence, durationSec } of segments) {
    if (atMs === undefined) continue
    const near = marks.find(
      (mark) =>
        mark.programDateTimeMs !== undefined &&
        Math.abs(mark.programDateTimeMs - atMs) < durationSec * 500,
    )
    if (near !== undefined) offsets.push(near.mediaSequence - mediaSequence)
  }
  return mostCommon(offsets)
}

/** Two listings that have no instant in common: by the time that lies between them. */
function offsetByDistance(
  marks: readonly SegmentMark[],
  first: MediaSegment | undefined,
  averageSec: number,
): number | undefined {
  const last = marks.findLast((mark) => mark.programDateTimeMs !== undefined)
  if (last?.programDateTimeMs === undefined || first?.programDateTimeMs === undefined) {
    return undefined
  }
  const apart = (first.programDateTimeMs - last.programDateTimeMs) / 1000 / averageSec
  const offset = last.mediaSequence + Math.round(apart) - first.mediaSequence
  // Durations vary: over a long way the numbers themselves are the better measure where they nearly fit.
  return Math.abs(offset) <= Math.abs(apart) * 0.1 ? 0 : offset
}

/** By the names of the resources, where each of ours stands for one segment only. */
function offsetByNames(marks: readonly SegmentMark[], segments: readonly MediaSegment[]) {
  const numbers = new Map(marks.map((mark) => [mark.name, mark.mediaSequence]))
  numbers.delete('')
  if (numbers.size < marks.length) return undefined
  return mostCommon(
    segments.flatMap((segment) => {
      const number = numbers.get(markOf(segment).name)
      return number === undefined ? [] : [number - segment.mediaSequence]
    }),
  )
}

/**
 * What has to be added to the numbers of a listing from another place (a redundant variant stream, another
 * pathway, another variant stream) so that they are those of the listing that was followed until now.
 * RFC 8216 6.2.4 promises no equal numbers there: equal instants decide, else equal names, else numbers that
 * end where ours are expected to. Pure.
 *
 * @param options.marks what is remembered of the listing followed until now, oldest first.
 * @param options.nextMediaSequence the first number not offered yet.
 * @param options.elapsedSec seconds since that listing last brought something.
 * @returns undefined where nothing tells how the two belong together.
 */
export function numberingOffset(options: {
  marks: readonly SegmentMark[]
  nextMediaSequence: number
  playlist: MediaPlaylist
  elapsedSec: number
}): number | undefined {
  const { nextMediaSequence, playlist, elapsedSec } = options
  const marks = options.marks.slice(-MOST_COMPARED)
  const segments = playlist.segments.slice(-MOST_COMPARED)
  const last = segments.at(-1)
  if (last === undefined) return undefined
  const lengthSec = playlist.segments.reduce((sum, segment) => sum + segment.durationSec, 0)
  const averageSec = Math.max(0.1, lengthSec / playlist.segments.length)

  const byNames = offsetByNames(marks, segments)
  // Two clocks may be more than half a segment apart: equal names under equal numbers then say more.
  if (byNames === 0 && agreement({ marks, namesAreStable: false }, playlist) !== 'other-instants')
    return 0
  const byInstants =
    offsetByInstants(marks, segments) ?? offsetByDistance(marks, segments[0], averageSec)
  if (byInstants !== undefined) return byInstants
  if (byNames !== undefined) return byNames

  const ahead = last.mediaSequence + 1 - nextMediaSequence
  const tolerance = Math.max(LEAST_TOLERANCE, playlist.segments.length)
  return ahead >= -tolerance && ahead <= elapsedSec / averageSec + tolerance ? 0 : undefined
}
