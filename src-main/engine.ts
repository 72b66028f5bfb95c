import path from 'node:path'
import type { FastifyPluginAsync } from 'fastify'
import { VsrError } from '../src-preload/contract/errors'
import type { VsrEvent } from '../src-preload/contract/events'
import type { MethodInput, MethodOutput } from '../src-preload/contract/methods'
import {
  type ExportJob,
  type RecordingSummary,
  type Storage,
  type TrashedRecording,
} from '../src-preload/contract/model'
import { openSettings } from './config/settings-store'
import { createExporter } from './export/exporter'
import { openKeptExports } from './export/kept-exports'
import { createCircuitBreaker } from './fetch/circuit-breaker'
import { createHttpClient } from './fetch/http-client'
import { createPlaylistParser } from './hls/parse/worker-parser'
import { createStorageControl } from './storage-control'
import { createTrashControl } from './trash-control'
import { createAnnouncer } from './announcer'
import { createLocalWork, type LocalWork } from './local-work'
import { createEventHub } from './observe/event-hub'
import { healthOf, type Health } from './observe/health'
import { totalsOf } from './observe/library-totals'
import { countBeside } from './playback/beside'
import { assertPlayable } from './playback/playable'
import { createPlaybackRoutes } from './playback/playback-routes'
import { detailOf, summaryOf } from './playback/recording-views'
import { chooseSound, separateSounds } from './playback/sounds'
import { timelineOf } from './playback/timeline'
import { systemClock } from './ports/clock'
import { createLiveParts } from './ports/live-parts'
import type { Logger } from './ports/logger'
import { createDemoSource } from './preprocess/demo-source'
import { createPreprocessor } from './preprocess/preprocessor'
import { createTools } from './preprocess/tools'
import { createRecorder } from './recorder/supervisor'
import { createRecordingControl, pageTooSlow } from './recording-control'
import { withDeadline } from './ports/with-deadline'
import { followMoves } from './relocate/moved-library'
import { openLibrary } from './store/library'
import { addPin, removePin } from './retention/pins'
import type { PinnedSpan, RecordingStore } from './store/model'
import { describeNewTracks } from './track-describer'
import { createUploads, type Uploads } from './upload/uploads'

