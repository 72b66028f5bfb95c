import { execFileSync } from 'node:child_process'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from '../../src-main/fetch/http-client'
import { createPlaylistParser } from '../../src-main/hls/parse/worker-parser'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { chooseSound } from '../../src-main/playback/sounds'
import { createRecorder } from '../../src-main/recorder/supervisor'
import { openLibrary } from '../../src-main/store/library'
import type { RecordingStore, SegmentRow, TrackStore } from '../../src-main/store/model'
import { testWorkerFile } from '../support/build-worker'
import { exportAll } from '../support/export-frames'
import { serveLanguages } from '../support/language-source'
import { readMedia } from '../support/media'
import { tempDirForTest } from '../support/temp-dir'
import { startTestOrigin } from '../support/test-origin'
import { toolPath } from '../support/tools'
import { waitUntil } from '../support/wait-until'

type Choice = { readonly audio?: string; readonly subtitles?: string }

/** The real recorder over a library of its own. */
async function openRecorder() {
  const clock = systemClock
  const root = tempDirForTest()
  const library = await openLibrary({ root, mode: 'write', clock, logger: silentLogger })
  const http = createHttpClient()
  const parser = createPlaylistParser({ workerFile: testWorkerFile })
  const shared = { library, http, parser, clock, random: Math.random, logger: silentLogger }
  const recorder = createRecorder({ ...shared, parallelDownloads: () => 3 })
  onTestFinished(async () => {
    await recorder.close()
    http.close()
    await parser.close()
    await library.close()
  })
  const create = () =>
    library.create({ title: 'Test', sourceUrl: 'http://x/', state: 'recording', live: false })
  const start = (recording: RecordingStore, playlistUrl: string, choice: Choice = {}) => {
    const source = { playlistUrl, headers: {}, title: 'Test', allowPrivateNetwork: true }
    recorder.start({ recording, quality: 'best', resolve: async () => source, source, ...choice })
  }
  const untilOver = (recording: RecordingStore) =>
    waitUntil({
      what: 'the recording to end by itself',
      check: () => recorder.status(recording.id) === undefined,
    })
  return { library, recorder, create, start, untilOver }
}

async function startOrigin() {
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  return origin
}

const segmentsOf = ({ index }: TrackStore): SegmentRow[] =>
  Array.from({ length: index.length }, (_, position) => index.rowAt(position)).filter(
    (row): row is SegmentRow => row.kind === 'segment',
  )

function toneOf(track: TrackStore): number {
  const [, row] = segmentsOf(track)
  if (row === undefined) throw new Error('the track has no second segment')
  return toneOfFile(track.pathOf(row))
}

/** `440` or `880`: the tone of a file's sound, from how often it crosses zero. */
function toneOfFile(file: string): number {
  const args = ['-v', 'error', '-i', file, '-f', 's16le', '-ac', '1', '-ar', '48000', '-']
  const pcm = execFileSync(toolPath('ffmpeg'), args, { maxBuffer: 1e8 })
  const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.byteLength >> 1)
  const middle = samples.slice(12_000, 36_000)
  let crossings = 0
  for (let at = 1; at < middle.length; at += 1) {
    if ((middle[at - 1] ?? 0) < 0 !== (middle[at] ?? 0) < 0) crossings += 1
  }
  return Math.round(crossings / 2 / 0.5 / 10) * 10
}

