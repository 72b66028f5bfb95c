import { type ApiError, VsrError } from '../../src-preload/contract/errors'
import { mayBeLiveLater } from '../../src-preload/contract/wait-for-live'
import { HttpError, type HttpClient } from '../fetch/http'
import { createKeyCache } from '../fetch/key-cache'
import type { ResolveSource, Source } from '../fetch/source'
import { withRetries } from '../fetch/with-retries'
import type { PlaylistParser } from '../hls/parser'
import type { Clock } from '../ports/clock'
import type { LivePartsReader, LivePartsWriter } from '../ports/live-parts'
import type { Logger } from '../ports/logger'
import { liveTailSec } from '../store/live-tail'
import type { RecordingStore, TrackStore } from '../store/model'
import type { SourceStream, StreamChoice } from './choose-streams'
import { createEpochStarts } from './epoch-starts'
import { isFatal, isRefusal, isStorageError } from './gap-cause'
import { notLiveAnyMore, notLiveYet } from './not-live'
import { createEdgeTracker } from './outstanding'
import type { PollBatch } from './poller'
import { reduceSession, type SessionEvent, type SessionPhase } from './recording-state'
import { createQualityControl } from './quality-control'
import { recordSideTracks } from './side-tracks'
import { createSourceAccess } from './source-access'
import { openSpanRecorder, type SpanRecorder } from './span-recorder'
import type { SuspensionWatch } from './suspension'
import { createThroughput } from './throughput'
import { type PipelineEvents, runTrackPipeline } from './track-pipeline'
import { type OnTrouble, tellTrouble } from './trouble'
import { createWatchdog } from './watchdog'
import { whenAborted } from './when-aborted'

/** What the sessions of one recorder share. */
export interface SessionShared {
  readonly http: HttpClient
  readonly parser: PlaylistParser
  readonly clock: Clock
  readonly random: () => number
  readonly parallelDownloads: () => number
  readonly liveParts: LivePartsWriter & Pick<LivePartsReader, 'get'>
  readonly suspension: Pick<SuspensionWatch, 'wakes' | 'onWake'>
}

/** How a session came to its end. */
export type SessionEnd =
  | { readonly kind: 'source-ended' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: VsrError }

/** One run of a recording: disposable; what lasts is in the store. */
export interface Session {
  readonly phase: SessionPhase
  readonly live: boolean
  /** Seconds of live time not stored yet beyond what is normal; 0 where all is well. */
  readonly outstandingSec: number
  /** Of the main track: seconds that can be watched already behind the end of what is stored. */
  readonly aheadSec: number
  /** Records until the source ends, `stop()` is called or nothing can be done. Rejects for bugs, and for a library that takes no track: worth another session. */
  run(): Promise<SessionEnd>
  /** Lets segments that are under way finish, for 5 s at most; `run()` resolves then. Idempotent. */
  stop(): Promise<void>
}

interface Trouble {
  readonly cause: ApiError
  readonly nextTryMs?: number
}

/** Segments that are under way get so long to finish when a recording is stopped. */
const STOP_GRACE_MS = 5000
/** Between two looks at a source that cannot be opened for a reason that retries do not cure. */
const OPEN_PAUSE_MS = 15_000
const MOST_KEYS = 32

const silence = (silentMs: number): ApiError => ({
  code: 'source_timeout',
  message: `The source has sent nothing new for ${Math.round(silentMs / 1000)} seconds.`,
  hint: 'VSR keeps asking and goes on by itself as soon as the source does.',
})

/**
 * @param options.source as resolved just now; without it the session resolves.
 * @param options.onPhase state or reason changed.
 */