/** Everything VSR can do, without Electron, without a listening socket. Every method throws VsrError on expected failures. */
export interface Engine extends LocalWork {
  readonly libraryDir: string
  /** Tells another VSR that wants the library where this one's interface is: without token. Never rejects. */
  announce(url: string): Promise<void>
  probe(url: string): Promise<MethodOutput<'sources.probe'>>
  startRecording(input: MethodInput<'recordings.start'>): Promise<RecordingSummary>
  stopRecording(id: string): Promise<RecordingSummary>
  updateRecording(input: MethodInput<'recordings.update'>): Promise<RecordingSummary>
  /** A pinned recording is never let go to make room. */
  pinRecording(id: string, pinned: boolean): Promise<RecordingSummary>
  /** Pins a stretch of a recording, unix ms. @returns all that are pinned. */
  pinSpan(input: { readonly id: string } & Omit<PinnedSpan, 'id'>): Promise<readonly PinnedSpan[]>
  unpinSpan(id: string, spanId: string): Promise<readonly PinnedSpan[]>
  listRecordings(): RecordingSummary[]
  getRecording(id: string): Promise<MethodOutput<'recordings.get'>>
  /** Stops it, and moves it to the trash; with `now` it is gone for good. */
  deleteRecording(id: string, options: { readonly now: boolean }): Promise<void>
  /** Back from the trash as it was. */
  restoreRecording(id: string): Promise<RecordingSummary>
  /** The last deleted first. */
  listTrash(): Promise<readonly TrashedRecording[]>
  /** Removes for good: those that are named, or all. @returns what went. */
  emptyTrash(ids?: readonly string[]): Promise<readonly string[]>
  timeline(id: string): Promise<MethodOutput<'recordings.timeline'>>
  /** Paths and queries of the playlists, relative to the local server's root, without token; see `playback.open`. Throws VsrError `unsupported_encryption` where VSR's player could show nothing. */
  openPlayback(id: string): Promise<{
    path: string
    picturePath: string
    live: boolean
    sounds: MethodOutput<'playback.open'>['sounds']
  }>
  /** @param input.file absolute path to write, for the command line; absent = a new name in the exports folder. Never from the network. */
  createExport(input: ExportRequest): Promise<MethodOutput<'exports.create'>>
  getExport(jobId: string): ExportJob
  /** Newest first, those of earlier processes too; files that are gone are marked. */
  listExports(): Promise<readonly ExportJob[]>
  cancelExport(jobId: string): Promise<ExportJob>
  /** What takes space on the library's disk, and what comes. */
  storage(): Promise<Storage>
  readonly uploads: Uploads
  getSettings(): MethodOutput<'settings.get'>
  setSettings(patch: MethodInput<'settings.set'>): Promise<MethodOutput<'settings.get'>>
  /** The engine's part of system.info. */
  systemInfo(): Promise<
    Pick<
      MethodOutput<'system.info'>,
      'version' | 'libraryDir' | 'exportsDir' | 'freeBytes' | 'trash' | 'tools'
    >
  >
  /** Returns the function that ends the subscription. */
  onEvent(listener: (event: VsrEvent) => void): () => void
  health(): Promise<Health>
  /** Prometheus text. */
  metrics(): Promise<string>
  /** Routes of the local HLS server, to be registered behind the request guard. */
  readonly playbackRoutes: FastifyPluginAsync
  /**
   * Goes on with the recordings and uploads that were running when the process ended; with `url` only with the recordings of that source.
   * @returns the recordings.
   */
  resume(url?: string): Promise<RecordingSummary[]>
  /** Ends every session with a playable result; what runs stays `recording` on disk, so that it goes on at the next start. Idempotent. */
  close(): Promise<void>
}

export type ExportRequest = MethodInput<'exports.create'> & { readonly file?: string }

export interface EngineOptions {
  readonly libraryDir: string
  /** `read` takes no lock and writes nothing to the library: for one-shot commands beside a running VSR. */
  readonly mode: 'write' | 'read'
  /** The built hls/parser-worker. */
  readonly parserWorkerFile: URL | string
  readonly logger: Logger
  readonly env: NodeJS.ProcessEnv
  readonly version: string
}

/** A page behind yt-dlp may take this long; everything else has shorter deadlines of its own. */
const PROBE_DEADLINE_MS = 60_000

/**
 * Wires the parts into one engine.
 * @throws VsrError `library_locked`, `library_unwritable`, `library_too_new`.
 */