describe('all tracks of a source', () => {
  it('records every language of sound and subtitles, in step, labelled', async () => {
    const url = await serveLanguages(await startOrigin())
    const { create, start, untilOver } = await openRecorder()
    const recording = await create()
    start(recording, url, { audio: 'all' })
    await untilOver(recording)
    const tracks = await recording.tracks()
    expect(tracks.map(({ info }) => info)).toMatchObject([
      {
        id: 'v0',
        kind: 'video',
        closedCaptions: [{ instreamId: 'CC1', name: 'English CC', language: 'en' }],
      },
      { id: 'a0', kind: 'audio', language: 'en', name: 'English', isDefault: true },
      { id: 'a1', kind: 'audio', language: 'de', name: 'Deutsch' },
      { id: 's0', kind: 'subtitles', language: 'en' },
      { id: 's1', kind: 'subtitles', language: 'de', forced: true },
    ])
    const [video, english, german, ...subtitles] = tracks
    expect(english && toneOf(english)).toBe(440)
    expect(german && toneOf(german)).toBe(880)
    const starts = tracks.map((track) => segmentsOf(track)[0]?.startMs)
    expect(new Set(starts).size).toBe(1)
    expect(video?.index.figures.segments).toBe(6)
    for (const track of subtitles) {
      expect(track.index.figures).toMatchObject({ segments: 3, gaps: 0, durationSec: 6 })
      expect(segmentsOf(track)[0]?.extension).toBe('vtt')
    }
  })

  it('exports the sound that is asked for, else the usual one', async () => {
    const url = await serveLanguages(await startOrigin())
    const { library, create, start, untilOver } = await openRecorder()
    const recording = await create()
    start(recording, url, { audio: 'all' })
    await untilOver(recording)
    const german = chooseSound(
      (await recording.tracks()).map(({ info }) => info),
      'de',
    )
    expect(german).toMatchObject({ trackId: 'a1', label: 'Deutsch' })
    expect(toneOfFile(await exportAll(library, recording.id, german))).toBe(880)
    expect(toneOfFile(await exportAll(library, recording.id))).toBe(440)
  })

  it('records the default sound and all subtitles unless told otherwise', async () => {
    const url = await serveLanguages(await startOrigin())
    const { create, start, untilOver } = await openRecorder()
    const recording = await create()
    start(recording, url)
    await untilOver(recording)
    const labels = (await recording.tracks()).map(({ info }) => `${info.id} ${info.language ?? ''}`)
    expect(labels).toEqual(['v0 ', 'a0 en', 's0 en', 's1 de'])
  })

  it('takes the wanted languages only', async () => {
    const url = await serveLanguages(await startOrigin())
    const { create, start, untilOver } = await openRecorder()
    const recording = await create()
    start(recording, url, { audio: 'de', subtitles: 'none' })
    await untilOver(recording)
    const labels = (await recording.tracks()).map(({ info }) => `${info.id} ${info.language ?? ''}`)
    expect(labels).toEqual(['v0 ', 'a0 de'])
  })

  it('keeps each language in its track when the source lists them in another order later', async () => {
    const origin = await startOrigin()
    const { media } = await readMedia({ kind: 'ts' })
    const streams = Object.fromEntries(
      ['picture', 'en', 'de'].map((name) => {
        const stream = origin.addStream({ name, media, programDateTimeMs: Date.UTC(2026, 0, 1) })
        stream.advance(3)
        return [name, stream]
      }),
    )
    const listed = (...languages: string[]) => {
      const renditions = languages.map(
        (language) =>
          `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",NAME="${language}",LANGUAGE="${language}",URI="/${language}/index.m3u8"\n`,
      )
      const variant = '#EXT-X-STREAM-INF:BANDWIDTH=1000,AUDIO="g"\n/picture/index.m3u8\n'
      origin.serve('/main.m3u8', `#EXTM3U\n${renditions.join('')}${variant}`, 'text/plain')
    }
    listed('en', 'de')
    const { recorder, create, start } = await openRecorder()
    const recording = await create()
    const stored = async (trackId: string) =>
      (await recording.tracks()).find(({ info }) => info.id === trackId)?.index.figures.segments ??
      0
    const until = (count: number) =>
      waitUntil({
        what: `${count} segments of each track`,
        check: async () => {
          const counts = await Promise.all(['v0', 'a0', 'a1'].map(stored))
          return counts.every((segments) => segments >= count)
        },
      })
    start(recording, `${origin.url}/main.m3u8`, { audio: 'all' })
    await until(3)
    await recorder.stop(recording.id)

    listed('fr', 'de', 'en')
    for (const stream of Object.values(streams)) stream.advance(1)
    start(recording, `${origin.url}/main.m3u8`, { audio: 'en,de' })
    await until(4)
    await recorder.stop(recording.id)
    const tracks = await recording.tracks()
    expect(tracks.map(({ info }) => `${info.id} ${info.language ?? ''}`)).toEqual([
      'v0 ',
      'a0 en',
      'a1 de',
    ])
    const askedOf = (name: string) =>
      new Set(
        origin.requests
          .filter(({ path, kind }) => kind === 'segment' && path.startsWith(`/${name}/`))
          .map(({ path }) => path),
      ).size
    expect([askedOf('en'), askedOf('de'), askedOf('fr')]).toEqual([4, 4, 0])
  })

  it('F24 lies beside a picture with dates although only that has them', async () => {
    const origin = await startOrigin()
    const url = await serveLanguages(origin)
    const dated = Date.UTC(2020, 5, 1)
    const text = await (await fetch(`${origin.url}/picture.m3u8`)).text()
    const tag = `#EXT-X-PROGRAM-DATE-TIME:${new Date(dated).toISOString()}`
    origin.serve('/picture.m3u8', text.replace('#EXTINF', `${tag}\n#EXTINF`), 'text/plain')
    // The picture's list comes last.
    origin.addFault({ path: '/picture.m3u8', fault: { kind: 'delay', ms: 300 } })
    const { create, start, untilOver } = await openRecorder()
    const recording = await create()
    start(recording, url, { audio: 'all' })
    await untilOver(recording)
    const starts = (await recording.tracks()).map((track) => segmentsOf(track)[0]?.startMs)
    expect(starts).toEqual(Array.from({ length: 5 }, () => dated))
  })

  it('ends, and is no stall, when subtitles are missing or silent', async () => {
    const origin = await startOrigin()
    const url = await serveLanguages(origin)
    origin.addFault({ path: '/de-1.vtt', fault: { kind: 'status', status: 404 } })
    origin.addFault({ path: '/en.m3u8', fault: { kind: 'status', status: 404 } })
    const { recorder, create, start } = await openRecorder()
    const recording = await create()
    start(recording, url)
    await waitUntil({
      what: 'picture and sound to be stored',
      check: () => recording.figures.segments === 6,
    })
    expect(recorder.status(recording.id)).toMatchObject({ state: 'recording' })
    expect(recorder.status(recording.id)?.reason?.cause).toBeUndefined()
    await recorder.stop(recording.id)
    expect(recording.meta.state).toBe('stopped')
  })
})
