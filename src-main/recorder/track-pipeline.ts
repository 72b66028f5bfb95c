import type { HttpClient } from '../fetch/http'
import type { KeyCache } from '../fetch/key-cache'
import type { PlaylistParser } from '../hls/parser'
import type { Clock } from '../ports/clock'
import type { LiveTrack } from '../ports/live-parts'
import type { Logger } from '../ports/logger'
import type { SegmentRow, TrackStore } from '../store/model'
import type { PictureBeside } from './absence'
import { type CommitItem, createCommitter } from './committer'
import type { EpochStarts } from './epoch-starts'
import { createHindrance } from './hindrance'
import { mayStillCome } from './late/late-candidates'
import { createLateFetcher } from './late/late-fetcher'
import { createPartLoader } from './parts/part-loader'
import type { PlanItem } from './plan'
import { pollPlaylist, type WaitingWishes } from './poller'
import type { PollBatch } from './track-follower'
import { promiseLeftMs } from './segments/availability'
import type { RequestBase } from './segments/download-segment'
import { discardTemp } from './segments/discard-temp'
import { createRangeLoader } from './segments/range-loader'
import { createSegmentFetcher } from './segments/segment-fetcher'
import { createSegmentQueue } from './segments/segment-queue'
import type { CurrentListing } from './source/segment-copies'
import type { SourceAccess } from './source/source-access'
import type { Throughput } from './source/throughput'
import type { SuspensionWatch } from './suspension'
import { readTrackPosition } from './track-position'
import type { OnTrouble } from './trouble'

/** Segments on their way per track: a long window is back-filled in such helpings. */
const QUEUE_CAPACITY = 64
/** Segments that are listed and wait for their turn: hours of most streams. Only then the playlist is not reloaded for a while. */
const MOST_PLANNED = 10_000

/** What all tracks of a session share. */
export interface PipelineShared {
  readonly access: SourceAccess
  readonly http: HttpClient
  readonly keys: KeyCache
  readonly throughput: Throughput
  readonly parser: PlaylistParser
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
  readonly parallelDownloads: () => number
  readonly epochStarts: EpochStarts
  /** The recording has something by now. */
  readonly hasFootage: () => boolean
  readonly wishes: WaitingWishes
  readonly suspension: Pick<SuspensionWatch, 'wakes' | 'asleepMs'>
  /** No more reloads, no new downloads. */
  readonly stopSignal: AbortSignal
  /** Ends what is under way, too. */
  readonly abortSignal: AbortSignal
}

export interface PipelineEvents {
  /** The playlist could not be loaded. */
  readonly onPlaylistTrouble: OnTrouble
  /** The playlist was asked for and does not come; `nextTryMs` is when it is given up. */
  readonly onPlaylistSlow: OnTrouble
  /** The playlist is asked for again at this wall clock, or answered by then where the server holds its answer back. */
  onReload(atMs: number): void
  /** A segment could not be obtained or stored. */
  readonly onTrouble: OnTrouble
  onListing(batch: PollBatch): void
  /** The source has ended and is looked at again at this wall clock, in case it starts anew. */
  onEnded(nextTryMs: number): void
  onStored(row: SegmentRow): void
  /** What of the segment in progress is at hand has changed. */
  onLive(live: LiveTrack | undefined): void
}

/**
 * Records one track: poll, download, commit. Resolves when the source has ended and all of it is stored,
 * or when the session was told to stop. Rejects for what ends the recording (DRM) and for bugs.
 */
