import { markOf } from '../../hls/follow/playlist-identity'
import { numberingOffset } from '../../hls/follow/numbering-offset'
import type { MediaPlaylist, MediaSegment } from '../../hls/playlist'
import { renumberPlaylist } from '../../hls/follow/renumber-playlist'
import type { Clock } from '../../ports/clock'
import { withFailover } from './failover'
import type { PlannedSegment } from '../plan'
import type { SourceAccess } from './source-access'
import type { StreamInUse } from './track-candidates'

/** The listing in which a segment stands now: its URL may have a newer token than the one it was planned with. */
export interface CurrentListing {
  readonly epoch: number
  /** In the numbering of the epoch. */
  readonly playlist: MediaPlaylist
  /** Where it came from. */
  readonly stream: StreamInUse
  /** Monotonic clock when it was asked for. */
  readonly requestedAtMs: number
}

/** A planned segment as one place has it. */
export interface SegmentCopy {
  readonly segment: MediaSegment
  readonly stream: StreamInUse
}

/** Finds where a planned segment is to be had. */
export interface SegmentCopies {
  /** At the place in use where that lists it, else where it was listed last. @throws VsrError where the listing of that place cannot be had. */
  find(planned: PlannedSegment): Promise<SegmentCopy>
}

/** A listing of a place that the poller has not come to yet. */
interface OtherListing {
  readonly stream: StreamInUse
  readonly atMs: number
  readonly playlist: MediaPlaylist
}

/** True for the same encoding from the same place. */
export const isSamePlace = (a: StreamInUse, b: StreamInUse) =>
  a.pathwayId === b.pathwayId && a.variantId === b.variantId

function segmentOf(playlist: MediaPlaylist, planned: PlannedSegment): MediaSegment | undefined {
  const first = playlist.segments[0]?.mediaSequence ?? 0
  return playlist.segments[planned.segment.mediaSequence - first]
}

/** Another listing of the same media in the numbering of ours; undefined where nothing tells how they belong together. */
export function inNumberingOf(ours: MediaPlaylist, other: MediaPlaylist, elapsedSec: number) {
  const nextMediaSequence = (ours.segments.at(-1)?.mediaSequence ?? -1) + 1
  const marks = ours.segments.map(markOf)
  const offset = numberingOffset({ marks, nextMediaSequence, playlist: other, elapsedSec })
  return offset === undefined ? undefined : renumberPlaylist(other, offset)
}

/**
 * @param options.listing the poller's last load.
 * @param options.load loads a media playlist, once.
 */
export function createSegmentCopies(options: {
  trackId: string
  access: SourceAccess
  clock: Clock
  listing: () => CurrentListing | undefined
  load: (stream: StreamInUse) => Promise<MediaPlaylist>
}): SegmentCopies {
  const { trackId, access, clock, listing, load } = options
  let loading: Promise<OtherListing> | undefined
  let other: OtherListing | undefined

  const loadOther = async (ours: CurrentListing): Promise<OtherListing> => {
    const loaded = await withFailover({ access, trackId }, async (stream) => {
      return { stream, playlist: await load(stream) }
    })
    const elapsedSec = (clock.monotonicMs() - ours.requestedAtMs) / 1000
    const playlist = inNumberingOf(ours.playlist, loaded.playlist, elapsedSec)
    const nothing = { ...loaded.playlist, segments: [] }
    other = { ...loaded, atMs: clock.monotonicMs(), playlist: playlist ?? nothing }
    return other
  }
  /** All segments that look for another place at the same time share one load. */
  const listingAt = async (stream: StreamInUse, ours: CurrentListing): Promise<OtherListing> => {
    const freshMs = ours.playlist.targetDurationSec * 1000
    const isFresh =
      other !== undefined &&
      isSamePlace(other.stream, stream) &&
      clock.monotonicMs() - other.atMs < freshMs
    if (isFresh && other !== undefined) return other
    loading ??= loadOther(ours).finally(() => {
      loading = undefined
    })
    return await loading
  }

  return {
    async find(planned) {
      const ours = listing()
      const stream = access.inUse(trackId)
      const asPlanned: SegmentCopy = { segment: planned.segment, stream: planned.stream }
      if (ours?.epoch !== planned.epoch || stream === undefined) return asPlanned
      if (isSamePlace(ours.stream, stream)) {
        const segment = segmentOf(ours.playlist, planned)
        return segment === undefined ? asPlanned : { segment, stream: ours.stream }
      }
      const elsewhere = await listingAt(stream, ours)
      const segment = segmentOf(elsewhere.playlist, planned)
      return segment === undefined ? asPlanned : { segment, stream: elsewhere.stream }
    },
  }
}