export async function createEngine(given: EngineOptions): Promise<Engine> {
  const options = { ...given, libraryDir: await followMoves(given.libraryDir) }
  const { logger, mode, version } = options
  const clock = systemClock
  const random = Math.random
  const library = await openLibrary({
    root: options.libraryDir,
    mode,
    clock,
    logger,
    countBeside,
  })
  const settings = await openSettings({
    file: path.join(library.root, 'settings.json'),
    files: library.files,
    mode,
    logger,
  })
  const http = createCircuitBreaker({ http: createHttpClient(), clock })
  const parser = createPlaylistParser({ workerFile: options.parserWorkerFile })
  const tools = createTools({ env: options.env })
  const demo = createDemoSource({ tools, clock, logger })
  const preprocessor = createPreprocessor({
    http,
    parser,
    tools,
    clock,
    random,
    logger,
    demo,
  })
  const liveParts = createLiveParts()
  const recorder = createRecorder({
    liveParts,
    library,
    http,
    parser,
    clock,
    random,
    logger,
    parallelDownloads: () => settings.get().parallelDownloads,
  })
  const control = createRecordingControl({ library, preprocessor, recorder, clock })
  const exportsDir = () => settings.get().exportsDir || path.join(options.libraryDir, 'exports')
  const kept = await openKeptExports({
    file: path.join(library.root, 'exports.json'),
    files: library.files,
    mode,
    logger,
  })
  const exporter = createExporter({ library, tools, exportsDir, kept, clock, logger })
  const uploads = await createUploads({
    libraryDir: library.root,
    files: library.files,
    mode,
    settings: () => settings.get(),
    exportOf: (jobId) => exporter.get(jobId),
    env: options.env,
    clock,
    random,
    logger,
  })

  const find = (id: string): RecordingStore => {
    const recording = library.get(id)
    if (recording === undefined) {
      throw new VsrError('recording_not_found', 'There is no such recording.', {
        hint: 'It may have been deleted. The library lists what there is.',
      })
    }
    return recording
  }
  /** What a recording does that runs here; `idle` for one that was cut off and goes on at the next start. */
  const statusOf = ({ id, meta }: RecordingStore) => {
    const isCutOff = meta.state === 'recording' && !library.heldElsewhere
    return (
      recorder.status(id) ?? (isCutOff ? { state: 'idle' as const, live: meta.live } : undefined)
    )
  }
  const summarise = (recording: RecordingStore) => summaryOf(recording, statusOf(recording))
  const list = () => library.list().map(summarise)

  const events = createEventHub<VsrEvent>({ logger })
  const changePins = async (
    id: string,
    change: (before: readonly PinnedSpan[]) => readonly PinnedSpan[],
  ) => {
    const recording = find(id)
    await recording.update(({ pinnedSpans }) => ({ pinnedSpans: change(pinnedSpans) }))
    events.emit({ type: 'recording.pins', id })
    return recording.meta.pinnedSpans
  }
  const announcer = createAnnouncer({
    library,
    recorder,
    exporter,
    settings,
    events,
    summarise,
    clock,
  })
  const { announce } = announcer
  const describer = describeNewTracks({ library, tools, clock, logger })
  const endUploadEvents = uploads.onUpdate((upload) =>
    events.emit({ type: 'upload.updated', upload }),
  )

  // Loaded when it is first needed: it would be a good part of the time to start.
  let metrics: Promise<{ text(): Promise<string> }> | undefined
  const loadMetrics = async () => {
    const { createMetrics } = await import('./observe/metrics')
    return createMetrics({
      read: async () => ({ ...totalsOf(list()), ...(await storage.status()) }),
    })
  }
  const trash = createTrashControl({
    library,
    settings,
    logger,
    onChange: () => events.emit({ type: 'trash.updated' }),
  })
  const removeForGood = async (id: string) => {
    await library.delete(id)
    events.emit({ type: 'recording.removed', id })
  }
  const storage = createStorageControl({
    library,
    settings,
    trash,
    clock,
    logger,
    isRunning: ({ id, meta }) => recorder.status(id) !== undefined || meta.state === 'recording',
    remove: removeForGood,
    onChange: () => events.emit({ type: 'storage.updated' }),
  })
  if (mode === 'write') storage.begin()
  const playbackRoutes = createPlaybackRoutes({
    library,
    liveParts,
    clock,
    currentRecordingId: () => {
      const all = library.list()
      return (
        all.find((recording) => recorder.status(recording.id)?.state === 'recording') ?? all[0]
      )?.id
    },
  })

  let closing: Promise<void> | undefined
  const closeAll = async () => {
    announcer.close()
    endUploadEvents()
    await control.close()
    await storage.close()
    await uploads.close()
    await exporter.close()
    await preprocessor.close()
    await demo.close()
    await parser.close()
    http.close()
    await describer.close()
    await library.close()
  }

  const local = createLocalWork({
    ...options,
    library,
    parser,
    tools,
    exporter,
    clock,
    random,
    summarise,
    announce,
    // Nothing may go while it is copied.
    beforeMove: () => storage.close(),
  })

  return {
    ...local,
    libraryDir: options.libraryDir,
    announce: (url) => library.announce(url),
    playbackRoutes,
    probe: (url) => {
      const { signal } = new AbortController()
      const deadline = { clock, signal, afterMs: PROBE_DEADLINE_MS, reason: pageTooSlow }
      return withDeadline(deadline, (either) => preprocessor.probe(url, either))
    },
    startRecording: async ({ quality, lowest, audio, subtitles, ...input }) => {
      const usual = settings.get()
      const choice = {
        quality: quality ?? usual.quality,
        lowest: lowest ?? usual.lowestQuality,
        audio: audio ?? usual.audio,
        subtitles: subtitles ?? usual.subtitles,
      }
      const recording = await control.start({ ...input, choice })
      announce(recording.id)
      return summarise(recording)
    },
    stopRecording: async (id) => {
      const recording = find(id)
      await control.stop(recording)
      announce(id)
      return summarise(recording)
    },
    updateRecording: async ({ id, ...patch }) => {
      const recording = find(id)
      await recording.update(patch)
      announce(id)
      return summarise(recording)
    },
    pinRecording: async (id, pinned) => {
      const recording = find(id)
      await recording.update({ pinned })
      announce(id)
      return summarise(recording)
    },
    pinSpan: async ({ id, ...span }) => {
      // Refused before anything is written.
      addPin(find(id).meta.pinnedSpans, span)
      return changePins(id, (spans) => addPin(spans, span))
    },
    unpinSpan: (id, spanId) => changePins(id, (spans) => removePin(spans, spanId)),
    listRecordings: list,
    getRecording: async (id) => {
      const recording = find(id)
      return detailOf(recording, statusOf(recording))
    },
    deleteRecording: async (id, { now }) => {
      const recording = find(id)
      refuseWhileExporting(exporter.list(), id)
      await control.stop(recording)
      if (now) await library.delete(id)
      else await trash.put(id)
      events.emit({ type: 'recording.removed', id })
    },
    restoreRecording: async (id) => {
      const recording = await trash.restore(id)
      announce(id)
      return summarise(recording)
    },
    listTrash: trash.list,
    emptyTrash: trash.empty,
    timeline: async (id) => timelineOf(find(id)),
    openPlayback: async (id) => {
      const recording = find(id)
      const tracks = await recording.tracks()
      assertPlayable(tracks)
      const path = `recordings/${recording.id}/live/stream.m3u8?dvr=1`
      return {
        path,
        picturePath: `${path}&sound=none`,
        sounds: [...separateSounds(tracks)],
        live: recorder.status(id)?.live ?? false,
      }
    },
    createExport: async ({ audio, ...input }) => {
      const tracks = (await library.get(input.recordingId)?.tracks()) ?? []
      const sound = chooseSound(
        tracks.filter(({ index }) => index.figures.segments > 0).map(({ info }) => info),
        audio,
      )
      return await exporter.create({ ...input, sound })
    },
    uploads,
    getExport: (jobId) => exporter.get(jobId),
    listExports: () => exporter.listChecked(),
    cancelExport: (jobId) => exporter.cancel(jobId),
    storage: storage.status,
    getSettings: () => settings.get(),
    setSettings: (patch) => settings.set(patch),
    systemInfo: async () => {
      const [space, figures] = await Promise.all([library.space(), trash.figures()])
      return {
        version,
        libraryDir: options.libraryDir,
        exportsDir: exportsDir(),
        ...(space === undefined ? {} : { freeBytes: space.freeBytes }),
        trash: figures,
        tools: await tools.report(),
      }
    },
    onEvent: (listener) => events.subscribe(listener),
    health: async () => healthOf({ recordings: list(), storage: await storage.status() }),
    metrics: async () => (await (metrics ??= loadMetrics())).text(),
    resume: async (url) => {
      if (url === undefined) uploads.start()
      return (await control.resume(url)).map(summarise)
    },
    close: () => (closing ??= closeAll()),
  }
}

const isOver = ({ state }: ExportJob) => state !== 'queued' && state !== 'running'

/** Its files are being read: the export would fail, and what it was for would be gone. */
function refuseWhileExporting(jobs: readonly ExportJob[], recordingId: string): void {
  if (jobs.every((job) => job.recordingId !== recordingId || isOver(job))) return
  throw new VsrError('recording_active', 'An export of this recording is still running.', {
    hint: 'Wait until it is done, or cancel it; then delete the recording.',
  })
}
