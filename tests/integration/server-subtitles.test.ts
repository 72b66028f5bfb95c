import { copyFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser, type TestBrowser } from '../support/browser'
import { cueOf, readLanguages, subtitleSegment } from '../support/language-source'
import { SAMPLE_START_MS, type SampleRecording } from '../support/sample-library'
import { tempDirForTest } from '../support/temp-dir'
import { startTestServer, TEST_TOKEN, type TestServer } from '../support/test-server'
import { waitUntil } from '../support/wait-until'

/** A cue as the browser has it, seconds on its own time. */
type Cue = readonly [text: string, startSec: number]

interface Seen {
  readonly ended: boolean
  readonly fatal: readonly string[]
  /** Cues known to the text track. */
  readonly cues: readonly Cue[]
  /** Texts that were shown. */
  readonly shown: readonly string[]
}

const pageScript = `
  const query = new URLSearchParams(location.search)
  const seen = { ended: false, fatal: [], cues: [], shown: [] }
  window.seen = seen
  const video = document.querySelector('video')
  video.muted = true
  const known = new Set()
  const note = (track) => {
    for (const cue of track.cues ?? []) {
      const key = cue.text + cue.startTime
      if (!known.has(key)) {
        known.add(key)
        seen.cues.push([cue.text, Math.round(cue.startTime * 100) / 100])
      }
    }
    for (const cue of track.activeCues ?? []) if (!seen.shown.includes(cue.text)) seen.shown.push(cue.text)
  }
  video.textTracks.addEventListener('addtrack', ({ track }) => {
    track.addEventListener('cuechange', () => note(track))
  })
  video.addEventListener('ended', () => {
    for (const track of video.textTracks) note(track)
    seen.ended = true
  })
  const player = new Hls({ enableWorker: true })
  player.on(Hls.Events.ERROR, (_, error) => { if (error.fatal) seen.fatal.push(error.details) })
  video.addEventListener('loadeddata', () => {
    player.subtitleTrack = Number(query.get('subtitles'))
  }, { once: true })
  player.on(Hls.Events.MANIFEST_PARSED, () => video.play())
  video.addEventListener('playing', () => {
    const sec = Number(query.get('seek') ?? 0)
    if (sec > 0 && video.currentTime < sec) video.currentTime = sec
    else video.playbackRate = 2
  })
  player.loadSource(query.get('play'))
  player.attachMedia(video)
`

let browser: TestBrowser
let languages: Awaited<ReturnType<typeof readLanguages>>
beforeAll(async () => {
  browser = await launchBrowser()
  languages = await readLanguages()
})
afterAll(() => browser.close())

let server: TestServer
beforeEach(async () => {
  const staticDir = tempDirForTest()
  const scripts = '<script src="/hls.js"></script><script src="/page.js"></script>'
  writeFileSync(path.join(staticDir, 'index.html'), `<!doctype html><video></video>${scripts}`)
  writeFileSync(path.join(staticDir, 'page.js'), pageScript)
  const hlsJs = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js')
  copyFileSync(hlsJs, path.join(staticDir, 'hls.js'))
  server = await startTestServer({ staticDir })
})

/** Plays to the end with the subtitles of one track. */
async function play(tail: string, options: { subtitles?: number; seekSec?: number } = {}) {
  const { subtitles = 0, seekSec = 0 } = options
  const { page } = await browser.newPage()
  try {
    const playlist = encodeURIComponent(`${tail}token=${TEST_TOKEN}`)
    const query = `?play=${playlist}&subtitles=${subtitles}&seek=${seekSec}`
    await page.goto(`${server.origin}/${query}`)
    await waitUntil({
      what: 'the player to reach the end',
      check: () => page.evaluate<boolean>('seen.ended || seen.fatal.length > 0'),
      deadlineMs: 20_000,
    }).catch(async (error: unknown) => {
      const stuck = 'JSON.stringify([seen, document.querySelector("video").currentTime])'
      throw new Error(`stuck at ${await page.evaluate<string>(stuck)}`, { cause: error })
    })
    const seen = await page.evaluate<Seen>('seen')
    return { ...seen, cues: seen.cues.toSorted((a, b) => a[1] - b[1]) }
  } finally {
    await page.context().close()
  }
}

