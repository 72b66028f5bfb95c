import { execFileSync } from 'node:child_process'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from '../../src-main/fetch/http-client'
import type { Source } from '../../src-main/fetch/source'
import { createPlaylistParser } from '../../src-main/hls/parse/worker-parser'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { createRecorder } from '../../src-main/recorder/supervisor'
import { openLibrary } from '../../src-main/store/library'
import type { RecordingStore, SegmentRow, TrackStore } from '../../src-main/store/model'
import { testWorkerFile } from '../support/build-worker'
import { startLiveSource } from '../support/live-source'
import { makeMedia, readMedia } from '../support/media'
import { startNginx } from '../support/nginx'
import { tempDirForTest } from '../support/temp-dir'
import { numbersOf, rowsOf, segmentsOf, trackOf } from '../support/real-recorder'
import { startTestOrigin } from '../support/test-origin'
import { toolPath } from '../support/tools'
import { waitUntil } from '../support/wait-until'

const sourceOf = (playlistUrl: string): Source => ({
  playlistUrl,
  headers: {},
  title: 'Test',
  allowPrivateNetwork: true,
})

/** The real recorder over the real library, HTTP client and parser. */
async function openRecorder(root: string) {
  const clock = systemClock
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
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await recorder.close()
    http.close()
    await parser.close()
    await library.close()
  }
  onTestFinished(close)
  const create = () =>
    library.create({ title: 'Test', sourceUrl: 'http://x/', state: 'recording', live: false })
  const start = (recording: RecordingStore, url: string) => {
    const source = sourceOf(url)
    recorder.start({ recording, quality: 'best', resolve: async () => source, source })
  }
  return { library, recorder, create, start, close }
}

const untilSegments = (recording: RecordingStore, count: number) =>
  waitUntil({
    what: `${count} stored segments`,
    check: () => recording.figures.segments >= count,
  })

/** What ffprobe finds in the file of a segment, its initialization section in front. */
function probeStreams(track: TrackStore, row: SegmentRow): string[] {
  const init = rowsOf(track).find((other) => other.index === row.initIndex)
  const files = [...(init?.kind === 'init' ? [track.pathOf(init)] : []), track.pathOf(row)]
  const args = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0']
  const input = files.length === 1 ? (files[0] ?? '') : `concat:${files.join('|')}`
  const output = execFileSync(toolPath('ffprobe'), [...args, '-i', input], { encoding: 'utf8' })
  // ffprobe names the streams of MPEG-TS once more under their program.
  return [...new Set(output.split('\n').filter((line) => line !== ''))].sort()
}

const consecutive = (numbers: readonly number[]) =>
  numbers.every((number, at) => at === 0 || number === (numbers[at - 1] ?? 0) + 1)

