import { createCircuitBreaker } from '../../src-main/fetch/circuit-breaker'
import type { HttpRequest } from '../../src-main/fetch/http'
import type { PlaylistParser } from '../../src-main/hls/parser'
import type { Playlist } from '../../src-main/hls/playlist'
import { silentLogger } from '../../src-main/ports/logger'
import { createRecorder } from '../../src-main/recorder/supervisor'
import type { FilePort } from '../../src-main/store/file-port'
import { openLibrary } from '../../src-main/store/library'
import type { GapRow, RecordingStore, Row } from '../../src-main/store/model'
import { createFakeClock, type FakeClock } from './fake-clock'
import { createFakeHttp, type FakeAnswer } from './fake-http'
import { playlistUrl, segmentBody, source } from './fake-recorder'
import { sampleProcess } from './fault-store-samples'
import { createMemoryFilePort, type MemoryFilePort } from './memory-file-port'
import { mediaPlaylist } from './playlists'

const SEGMENT_MS = 2000
const START_MS = Date.UTC(2026, 0, 1)

/** Playlists are sent as JSON here. */
const jsonParser: PlaylistParser = {
  parse: async (text) => JSON.parse(text) as Playlist,
  close: async () => {},
}

/**
 * The real recorder over the real store, on a disk in memory, with a live source of segments of 2 s that goes on by the test's clock.
 * @param options.windowCount segments that the source lists.
 * @param options.answer in place of the source's own.
 * @param options.disk what stands between the store and the disk.
 */
export async function setUpRecorderOnDisk(options: {
  readonly windowCount: number
  readonly answer?: (request: HttpRequest) => FakeAnswer | undefined
  readonly disk?: (files: MemoryFilePort, clock: FakeClock) => FilePort
}) {
  const { windowCount, answer, disk } = options
  const clock = createFakeClock({ nowMs: START_MS })
  const files = createMemoryFilePort()
  const library = await openLibrary({
    root: '/library',
    mode: 'write',
    clock,
    logger: silentLogger,
    files: disk === undefined ? files : disk(files, clock),
    process: sampleProcess(1),
  })
  /** Media sequence number of the newest segment but one window. */
  const firstListed = () => Math.floor(clock.monotonicMs() / SEGMENT_MS)
  const http = createFakeHttp((request) => {
    const special = answer?.(request)
    if (special !== undefined) return special
    if (request.kind !== 'playlist') return { body: segmentBody }
    return { body: JSON.stringify(mediaPlaylist({ first: firstListed(), count: windowCount })) }
  })
  const recorder = createRecorder({
    library,
    http: createCircuitBreaker({ http, clock }),
    parser: jsonParser,
    clock,
    random: () => 0.5,
    logger: silentLogger,
    parallelDownloads: () => 3,
  })
  const record = async (): Promise<RecordingStore> => {
    const recording = await library.create({
      title: 'Test',
      sourceUrl: playlistUrl,
      state: 'recording',
      live: true,
      keepWaiting: false,
    })
    recorder.start({ recording, quality: 'best', resolve: async () => source, source })
    await clock.settle()
    return recording
  }
  const rows = async (recording: RecordingStore): Promise<Row[]> => {
    const [track] = await recording.tracks()
    if (track === undefined) return []
    return Array.from({ length: track.index.length }, (_, at) => track.index.rowAt(at))
  }
  const gaps = async (recording: RecordingStore): Promise<GapRow[]> =>
    (await rows(recording)).filter((row): row is GapRow => row.kind === 'gap')
  const numbers = async (recording: RecordingStore): Promise<number[]> =>
    (await rows(recording)).flatMap((row) => (row.kind === 'segment' ? [row.mediaSequence] : []))
  /** Ends all of it; time goes on meanwhile, as it must for what waits. */
  const close = async (): Promise<void> => {
    const closing = recorder.close().then(() => library.close())
    await clock.advance(60_000)
    await closing
  }
  return { clock, files, library, http, recorder, record, rows, gaps, numbers, firstListed, close }
}
