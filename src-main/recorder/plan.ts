import type { VsrError } from '../../src-preload/contract/errors'
import type { GapCause } from '../../src-preload/contract/model'
import { refusalOf } from '../hls/drm'
import type { MediaPlaylist, MediaSegment } from '../hls/playlist'
import type { MissedRange, PlaylistDiff } from '../hls/follow/diff-playlist'
import type { PlaylistCursor } from '../hls/follow/playlist-cursor'
import type { NewDiscontinuity, NewGap } from '../store/model'
import { lateStart, type PictureBeside, silenceCause, timeAway } from './absence'
import { alignedStartMs, type EpochStart } from './epoch-starts'
import type { StreamInUse } from './source/track-candidates'

/** A listed segment with its place on the recording's timeline. */
export interface PlannedSegment {
  readonly epoch: number
  /** Unix ms. */
  readonly startMs: number
  readonly segment: MediaSegment
  /** Where it was listed. */
  readonly stream: StreamInUse
}

/** What becomes of one load of the playlist, in the order of the log. `refusal`: why the segments of a gap are not wanted. */
export type PlanItem =
  | { readonly kind: 'break'; readonly row: NewDiscontinuity }
  | { readonly kind: 'gap'; readonly row: NewGap; readonly refusal?: VsrError }
  | { readonly kind: 'segment'; readonly planned: PlannedSegment }

/** Where the track's timeline stands: the running sum that the next segment continues. */
export interface TimelineCursor {
  /** Where the next segment starts; undefined before the first. Unix ms. */
  readonly nextStartMs: number | undefined
  readonly clock: 'source' | 'arrival'
  /** By how much arrival was behind the running sum at the last batch. */
  readonly arrivalLagMs: number | undefined
  readonly discontinuitySequence: number
}

export const emptyTimeline: TimelineCursor = {
  nextStartMs: undefined,
  clock: 'arrival',
  arrivalLagMs: undefined,
  discontinuitySequence: 0,
}

/** Below this the source's clock only jitters: following it would cut holes into the timeline. */
const JITTER_MS = 500

/** The gap row for one segment that was listed and never obtained (F07: EXT-X-GAP without a request). */
export function gapRowOf(planned: Omit<PlannedSegment, 'stream'>, cause: GapCause): NewGap {
  const { epoch, startMs, segment } = planned
  const { mediaSequence, discontinuitySequence, durationSec } = segment
  return { epoch, startMs, mediaSequence, discontinuitySequence, durationSec, cause, count: 1 }
}

function itemOf(planned: PlannedSegment): PlanItem {
  const { segment } = planned
  if (segment.gap) return { kind: 'gap', row: gapRowOf(planned, 'source-gap') }
  const refusal = refusalOf(segment)
  return refusal === undefined
    ? { kind: 'segment', planned }
    : { kind: 'gap', row: gapRowOf(planned, 'protected'), refusal }
}

const lengthMs = (segments: readonly MediaSegment[]) =>
  segments.reduce((sum, segment) => sum + segment.durationSec * 1000, 0)

/** When the first of the new segments was made, judged by the moment it was seen: the listing's end is now. */
export function arrivalStartMs(diff: PlaylistDiff, playlist: MediaPlaylist, nowMs: number): number {
  if (playlist.endList) return nowMs
  const first = diff.newSegments[0]?.mediaSequence ?? 0
  const numbers = new Set(playlist.segments.map(({ mediaSequence }) => mediaSequence))
  const gone = diff.newSegments.filter(({ mediaSequence }) => !numbers.has(mediaSequence))
  const listed = playlist.segments.filter((segment) => segment.mediaSequence >= first)
  return nowMs - lengthMs([...gone, ...listed])
}

/** A jump of the arrival clock against the running sum: the source made nothing for a while (not a slow drift). */
function arrivalJumpMs(cursor: TimelineCursor, lagMs: number, targetDurationSec: number): number {
  if (cursor.clock !== 'arrival' || cursor.arrivalLagMs === undefined) return 0
  const grownMs = lagMs - cursor.arrivalLagMs
  return grownMs > Math.max(10_000, targetDurationSec * 3000) ? grownMs : 0
}

