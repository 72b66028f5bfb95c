import type { MediaPlaylist, MediaSegment } from '../playlist'

/** What is remembered of a listed segment, to recognise it in another copy of the listing. */
export interface SegmentMark {
  readonly mediaSequence: number
  /** Last part of the path with the byte range, without query and host: those differ between edges and tokens. Empty where unknown. */
  readonly name: string
  readonly programDateTimeMs?: number
}

/** Another copy of the same listing may compute its instants a little differently. */
const SHORTEST_TOLERANCE_MS = 5000

export type Agreement =
  | 'same-instants'
  | 'other-instants'
  | 'same-names'
  | 'other-names'
  | 'unknown'

/** The mark of a listed segment. */
export function markOf(segment: MediaSegment): SegmentMark {
  const path = segment.uri.split(/[?#]/, 1)[0] ?? ''
  const file = path.slice(path.lastIndexOf('/') + 1)
  const range = segment.byteRange
  return {
    mediaSequence: segment.mediaSequence,
    name: range === undefined ? file : `${file} ${range.offset}+${range.length}`,
    ...(segment.programDateTimeMs === undefined
      ? {}
      : { programDateTimeMs: segment.programDateTimeMs }),
  }
}

/** The instants that are told, unix ms. */
export const instantsOf = (marks: readonly SegmentMark[]): readonly number[] =>
  marks.flatMap(({ programDateTimeMs }) => programDateTimeMs ?? [])

/** Instants of one segment that are further apart are of two. */
export const toleranceMs = (playlist: MediaPlaylist): number =>
  Math.max(SHORTEST_TOLERANCE_MS, playlist.targetDurationSec * 2000)

/** What is remembered of a numbering. */
interface Remembered {
  readonly marks: readonly SegmentMark[]
  /** Names hold no tokens: another name under the same number is other media, unless it is of the very same instant. */
  readonly namesAreStable: boolean
}

/**
 * Whether a listing shows, under the same numbers, the segments that we remember. Program date-time
 * decides where both have it, the name where not.
 *
 * @returns `other-instants` and `other-names` when most of them differ; `unknown` when no number is in both, or
 * nothing comparable is known of those that are.
 */
export function agreement(
  { marks, namesAreStable }: Remembered,
  playlist: MediaPlaylist,
): Agreement {
  const byNumber = new Map(marks.map((mark) => [mark.mediaSequence, mark]))
  const counts = { sameInstants: 0, sameNames: 0, otherInstants: 0, otherNames: 0 }
  for (const segment of playlist.segments) {
    const mark = byNumber.get(segment.mediaSequence)
    if (mark === undefined) continue
    const listed = markOf(segment)
    if (mark.programDateTimeMs !== undefined && listed.programDateTimeMs !== undefined) {
      const apartMs = Math.abs(mark.programDateTimeMs - listed.programDateTimeMs)
      const isRenamed = namesAreStable && mark.name !== '' && mark.name !== listed.name
      const limitMs = isRenamed ? segment.durationSec * 500 : toleranceMs(playlist)
      counts[apartMs <= limitMs ? 'sameInstants' : 'otherInstants'] += 1
    } else if (mark.name !== '') {
      counts[mark.name === listed.name ? 'sameNames' : 'otherNames'] += 1
    }
  }
  const comparesInstants = counts.sameInstants + counts.otherInstants > 0
  if (comparesInstants) {
    return counts.sameInstants >= counts.otherInstants ? 'same-instants' : 'other-instants'
  }
  if (counts.sameNames + counts.otherNames === 0) return 'unknown'
  return counts.sameNames >= counts.otherNames ? 'same-names' : 'other-names'
}

/** True where the listing surely shows what we remember. */
export const isRecognised = (agrees: Agreement): boolean =>
  agrees === 'same-instants' || agrees === 'same-names'

/** True where the listing shows names that we remember, under their numbers. */
export function namesAgree(marks: readonly SegmentMark[], playlist: MediaPlaylist): boolean {
  const names = new Map(marks.map(({ mediaSequence, name }) => [mediaSequence, name]))
  return playlist.segments.some((segment) => {
    const known = names.get(segment.mediaSequence)
    return known !== undefined && known !== '' && known === markOf(segment).name
  })
}

/** True where a segment surely is another one than the one remembered under its number: stable names, and instants where they are told, differ. */
export function isOtherMedium(mark: SegmentMark, segment: MediaSegment): boolean {
  const { programDateTimeMs: atMs, name } = markOf(segment)
  if (mark.name === '' || mark.name === name) return false
  if (mark.programDateTimeMs === undefined || atMs === undefined) return true
  return Math.abs(mark.programDateTimeMs - atMs) > segment.durationSec * 500
}
