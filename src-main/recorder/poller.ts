import type { GapCause } from '../../src-preload/contract/model'
import { backoffMs } from '../fetch/backoff'
import type { HttpClient } from '../fetch/http'
import { fullTrust, judgeLoad } from '../hls/blocking-trust'
import type { PlaylistCursor } from '../hls/diff-playlist'
import { followListing, type ListingPlace } from '../hls/follow-listing'
import { nextReload, plainLoad } from '../hls/next-reload'
import type { PlaylistParser } from '../hls/parser'
import type { MediaPlaylist } from '../hls/playlist'
import type { Clock } from '../ports/clock'
import { type EpochStarts, isWholeListing } from './epoch-starts'
import { gapCauseOf } from './gap-cause'
import { arrivalStartMs, type PlanItem, planBatch, type TimelineCursor } from './plan'
import { createPlaylistLoader } from './playlist-loader'
import type { SourceAccess } from './source-access'
import type { StreamInUse } from './track-candidates'
import type { OnTrouble } from './trouble'

/** Where a track goes on: from its log, or from nothing. */
export interface TrackPosition {
  readonly cursor: PlaylistCursor | undefined
  readonly timeline: TimelineCursor
  readonly newEpoch: number
  /** Seconds since the last row's end, for a track that goes on after a restart. */
  readonly awaySec: number | undefined
}

/** What one load of the media playlist brought. */
export interface PollBatch {
  readonly items: readonly PlanItem[]
  readonly epoch: number
  /** In the numbering of the epoch. */
  readonly playlist: MediaPlaylist
  /** Where it came from. */
  readonly stream: StreamInUse
  /** Monotonic clock when it was asked for. */
  readonly requestedAtMs: number
  readonly live: boolean
  /** End of what was listed so far, on the recording's timeline, unix ms; undefined while nothing was. */
  readonly edgeMs: number | undefined
}

/** Timers are late by a little. Intervals count from when a request was due, or the lateness of each would add up to a drift (F02). */
const TIMER_SLACK_MS = 100

/** What the person wants at the ends of a source. */
export interface WaitingWishes {
  /** Asked anew at each ENDLIST: wait for another start. */
  keepWaiting(): boolean
  /** The source was waited for: what its first listing holds is recorded from the oldest segment on. */
  startAtOldest(): boolean
}

/**
 * Loads a track's media playlist again and again and yields what each load brought. Ends only after
 * ENDLIST, unless a new start is waited for (F23); everything else is tried for ever. While the consumer is busy, no
 * reload happens.
 *
 * @param options.onTrouble a failed load; `nextTryMs` is the wall clock of the next one.
 * @param options.onEnded the source has ended; it is looked at again at `nextTryMs` (wall clock).
 * @throws VsrError where the recording cannot go on (DRM and the like); the signal's reason when aborted.
 */