/**
 * Places what a load of the playlist brought on the recording's timeline. Pure.
 *
 * Instants come from EXT-X-PROGRAM-DATE-TIME where the epoch began with one, else from arrival (the end of
 * the listing is now), and then run on with the durations; the source's clock is followed when it is half a
 * second or more ahead of the running sum. The timeline never goes back.
 *
 * @param options.stream where the playlist came from.
 * @param options.previous where the track stood before this load.
 * @param options.others where the other tracks' epochs began whose source tells no time.
 * @param options.breakStartMs where the discontinuity with this number lies in the track that this one is laid beside.
 * @param options.beside the picture, of a track that is recorded beside it: what the track lacks of the time that the picture has is a gap.
 * @param options.missedCause why the numbers jumped over were never seen.
 * @param options.nowMs wall clock when the playlist was loaded.
 */
export function planBatch(options: {
  diff: PlaylistDiff
  playlist: MediaPlaylist
  stream: StreamInUse
  timeline: TimelineCursor
  previous: PlaylistCursor | undefined
  others: readonly EpochStart[]
  breakStartMs?: (discontinuitySequence: number) => number | undefined
  beside?: PictureBeside | undefined
  missedCause: GapCause
  nowMs: number
}): { items: readonly PlanItem[]; timeline: TimelineCursor } {
  const { diff, playlist, stream, missedCause, nowMs } = options
  const first = diff.newSegments[0]
  const epoch = diff.cursor.epoch
  if (first === undefined) return { items: [], timeline: options.timeline }

  const items: PlanItem[] = []
  const startsEpoch = diff.kind === 'new-epoch'
  const before = options.timeline
  const arrivalMs = arrivalStartMs(diff, playlist, nowMs)
  const clock = startsEpoch
    ? first.programDateTimeMs === undefined
      ? 'arrival'
      : 'source'
    : before.clock
  const missedBefore = (segment: MediaSegment) =>
    diff.missed.find((range) => range.firstMediaSequence + range.count === segment.mediaSequence)
  const lost = missedBefore(first)
  const notBefore = before.nextStartMs ?? 0
  let atMs = notBefore
  if (startsEpoch) {
    const { others } = options
    const firstMs =
      first.programDateTimeMs ?? alignedStartMs({ others, playlist, first, arrivalMs })
    const lostMs = (lost?.count ?? 0) * averageSec(playlist) * 1000
    atMs = Math.round(Math.max(notBefore, firstMs - lostMs))
    const away = timeAway(options, atMs)
    if (away !== undefined) items.push({ kind: 'gap', row: away })
    const mediaSequence = lost?.firstMediaSequence ?? first.mediaSequence
    const late = lateStart(options, epoch, atMs)
    const row = { epoch, startMs: late?.startMs ?? atMs, mediaSequence, clock }
    items.push({ kind: 'break', row: { ...row, reason: 'epoch' } })
    if (late !== undefined) items.push({ kind: 'gap', row: { ...late, mediaSequence } })
  }

  /** The gap for numbers that were jumped over before this segment. */
  const jumpOver = (missed: MissedRange | undefined, segment: MediaSegment) => {
    if (missed === undefined) return
    const { firstMediaSequence: mediaSequence, count } = missed
    const durationSec = missedDurationSec({ count, clock, atMs, segment, playlist })
    const { discontinuitySequence } = before
    const place = { epoch, startMs: Math.round(atMs), mediaSequence, discontinuitySequence }
    items.push({ kind: 'gap', row: { ...place, durationSec, cause: missedCause, count } })
    atMs += durationSec * 1000
  }
  jumpOver(lost, first)
  /** The source made nothing for a while: what the picture has meanwhile, a track beside it lacks. */
  const leap = (toMs: number, segment: MediaSegment) => {
    const startMs = Math.round(atMs)
    const cause = silenceCause(options, startMs, toMs)
    atMs = toMs
    if (cause === undefined) return
    const { mediaSequence } = segment
    const { discontinuitySequence } = before
    const place = { epoch, startMs, mediaSequence, discontinuitySequence }
    const durationSec = (toMs - startMs) / 1000
    items.push({ kind: 'gap', row: { ...place, durationSec, cause, count: 0 } })
  }

  const lagMs = arrivalMs - atMs
  if (!startsEpoch) leap(atMs + arrivalJumpMs(before, lagMs, playlist.targetDurationSec), first)
  const arrivalLagMs = arrivalMs - atMs

  const { breakStartMs = () => undefined } = options
  let previousMs = 0
  for (const segment of diff.newSegments) {
    if (segment !== first) jumpOver(missedBefore(segment), segment)
    const sourceMs = clock === 'source' ? segment.programDateTimeMs : undefined
    if (sourceMs !== undefined && sourceMs - atMs >= JITTER_MS) leap(sourceMs, segment)
    const isBreak = segment.discontinuity && !(startsEpoch && segment === first)
    const matching = { segment, breakStartMs, targetDurationSec: playlist.targetDurationSec }
    if (isBreak && sourceMs === undefined) atMs = matchedMs({ ...matching, atMs })
    const latestMs = sourceMs === undefined ? latestStartMs({ ...matching, atMs }) : atMs
    const startMs = Math.max(previousMs, Math.round(latestMs))
    previousMs = startMs
    if (isBreak) {
      const { mediaSequence } = segment
      items.push({ kind: 'break', row: { epoch, startMs, mediaSequence, clock, reason: 'source' } })
    }
    items.push(itemOf({ epoch, startMs, segment, stream }))
    atMs += segment.durationSec * 1000
  }
  const discontinuitySequence =
    diff.newSegments.at(-1)?.discontinuitySequence ?? before.discontinuitySequence
  return { items, timeline: { nextStartMs: atMs, clock, arrivalLagMs, discontinuitySequence } }
}