export async function runTrackPipeline(
  options: PipelineShared & {
    track: TrackStore
    events: PipelineEvents
    /** Of a track beside the picture: what it lacks of the time that the picture has is a gap. */
    beside?: PictureBeside
  },
): Promise<void> {
  const { track, events, access, clock, logger, stopSignal, abortSignal } = options
  const hindrance = createHindrance()
  const onTrouble: OnTrouble = (error, nextTryMs) => {
    hindrance.failed(error)
    events.onTrouble(error, nextTryMs)
  }
  const broken = new AbortController()
  /** All that was to be fetched in order has been. */
  const done = new AbortController()
  const pollSignal = AbortSignal.any([stopSignal, abortSignal, broken.signal])
  const downloadSignal = AbortSignal.any([abortSignal, broken.signal])
  let newest: CurrentListing | undefined
  let isSourceDown = false

  /** Where another place has it too, this one may be silent for less long. */
  const requestBase = (signal: AbortSignal): RequestBase => {
    const { origin, headers, allowPrivateNetwork } = access.requestBase(signal)
    const silentAtMostMs = access.haste(track.info.id, newest?.playlist.targetDurationSec)
    return { origin, headers, allowPrivateNetwork, silentAtMostMs, signal }
  }
  const parts = createPartLoader({
    ...options,
    requestBase,
    signal: pollSignal,
    onChange: events.onLive,
  })
  const ranges = createRangeLoader({ ...options, requestBase, signal: downloadSignal })
  const segments = createSegmentFetcher({
    ...options,
    requestBase,
    signal: downloadSignal,
    takeParts: parts.take,
    takeRange: ranges.take,
    listing: () => newest,
    isSourceDown: () => isSourceDown,
    onRenewed(listing) {
      newest = listing
      isSourceDown = false
      late.look()
    },
    onSourceDown(error) {
      isSourceDown = true
      onTrouble(error)
    },
    waiting: () => queue.load().waiting,
    isBehind: () => queue.load().toBegin > QUEUE_CAPACITY,
    lookAhead: () => queue.lookAhead(),
    adopt: (planned, download) => late.adopt(planned, download),
    onTrouble,
  })
  const queue = createSegmentQueue<PlanItem, CommitItem>({
    parallel: options.parallelDownloads,
    capacity: QUEUE_CAPACITY,
    most: MOST_PLANNED,
    run: async (item) => (item.kind === 'segment' ? await segments.fetch(item.planned) : item),
  })
  const committer = createCommitter({
    track,
    refetch: segments.fetch,
    clock,
    logger,
    signal: pollSignal,
    onTrouble,
    onStored(row) {
      hindrance.stored()
      events.onStored(row)
    },
  })
  const late = createLateFetcher({
    track,
    listing: () => newest,
    leftMs: (planned) => promiseLeftMs(planned, newest),
    isBusy: () => queue.load().toBegin > 0,
    fetch: segments.fetchLate,
    store: committer.commitLate,
    discard: ({ temp }) => discardTemp(temp, logger),
    clock,
    random: options.random,
    logger,
    signal: pollSignal,
  })
  const dropWaiting = () => queue.end({ finishWaiting: false })
  pollSignal.addEventListener('abort', dropWaiting, { once: true })

  const produce = async () => {
    const position = readTrackPosition({ index: track.index, nowMs: clock.nowMs() })
    const polled = { trackId: track.info.id, position, access, signal: pollSignal }
    const onPlaylistTrouble: OnTrouble = (error, nextTryMs) => {
      isSourceDown = true
      events.onPlaylistTrouble(error, nextTryMs)
    }
    try {
      for await (const batch of pollPlaylist({
        ...options,
        ...polled,
        onTrouble: onPlaylistTrouble,
        onSlow: events.onPlaylistSlow,
        onReload: events.onReload,
        onEnded: events.onEnded,
        heldUpBy: hindrance.take,
      })) {
        if (!batch.isStale) newest = batch
        isSourceDown = false
        events.onListing(batch)
        parts.onListing(batch)
        late.look()
        for (const item of batch.items) {
          if (queue.load().isFull) hindrance.waiting()
          if (!(await queue.push(item))) return
        }
      }
      queue.end({ finishWaiting: true })
    } catch (error) {
      dropWaiting()
      if (!pollSignal.aborted) throw error
    }
  }
  const consume = async () => {
    for await (const items of queue.results()) {
      await committer.commit(items)
      for (const item of items) {
        if (item.kind !== 'gap' || item.planned === undefined) continue
        if (item.refusal === undefined && mayStillCome(item.row)) late.missed(item.planned)
      }
    }
  }
  /** One half that breaks takes the other along. */
  const together = async (half: () => Promise<void>) => {
    try {
      await half()
    } catch (error) {
      broken.abort(error)
      throw error
    }
  }
  try {
    const halves = [together(produce), together(consume)]
    const missed = together(() => late.run(AbortSignal.any([done.signal, pollSignal])))
    await Promise.allSettled(halves)
    done.abort()
    const ends = await Promise.allSettled([...halves, missed])
    const failure = ends.find((end) => end.status === 'rejected')
    if (failure !== undefined) throw failure.reason
    // A source that has ended lists what is still missing for good.
    await late.finish()
  } finally {
    pollSignal.removeEventListener('abort', dropWaiting)
    parts.close()
    await ranges.close()
  }
}