describe('recording real streams', () => {
  it.each(['mpegts', 'fmp4'] as const)(
    'records a live %s source as it grows',
    async (segmentType) => {
      const live = await startLiveSource({ segmentType, segmentSec: 1 })
      onTestFinished(() => live.stop())
      const { recorder, create, start } = await openRecorder(tempDirForTest())
      const recording = await create()
      start(recording, live.url)
      await untilSegments(recording, 5)
      await waitUntil({
        what: 'the recording to be close behind its source',
        check: () => {
          const { state, live, latencySec = 99 } = recorder.status(recording.id) ?? {}
          return state === 'recording' && live === true && latencySec < 5
        },
      })
      await recorder.stop(recording.id)

      const track = await trackOf(recording)
      expect(consecutive(numbersOf(track))).toBe(true)
      expect(recording.figures.gaps).toBe(0)
      expect(rowsOf(track)[0]).toMatchObject({ reason: 'epoch', clock: 'source' })
      const last = segmentsOf(track).at(-1)
      expect(last?.extension).toBe(segmentType === 'mpegts' ? 'ts' : 'm4s')
      expect(last && probeStreams(track, last)).toEqual(['aac', 'h264'])
      expect(recording.meta.state).toBe('stopped')
    },
  )

  it('F34 goes on in the same epoch after a restart, with nothing twice', async () => {
    const live = await startLiveSource({ segmentType: 'mpegts', segmentSec: 1, listSize: 8 })
    onTestFinished(() => live.stop())
    const root = tempDirForTest()
    const before = await openRecorder(root)
    const { id } = await before.create().then((recording) => {
      before.start(recording, live.url)
      return untilSegments(recording, 3).then(() => recording)
    })
    await before.close()

    const after = await openRecorder(root)
    const recording = after.library.get(id)
    if (recording === undefined) throw new Error('the recording is gone')
    expect(recording.meta.state).toBe('recording')
    const storedBefore = recording.figures.segments
    after.start(recording, live.url)
    await untilSegments(recording, storedBefore + 3)
    await after.recorder.stop(id)
    const track = await trackOf(recording)
    expect(consecutive(numbersOf(track))).toBe(true)
    expect(rowsOf(track).filter((row) => row.kind === 'discontinuity')).toHaveLength(1)
  })

  it.each(['ts', 'fmp4', 'byte-range', 'aes-128'] as const)(
    'records VOD (%s) to its end',
    async (kind) => {
      const media = await makeMedia({ kind })
      const nginx = await startNginx({ dir: media.dir })
      onTestFinished(() => nginx.stop())
      const { create, start, recorder } = await openRecorder(tempDirForTest())
      const recording = await create()
      start(recording, `${nginx.url}${media.playlist}`)
      await waitUntil({
        what: 'the recording to end by itself',
        check: () => recorder.status(recording.id) === undefined,
      })
      expect(recording.meta).toMatchObject({ state: 'stopped', live: false })
      expect(await recording.readResumeInfo()).toBeUndefined()
      expect(recording.figures).toMatchObject({ segments: 6, gaps: 0 })
      const track = await trackOf(recording)
      for (const row of segmentsOf(track)) {
        expect(probeStreams(track, row)).toEqual(['aac', 'h264'])
      }
    },
  )

  it('records a multivariant playlist with a separate audio rendition as two tracks', async () => {
    const media = await makeMedia({ kind: 'multivariant' })
    const nginx = await startNginx({ dir: media.dir })
    onTestFinished(() => nginx.stop())
    const { create, start, recorder } = await openRecorder(tempDirForTest())
    const recording = await create()
    start(recording, `${nginx.url}${media.playlist}`)
    await waitUntil({
      what: 'the recording to end by itself',
      check: () => recorder.status(recording.id) === undefined,
    })
    const video = await trackOf(recording, 'v0')
    const audio = await trackOf(recording, 'a0')
    expect(video.info).toMatchObject({ kind: 'video', resolution: { width: 320, height: 180 } })
    expect(audio.info).toMatchObject({ kind: 'audio', language: 'en' })
    expect(segmentsOf(video)).toHaveLength(6)
    expect(segmentsOf(audio).length).toBeGreaterThanOrEqual(6)
    const [firstVideo] = segmentsOf(video)
    const [firstAudio] = segmentsOf(audio)
    expect(firstVideo && probeStreams(video, firstVideo)).toEqual(['h264'])
    expect(firstAudio && probeStreams(audio, firstAudio)).toEqual(['aac'])
  })

  it('F22 follows AES-128 keys as they change', async () => {
    const { media } = await readMedia({ kind: 'ts' })
    const origin = await startTestOrigin()
    onTestFinished(() => origin.stop())
    const stream = origin.addStream({ media, rotateKeyEvery: 2, windowSize: 6 })
    stream.advance(6)
    stream.end()
    const { create, start, recorder } = await openRecorder(tempDirForTest())
    const recording = await create()
    start(recording, origin.urlOf(stream))
    await waitUntil({
      what: 'the recording to end by itself',
      check: () => recorder.status(recording.id) === undefined,
    })
    const track = await trackOf(recording)
    expect(numbersOf(track)).toEqual([0, 1, 2, 3, 4, 5])
    for (const row of segmentsOf(track)) {
      expect(probeStreams(track, row)).toEqual(['aac', 'h264'])
    }
  })

  it('F03 F21 keeps one recording through a new initialization section and a new numbering', async () => {
    const { media, initSection } = await readMedia({ kind: 'fmp4' })
    if (initSection === undefined) throw new Error('fMP4 media have an initialization section')
    const origin = await startTestOrigin()
    onTestFinished(() => origin.stop())
    const stream = origin.addStream({ media, initSection, windowSize: 4, firstMediaSequence: 500 })
    stream.advance(3)
    const { create, start, recorder } = await openRecorder(tempDirForTest())
    const recording = await create()
    start(recording, origin.urlOf(stream))
    await untilSegments(recording, 3)
    // An empty box at the end: other bytes, the same meaning.
    stream.changeInit(Buffer.concat([initSection, Buffer.of(0, 0, 0, 8), Buffer.from('free')]))
    stream.advance(1)
    await untilSegments(recording, 4)
    stream.reset(2)
    stream.advance(2)
    await untilSegments(recording, 6)
    await recorder.stop(recording.id)

    const track = await trackOf(recording)
    expect(numbersOf(track)).toEqual([500, 501, 502, 503, 2, 3])
    const kinds = rowsOf(track).map((row) => (row.kind === 'discontinuity' ? row.reason : row.kind))
    expect(kinds).toEqual(
      [
        ['epoch', 'init', 'segment', 'segment', 'segment'],
        ['source', 'init', 'segment'],
        ['epoch', 'segment', 'segment'],
      ].flat(),
    )
    for (const row of segmentsOf(track)) expect(probeStreams(track, row)).toEqual(['aac', 'h264'])
  })

  it('F12 F15 stores whole segments only, and names the cause of what it cannot have', async () => {
    const { media } = await readMedia({ kind: 'ts' })
    const origin = await startTestOrigin()
    onTestFinished(() => origin.stop())
    const stream = origin.addStream({ media, windowSize: 6 })
    stream.advance(6)
    stream.end()
    origin.addFault({ mediaSequence: 1, times: 1, fault: { kind: 'status', status: 500 } })
    origin.addFault({ mediaSequence: 3, fault: { kind: 'html' } })
    const { create, start, recorder } = await openRecorder(tempDirForTest())
    const recording = await create()
    start(recording, origin.urlOf(stream))
    await waitUntil({
      what: 'the recording to end by itself',
      check: () => recorder.status(recording.id) === undefined,
    })
    const track = await trackOf(recording)
    expect(numbersOf(track)).toEqual([0, 1, 2, 4, 5])
    expect(rowsOf(track).filter((row) => row.kind === 'gap')).toMatchObject([
      { mediaSequence: 3, count: 1, cause: 'not-media' },
    ])
  })
})
