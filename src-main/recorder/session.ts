import type { TrackTrouble } from '../../src-preload/contract/activity'
import { VsrError } from '../../src-preload/contract/errors'
import type { HttpClient } from '../fetch/http'
import { createKeyCache, tellingKeys } from '../fetch/key-cache'
import type { ResolveSource, Source } from '../fetch/source'
import type { PlaylistParser } from '../hls/parser'
import type { Playlist } from '../hls/playlist'
import type { Clock } from '../ports/clock'
import type { LivePartsReader, LivePartsWriter, LiveTrack } from '../ports/live-parts'
import type { Logger } from '../ports/logger'
import { liveTailSec } from '../store/live-tail'
import type { Library, RecordingStore, TrackStore } from '../store/model'
import type { SourceStream, StreamChoice } from './source/choose-streams'
import { pictureOf } from './absence'
import { createActivityWriter } from './activity-writer'
import { noteStoredBreaks } from './break-starts'
import { createEpochStarts } from './epoch-starts'
import { isFatal } from './gap-cause'
import { openSource } from './source/open-source'
import type { PollBatch } from './track-follower'
import { noteLostEnds } from './lost-ends'
import type { SessionPhase } from './recording-state'
import { recordTracks } from './record-tracks'
import { createSessionReport } from './session-report'
import { createSideReport } from './side-report'
import { placeActivity } from './place-activity'
import { createQualityControl } from './source/quality-control'
import { recordSideTracks } from './side-tracks'
import { createSourceAccess } from './source/source-access'
import { openSpanRecorder, type SpanRecorder } from './spans/span-recorder'
import type { SuspensionWatch } from './suspension'
import type { PathwaySwitch } from './source/track-candidates'
import { createThroughput } from './source/throughput'
import { wishActivities } from './wish-activities'
import { type PipelineEvents, runTrackPipeline } from './track-pipeline'
import { whenAborted } from './when-aborted'

/** What the sessions of one recorder share. */
export interface SessionShared {
  readonly library: Pick<Library, 'diskBusyMs'>
  readonly http: HttpClient
  readonly parser: PlaylistParser
  readonly clock: Clock
  readonly random: () => number
  readonly parallelDownloads: () => number
  readonly liveParts: LivePartsWriter & Pick<LivePartsReader, 'get'>
  readonly suspension: Pick<SuspensionWatch, 'wakes' | 'asleepMs' | 'onWake'>
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
  /** Tracks beside the main one that cannot be had at the moment; undefined where all can. */
  readonly trackTroubles: readonly TrackTrouble[] | undefined
  /** Seconds of live time not stored yet beyond what is normal; 0 where all is well. */
  readonly outstandingSec: number
  /** Of the main track: seconds that can be watched already behind the end of what is stored. */
  readonly aheadSec: number
  /** Records until the source ends, `stop()` is called or nothing can be done. Rejects for bugs, and for a library that takes no track: worth another session. */
  run(): Promise<SessionEnd>
  /** Lets segments that are under way finish, for 5 s at most; `run()` resolves then. Idempotent. */
  stop(): Promise<void>
}

/** Segments that are under way get so long to finish when a recording is stopped. */
const STOP_GRACE_MS = 5000
const MOST_KEYS = 32

/**
 * @param options.source as resolved just now; without it the session resolves.
 * @param options.onPhase state or reason changed, or the trouble of a track.
 * @param options.isFinal whether what ends now ends for good; else it goes on when VSR starts again.
 */