export async function* pollPlaylist(options: {
  trackId: string
  position: TrackPosition
  access: SourceAccess
  http: HttpClient
  parser: PlaylistParser
  clock: Clock
  random: () => number
  epochStarts: EpochStarts
  /** How often the machine woke up so far. */
  wakes: () => number
  /** See `isFatal`. */
  hasFootage: boolean
  signal: AbortSignal
  wishes: WaitingWishes
  onTrouble: OnTrouble
  onEnded: (nextTryMs: number) => void
}): AsyncGenerator<PollBatch, void, void> {
  const { trackId, position, access, clock, random, signal, epochStarts, wishes } = options
  const { onTrouble, onEnded, wakes } = options
  let { cursor, timeline, newEpoch } = position
  let missedCause: GapCause = position.awaySec === undefined ? 'sequence-gap' : 'restart'
  let loadedAtMs = clock.monotonicMs()
  let awaySec = position.awaySec ?? 0
  let wakesSeen = wakes()
  let dueMs = clock.monotonicMs()
  // F27: within an epoch, time runs as the monotonic clock does, whatever is done to the wall clock.
  let wallOffsetMs = clock.nowMs() - clock.monotonicMs()

  const loader = createPlaylistLoader({
    ...options,
    onTrouble: (error, nextTryMs) => {
      missedCause = gapCauseOf(error)
      onTrouble(error, nextTryMs)
    },
  })
  let reload = plainLoad
  let trust = fullTrust
  /** How often the source was looked at since it ended; 0 while it has not. */
  let looksAfterEnd = 0
  let place: ListingPlace | undefined

  for (;;) {
    const {
      playlist: listed,
      stream,
      requestedAtMs,
      asked,
      planFailed,
    } = await loader.load(reload, looksAfterEnd > 0 ? 'offline-source' : 'playlist')
    const elapsedSec = awaySec + (clock.monotonicMs() - loadedAtMs) / 1000
    const afterEnd = looksAfterEnd > 0
    // What a source that had ended did meanwhile was no footage to miss.
    if (afterEnd) {
      missedCause = 'sequence-gap'
      wakesSeen = wakes()
    }
    const followed = followListing({
      place,
      origin: `${stream.pathwayId} ${stream.info.bandwidth}`,
      cursor,
      playlist: listed,
      newEpoch,
      elapsedSec,
      afterEnd,
      fromOldest: wishes.startAtOldest(),
    })
    const { diff, playlist } = followed
    place = followed.place
    if (diff.kind === 'new-epoch') wallOffsetMs = clock.nowMs() - clock.monotonicMs()
    const nowMs = clock.monotonicMs() + wallOffsetMs
    const planned = planBatch({
      diff,
      playlist,
      stream,
      timeline,
      previous: cursor,
      others: epochStarts.others(trackId),
      // What fails right after a wake fails because of it: networks take a while to come back.
      missedCause: wakes() === wakesSeen ? missedCause : 'suspended',
      nowMs,
    })
    const changed = diff.newSegments.length > 0
    const isStale = diff.kind === 'stale'
    cursor = diff.cursor
    timeline = planned.timeline
    if (diff.kind === 'new-epoch') newEpoch += 1
    const arrivalMs = arrivalStartMs(diff, playlist, nowMs)
    noteEpochStart({ epochStarts, trackId, playlist, items: planned.items, arrivalMs })
    if (changed) {
      missedCause = 'sequence-gap'
      wakesSeen = wakes()
      loadedAtMs = clock.monotonicMs()
      awaySec = 0
    }
    const live = !playlist.endList && playlist.playlistType !== 'VOD'
    yield {
      items: planned.items,
      epoch: cursor.epoch,
      playlist,
      stream,
      requestedAtMs,
      live,
      edgeMs: timeline.nextStartMs,
    }
    if (playlist.endList) {
      if (!wishes.keepWaiting()) return
      looksAfterEnd += 1
      const delayMs = backoffMs({
        kind: 'offline-source',
        attempt: looksAfterEnd,
        random: random(),
      })
      onEnded(clock.nowMs() + delayMs)
      await clock.sleep(delayMs, signal)
      access.expire()
      reload = plainLoad
      continue
    }
    looksAfterEnd = 0

    if (planFailed) trust = judgeLoad({ trust, asked: reload.directives, playlist: undefined })
    trust = judgeLoad({ trust, asked, playlist: isStale ? undefined : listed })
    const isOnTime = requestedAtMs - dueMs < TIMER_SLACK_MS
    const countedFromMs = isOnTime ? Math.min(dueMs, requestedAtMs) : requestedAtMs
    const elapsedMs = clock.monotonicMs() - countedFromMs
    reload = nextReload({ playlist: listed, changed, isStale, elapsedMs, trust })
    dueMs = clock.monotonicMs() + reload.delayMs
    await clock.sleep(reload.delayMs, signal)
  }
}

/** Tells the other tracks where an epoch began. */
function noteEpochStart(options: {
  epochStarts: EpochStarts
  trackId: string
  playlist: MediaPlaylist
  items: readonly PlanItem[]
  /** See `arrivalStartMs`. */
  arrivalMs: number
}): void {
  const { epochStarts, trackId, playlist, items, arrivalMs } = options
  for (const item of items) {
    if (item.kind !== 'break' || item.row.reason !== 'epoch') continue
    const { mediaSequence, startMs, clock } = item.row
    const first = playlist.segments.find((segment) => segment.mediaSequence === mediaSequence)
    const isWhole = first !== undefined && isWholeListing(playlist, first)
    const ahead = clock === 'source' ? { aheadMs: startMs - arrivalMs } : {}
    epochStarts.note(trackId, { mediaSequence, startMs, isWhole, ...ahead })
  }
}