export function createSession(options: {
  recording: RecordingStore
  choice: StreamChoice
  resolve: ResolveSource
  source: Source | undefined
  shared: SessionShared
  logger: Logger
  onPhase: (phase: SessionPhase) => void
}): Session {
  const { recording, shared, logger, onPhase } = options
  const { http, clock, random } = shared
  const stopping = new AbortController()
  const aborting = new AbortController()
  const done = new AbortController()
  const stopSignal = AbortSignal.any([stopping.signal, aborting.signal])
  const hasFootage = recording.figures.segments > 0
  const knownTracks = async () => (await recording.tracks()).map(({ info }) => info)
  const throughput = createThroughput({ clock })
  const opening = { knownTracks, hasFootage, throughput, signal: stopSignal }
  const access = createSourceAccess({ ...options, ...shared, ...opening })
  const epochStarts = createEpochStarts()
  /** Nothing was ever there: the source is looked for as long as it takes. */
  const awaitsFirstStart = options.source === undefined && recording.figures.startMs === undefined
  let wasOffline = false
  /** Tracks whose source has ended and is waited for. */
  const ended = new Set<string>()
  let phase: SessionPhase = { state: 'idle' }
  let live = recording.meta.live
  let spans: SpanRecorder | undefined
  /** What fails at the moment, by whose it is; a playlist's trouble ends with the next listing, that of segments with the next one stored. */
  const troubles = new Map<string, Trouble>()
  const firstTrouble = () => troubles.values().next().value
  const edges = createEdgeTracker({ clock })
  const stores = new Map<string, TrackStore>()

  const dispatch = (event: SessionEvent) => {
    const next = reduceSession(phase, event)
    if (next === phase) return
    if (next.state !== phase.state) {
      logger.info({ from: phase.state, to: next.state, code: next.reason?.cause?.code }, 'state')
    }
    phase = next
    onPhase(next)
  }
  const noteTrouble = (about: string, error: unknown, nextTryMs?: number) => {
    if (!(error instanceof VsrError) || stopping.signal.aborted) return
    logger.warn({ err: error, code: error.code, nextTryMs }, 'trying again')
    const cause = error.toApiError()
    const trouble = nextTryMs === undefined ? { cause } : { cause, nextTryMs }
    troubles.set(about, trouble)
    // F18: a refused segment is a sign that the source's URLs have expired.
    if (error instanceof HttpError && [401, 403, 410].includes(error.status)) access.expire()
    const isCertain = isStorageError(error) || isRefusal(error)
    const type = isCertain && phase.state === 'recording' ? 'stalled' : 'trouble'
    dispatch({ type, atMs: clock.nowMs(), ...trouble })
  }
  const onSourceTrouble: OnTrouble = (error, nextTryMs) => noteTrouble('source', error, nextTryMs)
  const onKeyTrouble: OnTrouble = (error, nextTryMs) => noteTrouble('keys', error, nextTryMs)
  const keyOptions = { http, clock, random, maxKeys: MOST_KEYS }
  const keys = createKeyCache({ ...keyOptions, onTrouble: onKeyTrouble })
  const watchdog = createWatchdog({
    clock,
    onSilence: (kind, silentMs) => {
      if (stopping.signal.aborted) return
      const trouble = firstTrouble() ?? { cause: silence(silentMs) }
      const type = kind === 'late' ? 'trouble' : 'stalled'
      dispatch({ type, atMs: clock.nowMs(), ...trouble })
    },
  })

  /** Opens the source, for as long as it takes. */
  const openSource = async (): Promise<readonly SourceStream[]> => {
    const kind = awaitsFirstStart ? 'offline-source' : 'playlist'
    const onOpenTrouble: OnTrouble = (error, nextTryMs) => {
      const mayCome = awaitsFirstStart && error instanceof VsrError && mayBeLiveLater(error.code)
      // What the page names today may be another address tomorrow.
      if (mayCome) access.expire()
      wasOffline ||= mayCome
      onSourceTrouble(mayCome ? notLiveYet(error) : error, nextTryMs)
    }
    for (;;) {
      const onFailure = tellTrouble({ clock, onTrouble: onOpenTrouble })
      try {
        const policy = { kind, clock, random, signal: stopSignal, onFailure } as const
        const streams = await withRetries(policy, () => access.open())
        troubles.delete('source')
        return streams
      } catch (error) {
        if (stopSignal.aborted || isFatal(error, { hasFootage })) throw error
        if (!(error instanceof VsrError)) throw error
        access.expire()
        onOpenTrouble(error, clock.nowMs() + OPEN_PAUSE_MS)
        await clock.sleep(OPEN_PAUSE_MS, stopSignal)
      }
    }
  }
  const trackOf = async ({ info }: SourceStream): Promise<TrackStore> => {
    const known = (await recording.tracks()).find((track) => track.info.id === info.id)
    return known ?? (await recording.addTrack(info))
  }
  const setLive = async (next: boolean) => {
    if (next === live) return
    live = next
    onPhase(phase)
    try {
      await recording.update({ live: next })
    } catch (error) {
      // Shown wrongly after a restart at worst; the next session finds out anew.
      logger.warn({ err: error }, 'could not note whether the source is live')
    }
  }
  /** Every track goes on; what still fails in one of them stays to be seen. */
  const noteProgress = () => {
    const atMs = clock.nowMs()
    const rest = firstTrouble()
    if (rest === undefined || phase.state === 'stalled') dispatch({ type: 'progressed', atMs })
    if (rest !== undefined) dispatch({ type: 'trouble', atMs, ...rest })
  }
  /** Waits once all tracks have ended; the first of them that lists something again ends the wait. */
  const noteEnd = (trackId: string, trackCount: number, nextTryMs: number) => {
    ended.add(trackId)
    watchdog.forget(trackId)
    edges.forget(trackId)
    if (ended.size < trackCount) return
    const cause = notLiveAnyMore().toApiError()
    dispatch({ type: 'waiting', atMs: clock.nowMs(), cause, nextTryMs })
  }
  const noteStart = (trackId: string) => {
    if (!ended.delete(trackId)) return
    watchdog.touch(trackId)
    dispatch({ type: 'opened', atMs: clock.nowMs() })
  }
  const signals = { stopSignal, abortSignal: aborting.signal }
  const wishes = {
    keepWaiting: () => recording.meta.keepWaiting,
    startAtOldest: () => wasOffline,
  }
  const { wakes } = shared.suspension
  const own = { access, keys, throughput, epochStarts, hasFootage, wishes, wakes, logger }
  const pipelines = { ...shared, ...signals, ...own }
  /** The main track's playlist was listed, or cannot be: the others lie beside it, so it goes first. */
  const mainSeen = new AbortController()
  const record = async (track: TrackStore, trackCount: number): Promise<void> => {
    const trackId = track.info.id
    watchdog.touch(trackId)
    const isMain = stores.size === 0
    stores.set(trackId, track)
    const quality = isMain
      ? createQualityControl({ access, throughput, track, clock, logger })
      : undefined
    const events: PipelineEvents = {
      onPlaylistTrouble: (error, nextTryMs) => {
        if (isMain) mainSeen.abort()
        const isAwaited = ended.has(trackId) && error instanceof VsrError
        const shown = isAwaited ? notLiveAnyMore(error) : error
        noteTrouble(`${trackId} playlist`, shown, nextTryMs)
      },
      onTrouble(error, nextTryMs) {
        if (isRefusal(error)) watchdog.stall(trackId)
        noteTrouble(`${trackId} segments`, error, nextTryMs)
      },
      onListing(batch: PollBatch) {
        const { playlist, live: isLive, edgeMs } = batch
        const { targetDurationSec } = playlist
        if (isMain) mainSeen.abort()
        spans?.note(trackId, batch)
        quality?.listed(batch)
        troubles.delete(`${trackId} playlist`)
        if (edgeMs !== undefined) edges.listed(trackId, { edgeMs, targetDurationSec })
        watchdog.setTargetDurationSec(targetDurationSec)
        void setLive(isLive)
        if (!playlist.endList) noteStart(trackId)
      },
      onEnded: (nextTryMs) => noteEnd(trackId, trackCount, nextTryMs),
      onStored() {
        quality?.stored()
        troubles.delete(`${trackId} segments`)
        troubles.delete('keys')
        if (ended.has(trackId)) return
        if (watchdog.touch(trackId)) noteProgress()
      },
      onLive: (parts) => shared.liveParts.put(recording.id, trackId, parts),
    }
    if (!isMain) await whenAborted(mainSeen.signal)
    try {
      await runTrackPipeline({ ...pipelines, track, events })
    } finally {
      if (isMain) mainSeen.abort()
    }
    watchdog.forget(trackId)
    edges.forget(trackId)
  }
  const recordAll = async () => {
    dispatch({ type: 'started', atMs: clock.nowMs() })
    const streams = await openSource()
    const ready: TrackStore[] = []
    // One after the other: the first track is the one whose figures are shown.
    for (const stream of streams) ready.push(await trackOf(stream))
    const [main] = ready
    spans = main && (await openSpanRecorder({ recording, track: main, logger }))
    dispatch({ type: 'opened', atMs: clock.nowMs() })
    const watchEnd = new AbortController()
    const watching = [watchdog.run(watchEnd.signal), access.steer(watchEnd.signal)]
    /** The other tracks end with one that fails, and keep what they have. */
    const together = async (recorded: Promise<void>) => {
      try {
        await recorded
      } catch (error) {
        aborting.abort(error)
        throw error
      }
    }
    const isAside = ({ info }: TrackStore) => info.kind === 'subtitles'
    const mediaEnd = new AbortController()
    const mediaTracks = ready.filter((track) => !isAside(track))
    const media = mediaTracks.map((track) => record(track, mediaTracks.length))
    const sideTracks = ready.filter(isAside)
    const aside = whenAborted(mainSeen.signal).then(() =>
      recordSideTracks({ ...pipelines, tracks: sideTracks, mediaEnd: mediaEnd.signal }),
    )
    const all = [...media, aside].map(together)
    try {
      await Promise.allSettled(media)
      mediaEnd.abort()
      const results = await Promise.allSettled(all)
      const failure = results.find((result) => result.status === 'rejected')
      if (failure !== undefined) throw failure.reason
    } finally {
      watchEnd.abort()
      await Promise.all(watching)
      await spans?.close()
    }
  }
  const end = (result: SessionEnd): SessionEnd => {
    const atMs = clock.nowMs()
    if (result.kind === 'failed') {
      dispatch({ type: 'failed', atMs, cause: result.error.toApiError() })
    } else {
      dispatch({ type: 'ended', atMs })
    }
    return result
  }

  return {
    get phase() {
      return phase
    },
    get live() {
      return live
    },
    get aheadSec() {
      const [main] = stores.values()
      if (main === undefined) return 0
      return liveTailSec(main.index, shared.liveParts.get(recording.id, main.info.id))
    },
    get outstandingSec() {
      if (!live) return 0
      const storedMs = (trackId: string) => stores.get(trackId)?.index.figures.endMs
      return edges.outstandingSec({ storedMs, isTroubled: phase.reason?.cause !== undefined })
    },
    async run() {
      // F29: the reload comes by itself; addresses and tokens may be too old by now.
      const stopListening = shared.suspension.onWake((awayMs) => {
        logger.warn({ awayMs }, 'woke up')
        void access.refresh()
      })
      try {
        await recordAll()
        return end({ kind: stopping.signal.aborted ? 'stopped' : 'source-ended' })
      } catch (error) {
        if (stopping.signal.aborted) return end({ kind: 'stopped' })
        // Who threw it knew whether there was footage.
        if (isFatal(error, { hasFootage: false })) return end({ kind: 'failed', error })
        throw error
      } finally {
        stopListening()
        done.abort()
      }
    },
    async stop() {
      if (stopping.signal.aborted) return
      dispatch({ type: 'stop-requested', atMs: clock.nowMs() })
      stopping.abort(new VsrError('cancelled', 'The recording was stopped.'))
      try {
        await clock.sleep(STOP_GRACE_MS, done.signal)
        aborting.abort(new VsrError('cancelled', 'The recording was stopped.'))
      } catch (reason) {
        if (!done.signal.aborted) throw reason
      }
    },
  }
}
