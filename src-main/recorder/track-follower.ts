import type { GapCause } from '../../src-preload/contract/model'
import type { PlaylistCursor } from '../hls/follow/playlist-cursor'
import { followListing, type ListingPlace } from '../hls/follow/follow-listing'
import type { MediaPlaylist } from '../hls/playlist'
import type { Clock } from '../ports/clock'
import type { PictureBeside } from './absence'
import { type EpochStarts, isWholeListing } from './epoch-starts'
import { gapCauseOf } from './gap-cause'
import { arrivalStartMs, type PlanItem, planBatch, type TimelineCursor } from './plan'
import type { SuspensionWatch } from './suspension'
import type { StreamInUse } from './source/track-candidates'

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
  /** An older copy, perhaps in another numbering: nothing is to be looked up in it. */
  readonly isStale: boolean
  /** End of what was listed so far, on the recording's timeline, unix ms; undefined while nothing was. */
  readonly edgeMs: number | undefined
}

/** A media playlist as it was loaded. */
interface Listing {
  readonly playlist: MediaPlaylist
  readonly stream: StreamInUse
  readonly requestedAtMs: number
  /** The source had ended before: what is new is a new start, and nothing was missed meanwhile. */
  readonly afterEnd: boolean
  /** A first listing is taken from its oldest segment on. */
  readonly fromOldest: boolean
}

/** Follows a track through the listings of its source: what is new, what was missed and why, where it lies on the timeline. */
export interface TrackFollower {
  /** The playlist could not be loaded, or was not for this reason: what is missing after that is missing because of it. */
  noteFailure(error: unknown): void
  take(listing: Listing): {
    readonly batch: PollBatch
    /** It lists something not seen before. */
    readonly changed: boolean
  }
}

/** @param options.beside see {@link planBatch}. */
export function createTrackFollower(options: {
  trackId: string
  position: TrackPosition
  clock: Clock
  epochStarts: EpochStarts
  beside?: PictureBeside
  suspension: Pick<SuspensionWatch, 'wakes' | 'asleepMs'>
}): TrackFollower {
  const { trackId, position, clock, epochStarts, suspension } = options
  let { cursor, timeline, newEpoch } = position
  let awaySec = position.awaySec ?? 0
  let missedCause: GapCause = position.awaySec === undefined ? 'sequence-gap' : 'restart'
  let loadedAtMs = clock.monotonicMs()
  let wakesSeen = suspension.wakes()
  let asleepSeenMs = suspension.asleepMs()
  // F27: within an epoch, time runs as the monotonic clock does, whatever is done to the wall clock.
  let wallOffsetMs = clock.nowMs() - clock.monotonicMs()
  let place: ListingPlace | undefined

  /** From now on, what is missing was jumped over by the source. */
  const forgetCauses = () => {
    missedCause = 'sequence-gap'
    wakesSeen = suspension.wakes()
  }

  return {
    noteFailure(error) {
      missedCause = gapCauseOf(error)
    },
    take({ playlist: listed, stream, requestedAtMs, afterEnd, fromOldest }) {
      // A wake may not have been noticed yet, and both decide what the listing means: how long it was away, and that it was.
      const hasWoken = suspension.wakes() !== wakesSeen && !afterEnd
      if (afterEnd) forgetCauses()
      const awakeMs = clock.monotonicMs() - loadedAtMs
      const asleepMs = suspension.asleepMs() - asleepSeenMs
      const followed = followListing({
        place,
        origin: `${stream.pathwayId} ${stream.variantId}`,
        cursor,
        playlist: listed,
        newEpoch,
        elapsedSec: awaySec + (awakeMs + asleepMs) / 1000,
        afterEnd,
        fromOldest,
      })
      const { diff, playlist } = followed
      if (diff.kind === 'new-epoch') {
        newEpoch += 1
        wallOffsetMs = clock.nowMs() - clock.monotonicMs()
      }
      const nowMs = clock.monotonicMs() + wallOffsetMs
      const planned = planBatch({
        diff,
        playlist,
        stream,
        timeline,
        previous: cursor,
        others: epochStarts.others(trackId),
        breakStartMs: (sequence) => epochStarts.breaks.startMs(trackId, sequence),
        beside: options.beside,
        // What fails right after a wake fails because of it: networks take a while to come back.
        missedCause: hasWoken ? 'suspended' : missedCause,
        nowMs,
      })
      const changed = diff.newSegments.length > 0
      ;({ place } = followed)
      ;({ cursor } = diff)
      ;({ timeline } = planned)
      const arrivalMs = arrivalStartMs(diff, playlist, nowMs)
      notePlaces({ epochStarts, trackId, playlist, items: planned.items, arrivalMs })
      if (changed) {
        forgetCauses()
        loadedAtMs = clock.monotonicMs()
        asleepSeenMs = suspension.asleepMs()
        awaySec = 0
      }
      const batch = {
        items: planned.items,
        epoch: cursor.epoch,
        playlist,
        stream,
        requestedAtMs,
        live: !playlist.endList && playlist.playlistType !== 'VOD',
        isStale: diff.kind === 'stale',
        edgeMs: timeline.nextStartMs,
      }
      return { batch, changed }
    },
  }
}

/** Tells the other tracks where an epoch began, and how far it has come. */
function notePlaces(options: {
  epochStarts: EpochStarts
  trackId: string
  playlist: MediaPlaylist
  items: readonly PlanItem[]
  /** See `arrivalStartMs`. */
  arrivalMs: number
}): void {
  const { epochStarts, trackId, playlist, items, arrivalMs } = options
  const segmentOf = (mediaSequence: number) =>
    playlist.segments.find((segment) => segment.mediaSequence === mediaSequence)
  for (const [at, item] of items.entries()) {
    if (item.kind !== 'break') continue
    const { mediaSequence, clock } = item.row
    const first = segmentOf(mediaSequence)
    if (item.row.reason === 'source' && first !== undefined) {
      epochStarts.breaks.note(trackId, first.discontinuitySequence, item.row.startMs)
    }
    if (item.row.reason !== 'epoch') continue
    const startMs = items.slice(at + 1).flatMap(startOfMedia)[0] ?? item.row.startMs
    const isWhole = first !== undefined && isWholeListing(playlist, first)
    const ahead = clock === 'source' ? { aheadMs: startMs - arrivalMs } : {}
    epochStarts.note(trackId, { mediaSequence, startMs, isWhole, ...ahead })
  }
  const newest = items.findLast((item) => item.kind === 'segment')
  if (newest?.kind !== 'segment') return
  const { startMs, segment } = newest.planned
  epochStarts.progressed(trackId, { mediaSequence: segment.mediaSequence, startMs })
}

/** Where a listed segment lies, missing or not; none for breaks, and for gaps that stand for no segment of the listing. */
function startOfMedia(item: PlanItem): number[] {
  if (item.kind === 'segment') return [item.planned.startMs]
  return item.kind === 'gap' && item.row.count > 0 ? [item.row.startMs] : []
}