export function createSession(options: {
  recording: RecordingStore
  choice: StreamChoice
  resolve: ResolveSource
  source: Source | undefined
  shared: SessionShared
  logger: Logger
  onPhase: (phase: SessionPhase) => void
  isFinal: () => boolean
}): Session {
  const { recording, shared, logger, onPhase } = options
  const { http, clock, random } = shared
  const stopping = new AbortController()
  const aborting = new AbortController()
  const done = new AbortController()
  const stopSignal = AbortSignal.any([stopping.signal, aborting.signal])
  const hasFootage = () => recording.figures.segments > 0
  const knownTracks = async () => (await recording.tracks()).map(({ info }) => info)
  const throughput = createThroughput({ clock })
  const begun = { hasFootage: hasFootage() }
  const opening = { knownTracks, ...begun, throughput, signal: stopSignal }
  const activity = createActivityWriter({ recording, clock, logger })
  const onSwitch = (change: PathwaySwitch) => activity.note(placeActivity(change))
  const onOffer = (playlist: Playlist) => {
    // Told once: a session that goes on has told it before.
    if (hasFootage()) return
    for (const wish of wishActivities(playlist, options.choice)) activity.note(wish)
  }
  const told = { onOffer, onSwitch }
  const access = createSourceAccess({ ...options, ...shared, ...opening, ...told })
  const report = createSessionReport({
    clock,
    logger,
    onPhase,
    onRefused: access.suspect,
    isStopping: () => stopping.signal.aborted,
    storedMs: () => main?.index.figures.endMs,
    diskBusyMs: () => shared.library.diskBusyMs(),
  })
  const sideReport = createSideReport({ clock, activity, onChange: () => onPhase(report.phase) })
  const keys = createKeyCache({ http, clock, random, maxKeys: MOST_KEYS })
  const epochStarts = createEpochStarts()
  let main: TrackStore | undefined
  let wasOffline = false
  let live = recording.meta.live
  let spans: SpanRecorder | undefined

  const trackOf = async ({ info }: SourceStream): Promise<TrackStore> => {
    const known = (await recording.tracks()).find((track) => track.info.id === info.id)
    return known ?? (await recording.addTrack(info))
  }
  const setLive = async (next: boolean) => {
    if (next === live) return
    live = next
    onPhase(report.phase)
    try {
      await recording.update({ live: next })
    } catch (error) {
      // Shown wrongly after a restart at worst; the next session finds out anew.
      logger.warn({ err: error }, 'could not note whether the source is live')
    }
  }
  const signals = { stopSignal, abortSignal: aborting.signal }
  const wishes = {
    keepWaiting: () => recording.meta.keepWaiting,
    startAtOldest: () => wasOffline,
  }
  const own = { access, keys, throughput, epochStarts, hasFootage, wishes, logger }
  const pipelines = { ...shared, ...signals, ...own }
  /** The main track's playlist was listed, or cannot be: the others lie beside it, so it goes first. */
  const mainSeen = new AbortController()
  const noteSeen = (): void => {
    if (!mainSeen.signal.aborted) mainSeen.abort()
  }

  const putLive = (trackId: string, live: LiveTrack | undefined) =>
    shared.liveParts.put(recording.id, trackId, live)

  const recordMain = async (track: TrackStore): Promise<void> => {
    const trackId = track.info.id
    const told = report.track(trackId)
    main = track
    noteStoredBreaks(epochStarts.breaks, track)
    const quality = createQualityControl({ access, throughput, track, clock, logger, activity })
    const events: PipelineEvents = {
      onPlaylistTrouble: (error, nextTryMs) => {
        noteSeen()
        told.playlistTrouble(error, nextTryMs)
      },
      onPlaylistSlow: told.playlistTrouble,
      onReload: told.reloadDue,
      onTrouble: told.segmentTrouble,
      onListing(batch: PollBatch) {
        noteSeen()
        spans?.note(trackId, batch)
        quality.listed(batch)
        void setLive(batch.live)
        told.listed(batch)
      },
      onEnded: told.ended,
      onStored() {
        quality.stored()
        told.stored()
      },
      onLive: (live) => putLive(trackId, live),
    }
    try {
      await runTrackPipeline({
        ...pipelines,
        keys: tellingKeys(keys, report.keyTrouble),
        track,
        events,
      })
    } finally {
      noteSeen()
    }
    told.forget()
  }
  const openTracks = async (): Promise<readonly TrackStore[]> => {
    const streams = await openSource({
      access,
      clock,
      random,
      ...begun,
      awaitsFirstStart: options.source === undefined && recording.figures.startMs === undefined,
      signal: stopSignal,
      onTrouble: report.sourceTrouble,
      onOffline: () => {
        wasOffline = true
      },
    })
    const tracks: TrackStore[] = []
    // One after the other: the first track is the one whose figures are shown.
    for (const stream of streams) tracks.push(await trackOf(stream))
    return tracks
  }
  const recordAside = async (tracks: readonly TrackStore[], mediaEnd: AbortSignal) => {
    await whenAborted(mainSeen.signal)
    const beside = pictureOf(() => main?.index)
    const told = { report: sideReport, onLive: putLive }
    await recordSideTracks({ ...pipelines, ...told, tracks, mediaEnd, beside })
  }
  const recordAll = async () => {
    report.started()
    const tracks = await openTracks()
    const [first] = tracks
    spans = first && (await openSpanRecorder({ recording, track: first, logger }))
    report.opened()
    const watchEnd = new AbortController()
    const watching = [report.watch(watchEnd.signal), access.steer(watchEnd.signal)]
    try {
      await recordTracks({ tracks, aborting, recordMain, recordAside })
    } finally {
      watchEnd.abort()
      await Promise.all(watching)
      await spans?.close()
    }
  }
  const finish = async (kind: 'stopped' | 'source-ended') => {
    if (options.isFinal()) {
      sideReport.settle()
      const { causeOf } = sideReport
      await noteLostEnds({ recording, causeOf, nowMs: clock.nowMs(), logger })
    }
    return end({ kind })
  }
  const end = (result: SessionEnd): SessionEnd => {
    report.over(result.kind === 'failed' ? result.error.toApiError() : undefined)
    return result
  }

  return {
    get phase() {
      return report.phase
    },
    get live() {
      return live
    },
    get trackTroubles() {
      return sideReport.troubles()
    },
    get aheadSec() {
      if (main === undefined) return 0
      return liveTailSec(main.index, shared.liveParts.get(recording.id, main.info.id))
    },
    get outstandingSec() {
      if (!live) return 0
      return report.outstandingSec()
    },
    async run() {
      // F29: the reload comes by itself; addresses and tokens may be too old by now.
      const stopListening = shared.suspension.onWake((awayMs) => {
        logger.warn({ awayMs }, 'woke up')
        void access.refresh()
      })
      try {
        await recordAll()
        return await finish(stopping.signal.aborted ? 'stopped' : 'source-ended')
      } catch (error) {
        if (stopping.signal.aborted) return await finish('stopped')
        // With footage, it is worth another session.
        if (isFatal(error, { hasFootage: hasFootage() })) return end({ kind: 'failed', error })
        throw error
      } finally {
        stopListening()
        done.abort()
        await activity.idle()
      }
    },
    async stop() {
      if (stopping.signal.aborted) return
      report.stopRequested()
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
