import { copyFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createExporter } from '../../src-main/export/exporter'
import { createFootageInUse } from '../../src-main/store/footage-in-use'
import { createHttpClient } from '../../src-main/fetch/http-client'
import { createPlaylistParser } from '../../src-main/hls/parse/worker-parser'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { createFramingCheck } from '../../src-main/recorder/framing/media-framing'
import { createRecorder } from '../../src-main/recorder/supervisor'
import { openLibrary } from '../../src-main/store/library'
import { VsrError } from '../../src-preload/contract/errors'
import { launchBrowser } from '../support/browser'
import { testWorkerFile } from '../support/build-worker'
import { readLanguages } from '../support/language-source'
import { makePackedAudio, type PackedFormat } from '../support/packed-audio'
import {
  createSampleLibrary,
  SAMPLE_START_MS,
  type SampleRecording,
} from '../support/sample-library'
import { tempDirForTest } from '../support/temp-dir'
import { startTestOrigin } from '../support/test-origin'
import { startTestServer, TEST_TOKEN } from '../support/test-server'
import { runProcess, words } from '../support/processes'
import { toolPath } from '../support/tools'
import { waitUntil } from '../support/wait-until'

const formats: readonly PackedFormat[] = ['aac', 'mp3', 'ac3', 'eac3']
const PICTURE_SEC = 6
/** By its timestamps the sound begins so much later than the picture, though both are listed from the same instant. */
const LATE_SEC = 0.3

const extensionOf = (format: PackedFormat) => (format === 'eac3' ? 'ac3' : format)

async function picture() {
  const { files, firstPts } = await readLanguages()
  const bodies = Array.from({ length: PICTURE_SEC }, (_, second) => {
    const body = files.get(`picture-${second}.ts`)
    if (body === undefined) throw new Error(`there is no second ${second}`)
    return body
  })
  return { bodies, firstPts }
}

/** Picture and packed sound, both from `SAMPLE_START_MS` on; `without`: number of a sound segment that is missing. */
async function addTracks(recording: SampleRecording, format: PackedFormat, without?: number) {
  const { bodies, firstPts } = await picture()
  const sounds = await makePackedAudio({
    format,
    durationSec: PICTURE_SEC,
    firstPts: firstPts + LATE_SEC * 90_000,
  })
  const video = recording.sampleTrack({ bandwidth: 400_000, codecs: 'avc1.42c00c' })
  const audio = recording.sampleTrack({ id: 'a0', kind: 'audio' })
  for (const track of [video, audio]) track.discontinuity({ reason: 'epoch' })
  for (const body of bodies) video.segment({ durationSec: 1, extension: 'ts' }, body)
  for (const [number, { durationSec, body }] of sounds.entries()) {
    if (number === without) audio.gap({ durationSec, count: 1 })
    else audio.segment({ durationSec, extension: extensionOf(format) }, body)
  }
}

/** Instants in seconds at which sound begins after silence. */
async function onsetsOf(file: string): Promise<number[]> {
  const raw = `${file}.pcm`
  // Silence where there are no samples: their timestamps count.
  const args = words(
    '-v error -y -i FILE -af aresample=async=1:first_pts=0 -f s16le -ac 1 -ar 8000',
  )
  const named = args.map((arg) => (arg === 'FILE' ? file : arg))
  const run = await runProcess({ command: toolPath('ffmpeg'), args: [...named, raw] })
  if (run.code !== 0) throw new Error(run.stderr)
  const bytes = await readFile(raw)
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1)
  const onsets: number[] = []
  let quiet = 0
  for (const [at, sample] of samples.entries()) {
    if (Math.abs(sample) < 500) quiet += 1
    else {
      if (quiet > 1000 || (at < 100 && onsets.length === 0)) onsets.push(at / 8000)
      quiet = 0
    }
  }
  return onsets
}

