import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from '../../src-main/fetch/http-client'
import { createPlaylistParser } from '../../src-main/hls/worker-parser'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { createRecorder } from '../../src-main/recorder/supervisor'
import { openLibrary } from '../../src-main/store/library'
import type { RecordingStore, SegmentRow, TrackStore } from '../../src-main/store/model'
import { testWorkerFile } from '../support/build-worker'
import { makePartedMedia, PARTS_PER_SEGMENT } from '../support/ll-media'
import { type LowLatencyOrigin, startLowLatencyOrigin } from '../support/ll-origin'
import { tempDirForTest } from '../support/temp-dir'
import { waitUntil } from '../support/wait-until'

type OriginOptions = Omit<Parameters<typeof startLowLatencyOrigin>[0], 'media'>

/** A source with twelve whole segments, and a recorder that has the last three of them and waits for the next part. */
async function startRecording(kind: 'ts' | 'fmp4', options: OriginOptions = {}) {
  const media = await makePartedMedia({ kind, durationSec: 24 })
  const origin = await startLowLatencyOrigin({ media, ...options })
  onTestFinished(() => origin.stop())
  origin.addSegments(12)
  const clock = systemClock
  const root = tempDirForTest()
  const library = await openLibrary({ root, mode: 'write', clock, logger: silentLogger })
  const http = createHttpClient()
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
  const recording = await library.create({
    title: 'Test',
    sourceUrl: 'http://x/',
    state: 'recording',
    live: false,
  })
  const source = {
    playlistUrl: `${origin.url}${options.query ?? ''}`,
    headers: {},
    title: 'Test',
    allowPrivateNetwork: true,
  }
  recorder.start({ recording, quality: 'best', resolve: async () => source, source })
  await untilSegments(recording, 3)
  return { origin, recorder, recording }
}

const untilSegments = (recording: RecordingStore, count: number) =>
  waitUntil({
    what: `${count} stored segments`,
    check: () => recording.figures.segments >= count,
    everyMs: 5,
  })

/** Adds parts one by one, each when the one before has been asked for. */
async function feedParts(origin: LowLatencyOrigin, count: number) {
  for (let done = 0; done < count; done += 1) {
    await waitUntil({
      what: 'the next listing and the next part to be asked for',
      check: () => origin.held >= 2,
      everyMs: 5,
    })
    origin.addParts()
  }
}

async function mainTrack(recording: RecordingStore): Promise<TrackStore> {
  const [track] = await recording.tracks()
  if (track === undefined) throw new Error('no track')
  return track
}

const segmentsOf = ({ index }: TrackStore): SegmentRow[] =>
  Array.from({ length: index.length }, (_, position) => index.rowAt(position)).filter(
    (row) => row.kind === 'segment',
  )

const asked = (origin: LowLatencyOrigin, kind: string) =>
  origin.requests.filter((request) => request.kind === kind)

describe('recording a low-latency source', () => {
  it.each(['ts', 'fmp4'] as const)(
    'stores whole %s segments from their parts, byte for byte, and fetches none twice',
    async (kind) => {
      const { origin, recorder, recording } = await startRecording(kind)
      await feedParts(origin, 3 * PARTS_PER_SEGMENT)
      await untilSegments(recording, 6)
      await recorder.stop(recording.id)
      const track = await mainTrack(recording)
      const rows = segmentsOf(track)
      expect(rows.map((row) => row.mediaSequence)).toEqual([9, 10, 11, 12, 13, 14])
      for (const row of rows) {
        expect(readFileSync(track.pathOf(row)).equals(origin.segment(row.mediaSequence))).toBe(true)
      }
      const segments = asked(origin, 'segment').map(({ name }) => name)
      expect(segments.sort()).toEqual(
        ['10', '11', '9'].map((n) => `segment-${n}.${kind === 'ts' ? 'ts' : 'm4s'}`),
      )
      const parts = asked(origin, 'part').map(({ name }) => name)
      expect(new Set(parts).size).toBe(parts.length)
      // Three segments, and the one that was begun.
      expect(parts.length).toBeLessThanOrEqual(3 * PARTS_PER_SEGMENT + 1)
      expect(recording.figures.gaps).toBe(0)
    },
  )
})
