import { onTestFinished } from 'vitest'
import { createHttpClient } from '../../src-main/fetch/http-client'
import { createPlaylistParser } from '../../src-main/hls/parse/worker-parser'
import { createPlaybackRoutes } from '../../src-main/playback/playback-routes'
import { systemClock } from '../../src-main/ports/clock'
import { createLiveParts } from '../../src-main/ports/live-parts'
import { silentLogger } from '../../src-main/ports/logger'
import { createRecorder } from '../../src-main/recorder/supervisor'
import { openLibrary } from '../../src-main/store/library'
import type { RecordingStore, SegmentRow, TrackStore } from '../../src-main/store/model'
import { testWorkerFile } from './build-worker'
import { makePartedMedia } from './ll-media'
import { type LowLatencyOrigin, startLowLatencyOrigin } from './ll-origin'
import { tempDirForTest } from './temp-dir'
import { startTestServer, type TestServer } from './test-server'
import { waitUntil } from './wait-until'

type OriginOptions = Omit<Parameters<typeof startLowLatencyOrigin>[0], 'media'>

interface LowLatencyRecording {
  readonly origin: LowLatencyOrigin
  readonly recorder: ReturnType<typeof createRecorder>
  readonly recording: RecordingStore
  /** The local server over this recording. @param staticDir pages to serve beside it. */
  serve(staticDir?: string): Promise<TestServer>
}

/** Segments that the source has when the recording begins: the last three of them are recorded. */
export const SEGMENTS_BEFORE = 12

/** The real recorder on a low-latency source, as soon as it has what the source has. All of it ends with the running test. */
export async function startLowLatencyRecording(
  kind: 'ts' | 'fmp4',
  options: OriginOptions & { readonly prepare?: (origin: LowLatencyOrigin) => void } = {},
): Promise<LowLatencyRecording> {
  const { prepare, ...originOptions } = options
  const media = await makePartedMedia({ kind, durationSec: 24 })
  const origin = await startLowLatencyOrigin({ media, ...originOptions })
  onTestFinished(() => origin.stop())
  origin.addSegments(SEGMENTS_BEFORE)
  prepare?.(origin)
  const clock = systemClock
  const logger = silentLogger
  const library = await openLibrary({ root: tempDirForTest(), mode: 'write', clock, logger })
  const http = createHttpClient()
  const parser = createPlaylistParser({ workerFile: testWorkerFile })
  const liveParts = createLiveParts()
  const recorder = createRecorder({
    library,
    http,
    parser,
    clock,
    random: Math.random,
    logger,
    parallelDownloads: () => 3,
    liveParts,
  })
  onTestFinished(async () => {
    await recorder.close()
    http.close()
    await parser.close()
    await library.close()
  })
  const meta = { title: 'Test', sourceUrl: 'http://x/', state: 'recording', live: true } as const
  const recording = await library.create(meta)
  const playlistUrl = `${origin.url}${options.query ?? ''}`
  const source = { playlistUrl, headers: {}, title: 'Test', allowPrivateNetwork: true }
  recorder.start({ recording, quality: 'best', resolve: async () => source, source })
  await untilStored(recording, 3)
  const currentRecordingId = () => recording.id
  const playbackRoutes = createPlaybackRoutes({ library, clock, currentRecordingId, liveParts })
  return {
    origin,
    recorder,
    recording,
    serve: (staticDir) =>
      startTestServer({
        overrides: { playbackRoutes },
        ...(staticDir === undefined ? {} : { staticDir }),
      }),
  }
}

export const untilStored = (recording: RecordingStore, segments: number) =>
  waitUntil({
    what: `${segments} stored segments`,
    check: () => recording.figures.segments >= segments,
    everyMs: 5,
  })

/** The recorder has seen all there is, and waits for the next listing and for the next part. */
export const untilWaiting = (origin: LowLatencyOrigin) =>
  waitUntil({
    what: 'the next listing and the next part to be asked for',
    check: () => origin.held >= 2,
    everyMs: 5,
  })

/** Adds parts one by one, each when the one before has been seen. */
export async function feedParts(origin: LowLatencyOrigin, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    await untilWaiting(origin)
    origin.addParts()
  }
}

/** The only track with its segments. */
export async function storedSegments(
  recording: RecordingStore,
): Promise<{ readonly track: TrackStore; readonly rows: readonly SegmentRow[] }> {
  const [track] = await recording.tracks()
  if (track === undefined) throw new Error('the recording has no track')
  const { index } = track
  const rows = Array.from({ length: index.length }, (_, position) => index.rowAt(position))
  return { track, rows: rows.filter((row) => row.kind === 'segment') }
}