/** Numbers that are further apart than so many target durations do not mean the same. */
const MOST_APART_TARGETS = 3

interface Matching {
  /** Where the segments in front of it end. */
  readonly atMs: number
  readonly segment: MediaSegment
  readonly breakStartMs: (discontinuitySequence: number) => number | undefined
  readonly targetDurationSec: number
}

/** Where a discontinuity of a track lies beside that of the main one: a little before or behind where its own segments end, since tracks are cut at other instants. */
function matchedMs({ atMs, segment, breakStartMs, targetDurationSec }: Matching): number {
  const breakMs = breakStartMs(segment.discontinuitySequence)
  if (breakMs === undefined) return atMs
  const isNear = Math.abs(breakMs - atMs) <= targetDurationSec * MOST_APART_TARGETS * 1000
  return isNear ? breakMs : atMs
}

/** What a track has more than the main one before a discontinuity still belongs before it: its middle is not put behind that. */
function latestStartMs({ atMs, segment, breakStartMs, targetDurationSec }: Matching): number {
  const breakMs = breakStartMs(segment.discontinuitySequence + 1)
  if (breakMs === undefined) return atMs
  const isNear = atMs - breakMs <= targetDurationSec * MOST_APART_TARGETS * 1000
  const latestMs = breakMs - segment.durationSec * 500 - 1
  return isNear ? Math.min(atMs, latestMs) : atMs
}

const averageSec = ({ segments }: MediaPlaylist): number =>
  lengthMs(segments) / 1000 / Math.max(1, segments.length)

/** How long the segments never listed before this one were: by the source's clock where that is believable, else by the average of those listed. */
function missedDurationSec(options: {
  count: number
  clock: 'source' | 'arrival'
  atMs: number
  segment: MediaSegment
  playlist: MediaPlaylist
}): number {
  const { count, clock, atMs, segment, playlist } = options
  const estimateSec = count * averageSec(playlist)
  const instantMs = segment.programDateTimeMs
  if (clock === 'arrival' || instantMs === undefined) return estimateSec
  const byClockSec = (instantMs - atMs) / 1000
  return byClockSec > estimateSec / 2 && byClockSec < estimateSec * 2 ? byClockSec : estimateSec
}