/** Picture, sound and subtitles of one language; what is added follows on what is there. */
function newTracks(recording: SampleRecording, language: 'en' | 'de' = 'en') {
  const video = recording.sampleTrack({ bandwidth: 400_000 })
  const audio = recording.sampleTrack({ id: 'a0', kind: 'audio', language })
  const subtitles = recording.sampleTrack({ id: 's0', kind: 'subtitles', language, name: language })
  const fileOf = (name: string) => {
    const body = languages.files.get(name)
    if (body === undefined) throw new Error(`there is no ${name}`)
    return body
  }
  return {
    video,
    audio,
    subtitles,
    /** The second with this number, of picture and sound. */
    media(second: number) {
      video.segment({ durationSec: 1, extension: 'ts' }, fileOf(`picture-${second}.ts`))
      audio.segment({ durationSec: 1, extension: 'ts' }, fileOf(`english-${second}.ts`))
    },
    text(number: number) {
      const body = Buffer.from(subtitleSegment(language, number, languages.firstPts))
      subtitles.segment({ durationSec: 2, extension: 'vtt' }, body)
    },
    /** One segment with a cue in each of these seconds. */
    long(seconds: readonly number[]) {
      const [header = ''] = subtitleSegment(language, 1, languages.firstPts).split('\n\n')
      const cues = seconds.map(
        (second) => `00:00:0${second}.200 --> 00:00:0${second}.800\n${cueOf(language, second)}`,
      )
      const body = Buffer.from([header, ...cues, ''].join('\n\n'))
      subtitles.segment({ durationSec: seconds.length, extension: 'vtt' }, body)
    },
    gap(sec: number) {
      video.gap({ durationSec: sec, count: 1 })
      audio.gap({ durationSec: sec, count: 1 })
    },
    epoch(epoch: number) {
      for (const track of [video, audio, subtitles]) track.discontinuity({ reason: 'epoch', epoch })
    },
  }
}
const close = (cues: readonly Cue[]) => cues.map(([text, sec]) => [text, expect.closeTo(sec, 1)])

describe('hls.js shows subtitles in time with the picture', () => {
  it('over a gap, an empty segment and a restart of the timestamps', async () => {
    const tracks = newTracks(server.library.add())
    tracks.epoch(0)
    for (const second of [0, 1, 2]) tracks.media(second)
    tracks.gap(1)
    for (const second of [4, 5]) tracks.media(second)
    for (const number of [0, 1, 2]) tracks.text(number)
    tracks.epoch(1)
    for (const second of [0, 1, 2, 3]) tracks.media(second)
    for (const number of [0, 1]) tracks.text(number)
    const seen = await play('/live/stream.m3u8?dvr=1&')
    expect(seen).toMatchObject({ ended: true, fatal: [] })
    expect(seen.cues).toEqual(
      close([
        ['sentence 0', 0.2],
        ['sentence 1', 1.2],
        ['sentence 4', 3.2],
        ['sentence 5', 4.2],
        ['sentence 0', 5.2],
        ['sentence 1', 6.2],
      ]),
    )
    expect(seen.shown).toEqual(['sentence 0', 'sentence 1', 'sentence 4', 'sentence 5'])
  })

  it.each([
    ['before the gap', [0, 1, 2], 1, [4, 5], 3.2],
    ['behind the gap', [0, 1, 2], 2, [5], 3.2],
  ])(
    'where one segment lies on both sides of a gap, most of it %s',
    async (_where, before, gapSec, behind, behindSec) => {
      const tracks = newTracks(server.library.add())
      tracks.epoch(0)
      for (const second of before) tracks.media(second)
      tracks.gap(gapSec)
      for (const second of behind) tracks.media(second)
      tracks.text(0)
      tracks.long([2, 3, 4, 5])
      const seen = await play('/live/stream.m3u8?dvr=1&')
      expect(seen).toMatchObject({ ended: true, fatal: [] })
      expect(seen.cues).toEqual(
        close([
          ['sentence 0', 0.2],
          ['sentence 1', 1.2],
          ['sentence 2', 2.2],
          ...behind.map((second, at): Cue => [`sentence ${second}`, behindSec + at]),
        ]),
      )
    },
  )

  it('after a gap that is longer than what a player loads ahead', async () => {
    const tracks = newTracks(server.library.add())
    tracks.epoch(0)
    for (const second of [0, 1]) tracks.media(second)
    tracks.text(0)
    // The subtitles went on for three minutes meanwhile: empty ones, since the picture had nothing to say.
    tracks.gap(180)
    for (let count = 0; count < 90; count += 1) tracks.text(1)
    for (const second of [4, 5]) tracks.media(second)
    tracks.text(2)
    const seen = await play('/live/stream.m3u8?dvr=1&')
    expect(seen).toMatchObject({ ended: true, fatal: [] })
    expect(seen.shown).toEqual(['sentence 0', 'sentence 1', 'sentence 4', 'sentence 5'])
  })

  it('in a range, after seeking, and where only subtitles are missing', async () => {
    const recording = server.library.add()
    const tracks = newTracks(recording, 'de')
    tracks.epoch(0)
    for (const second of [0, 1, 2, 3, 4, 5]) tracks.media(second)
    tracks.text(0)
    tracks.subtitles.gap({ durationSec: 2, count: 1 })
    tracks.text(2)
    const range = `/recordings/${recording.id}/start/${SAMPLE_START_MS / 1000 + 1}/60/vod.m3u8?`
    const seen = await play(range)
    expect(seen.cues.slice(-3)).toEqual(
      close([
        ['Satz 1', 0.2],
        ['Satz 4', 3.2],
        ['Satz 5', 4.2],
      ]),
    )
    const sought = await play('/live/stream.m3u8?dvr=1&', { seekSec: 3.6 })
    expect(sought.shown).toEqual(expect.arrayContaining(['Satz 4', 'Satz 5']))
    expect(sought.cues.slice(-2)).toEqual(
      close([
        ['Satz 4', 4.2],
        ['Satz 5', 5.2],
      ]),
    )
  })
})