function exporterOf(recording: SampleRecording) {
  const exporter = createExporter({
    library: { get: () => recording, inUse: createFootageInUse({ clock: systemClock }) },
    tools: {
      ffmpeg: async () => ({ path: toolPath('ffmpeg'), version: '' }),
      ffprobe: async () => ({ path: toolPath('ffprobe'), version: '' }),
      installHint: () => '',
    },
    exportsDir: () => dir,
    clock: systemClock,
    logger: silentLogger,
  })
  const dir = tempDirForTest()
  onTestFinished(() => exporter.close())
  return async (fromSec: number, toSec: number) => {
    const range = { fromMs: SAMPLE_START_MS + fromSec * 1000, toMs: SAMPLE_START_MS + toSec * 1000 }
    const { jobId } = await exporter.create({ recordingId: recording.id, ...range })
    const job = await waitUntil({
      what: 'the export',
      check: () => {
        const found = exporter.get(jobId)
        return found.state === 'done' || found.state === 'failed' ? found : undefined
      },
    })
    if (job.result === undefined) throw new Error(JSON.stringify(job.error))
    return job.result.file
  }
}

describe('packed audio', () => {
  it.each(formats)('F14 %s: a segment that was cut is noticed', async (format) => {
    const segments = await makePackedAudio({ format, durationSec: PICTURE_SEC, firstPts: 0 })
    expect(segments.length).toBeGreaterThanOrEqual(5)
    const outcome = (body: Uint8Array) => {
      const check = createFramingCheck({ expect: 'segment' })
      try {
        check.push(body)
        return check.finish()
      } catch (error) {
        if (error instanceof VsrError) return error.code
        throw error
      }
    }
    for (const { body } of segments) {
      expect(outcome(body)).toBe(extensionOf(format))
      for (const part of [0.3, 0.9, 0.999]) {
        expect(outcome(body.subarray(0, Math.floor(body.length * part)))).toBe('truncated')
      }
    }
  })

  it('is recorded beside its picture, whatever its format', async () => {
    const origin = await startTestOrigin()
    onTestFinished(() => origin.stop())
    const { bodies, firstPts } = await picture()
    const lists = [{ name: 'picture', segments: bodies.map((body) => ({ durationSec: 1, body })) }]
    for (const format of formats) {
      const segments = await makePackedAudio({ format, durationSec: PICTURE_SEC, firstPts })
      lists.push({ name: format, segments: [...segments] })
    }
    for (const { name, segments } of lists) {
      const lines = segments.map(({ durationSec, body }, number) => {
        origin.serve(`/${name}-${number}.bin`, body, 'application/octet-stream')
        return `#EXTINF:${durationSec},\n${name}-${number}.bin\n`
      })
      const text = `#EXTM3U\n#EXT-X-TARGETDURATION:2\n${lines.join('')}#EXT-X-ENDLIST\n`
      origin.serve(`/${name}.m3u8`, text, 'text/plain')
    }
    const renditions = formats.map(
      (format) => `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",NAME="${format}",URI="${format}.m3u8"\n`,
    )
    const variant = '#EXT-X-STREAM-INF:BANDWIDTH=1000,AUDIO="g"\npicture.m3u8\n'
    origin.serve('/main.m3u8', `#EXTM3U\n${renditions.join('')}${variant}`, 'text/plain')

    const clock = systemClock
    const logger = silentLogger
    const library = await openLibrary({ root: tempDirForTest(), mode: 'write', clock, logger })
    const http = createHttpClient()
    const parser = createPlaylistParser({ workerFile: testWorkerFile })
    const shared = { library, http, parser, clock, logger, random: Math.random }
    const recorder = createRecorder({ ...shared, parallelDownloads: () => 3 })
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
    const playlistUrl = `${origin.url}/main.m3u8`
    const source = { playlistUrl, headers: {}, title: 'Test', allowPrivateNetwork: true }
    const resolve = async () => source
    recorder.start({ recording, quality: 'best', audio: 'all', resolve, source })
    await waitUntil({
      what: 'the recording to end by itself',
      check: () => recorder.status(recording.id) === undefined,
    })
    const stored = (await recording.tracks()).map(({ info, index }) => {
      const extension = index.extensionAt(index.length - 1)
      return `${info.name ?? ''} ${extension} ${index.figures.gaps}`
    })
    expect(stored).toEqual([' ts 0', 'aac aac 0', 'mp3 mp3 0', 'ac3 ac3 0', 'eac3 ac3 0'])
  })

  it.each(formats)(
    '%s is exported in step with its picture, by its ID3 timestamps',
    async (format) => {
      const recording = createSampleLibrary({ dir: tempDirForTest() }).add()
      await addTracks(recording, format)
      const file = await exporterOf(recording)(2, 5)
      // A beep begins half a second after each second of the sound, which is late itself: the first is on its way already.
      const onsets = (await onsetsOf(file)).filter((sec) => sec > LATE_SEC)
      expect(onsets[0]).toBeCloseTo(0.5 + LATE_SEC, 1)
      expect(onsets[1]).toBeCloseTo(1.5 + LATE_SEC, 1)
    },
  )

  it('F24 stays in step behind a segment of the sound that is missing', async () => {
    const recording = createSampleLibrary({ dir: tempDirForTest() }).add()
    await addTracks(recording, 'aac', 2)
    const onsets = await onsetsOf(await exporterOf(recording)(0, 6))
    const seconds = onsets.map((sec) => Math.round(sec * 10) / 10)
    expect(seconds).toEqual(expect.arrayContaining([0.8, 1.8, 3.8, 4.8, 5.8]))
    expect(seconds).not.toContain(2.8)
  })

  it.each(['aac', 'mp3'] as const)('%s plays in step with its picture', async (format) => {
    const staticDir = tempDirForTest()
    const scripts = '<script src="/hls.js"></script><script src="/page.js"></script>'
    writeFileSync(path.join(staticDir, 'index.html'), `<!doctype html><video></video>${scripts}`)
    writeFileSync(path.join(staticDir, 'page.js'), pageScript)
    const hlsJs = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js')
    copyFileSync(hlsJs, path.join(staticDir, 'hls.js'))
    const server = await startTestServer({ staticDir })
    await addTracks(server.library.add(), format)
    const browser = await launchBrowser()
    onTestFinished(() => browser.close())
    const { page } = await browser.newPage()
    const tail = encodeURIComponent(`/live/stream.m3u8?dvr=1&token=${TEST_TOKEN}`)
    await page.goto(`${server.origin}/?play=${tail}`)
    await waitUntil({
      what: 'the player to reach the end',
      check: () => page.evaluate<boolean>('seen.ended || seen.fatal.length > 0'),
      deadlineMs: 20_000,
    })
    const seen = await page.evaluate<{ fatal: string[]; soundToSec: number }>('seen')
    expect(seen.fatal).toEqual([])
    expect(seen.soundToSec).toBeCloseTo(PICTURE_SEC + LATE_SEC, 1)
  })
})

const pageScript = `
  const seen = { ended: false, fatal: [], soundToSec: 0 }
  window.seen = seen
  const video = document.querySelector('video')
  video.muted = true
  video.addEventListener('ended', () => { seen.ended = true })
  const player = new Hls({ enableWorker: true })
  player.on(Hls.Events.ERROR, (_, error) => { if (error.fatal) seen.fatal.push(error.details) })
  player.on(Hls.Events.FRAG_BUFFERED, (_, { frag }) => {
    // Not its beginning, in front of which hls.js puts silence.
    if (frag.type === 'audio') seen.soundToSec = Math.max(seen.soundToSec, frag.endPTS)
  })
  player.on(Hls.Events.MANIFEST_PARSED, () => video.play())
  video.addEventListener('playing', () => { video.playbackRate = 4 })
  player.loadSource(new URLSearchParams(location.search).get('play'))
  player.attachMedia(video)
`
