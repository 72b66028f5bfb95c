import { readFileSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { createCircuitBreaker } from '../../src-main/fetch/circuit-breaker'
import { createHttpClient } from '../../src-main/fetch/http-client'
import type { LoadPolicy } from '../../src-main/fetch/load-policy'
import { createPlaylistParser } from '../../src-main/hls/parse/worker-parser'
import { type Clock, systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { createRecorder, type Recorder } from '../../src-main/recorder/supervisor'
import { openLibrary } from '../../src-main/store/library'
import type {
  KeyRow,
  RecordingStore,
  Row,
  SegmentRow,
  TrackStore,
} from '../../src-main/store/model'
import { testWorkerFile } from './build-worker'
import { tempDirForTest } from './temp-dir'
import { waitUntil } from './wait-until'

/** The real recorder over the real library, HTTP client and parser; closed when the test is over. */
export async function openTestRecorder(options: { policy?: LoadPolicy; clock?: Clock } = {}) {
  const { clock = systemClock, policy } = options
  const root = tempDirForTest()
  const library = await openLibrary({ root, mode: 'write', clock, logger: silentLogger })
  const client = createHttpClient(policy === undefined ? {} : { policy })
  const http = createCircuitBreaker({ http: client, clock })
  const parser = createPlaylistParser({ workerFile: testWorkerFile })
  const recorder = createRecorder({
    library,
    http,
    parser,
    clock,
    random: Math.random,
    logger: silentLogger,
    parallelDownloads: () => 3,
  })
  onTestFinished(async () => {
    await recorder.close()
    http.close()
    await parser.close()
    await library.close()
  })
  /** Starts a recording of the playlist. */
  const record = async (
    playlistUrl: string,
    wishes: Omit<Parameters<Recorder['start']>[0], 'recording' | 'resolve' | 'quality'> = {},
  ) => {
    const recording = await library.create({
      title: 'Test',
      sourceUrl: 'http://x/',
      state: 'recording',
      live: false,
      keepWaiting: false,
    })
    const source = { playlistUrl, headers: {}, title: 'Test', allowPrivateNetwork: true }
    const resolve = async () => source
    recorder.start({ recording, quality: 'best', resolve, source, ...wishes })
    return {
      recording,
      stop: () => recorder.stop(recording.id),
      untilSegments: (count: number) =>
        waitUntil({
          what: `${count} stored segments`,
          check: () => recording.figures.segments >= count,
        }),
    }
  }
  return { library, recorder, record }
}

/** A track of a recording, by its id. */
export async function trackOf(recording: RecordingStore, id = 'v0'): Promise<TrackStore> {
  const track = (await recording.tracks()).find(({ info }) => info.id === id)
  if (track === undefined) throw new Error(`no track ${id}`)
  return track
}

/** All rows of a track, in order. */
export const rowsOf = ({ index }: TrackStore): Row[] =>
  Array.from({ length: index.length }, (_, position) => index.rowAt(position))

/** The rows of stored segments. */
export const segmentsOf = (track: TrackStore): SegmentRow[] =>
  rowsOf(track).filter((row): row is SegmentRow => row.kind === 'segment')

/** Media sequence numbers of the stored segments, in order. */
export const numbersOf = (track: TrackStore): number[] =>
  segmentsOf(track).map(({ mediaSequence }) => mediaSequence)

/** What the stored segments are, in order. */
export const filesOf = (track: TrackStore): Buffer[] =>
  segmentsOf(track).map((row) => readFileSync(track.pathOf(row)))

/** The rows of keys. */
export const keysOf = (track: TrackStore): KeyRow[] =>
  rowsOf(track).filter((row): row is KeyRow => row.kind === 'key')
