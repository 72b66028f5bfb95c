import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assertPlayable } from '../../src-main/playback/playable'
import { launchBrowser, type TestBrowser } from '../support/browser'
import { encryptCbcs, encryptCbcsInit } from '../support/cbcs'
import { makeMedia, readMedia } from '../support/media'
import { makePackedAudio } from '../support/packed-audio'
import { encryptPackedAudio, encryptSamples } from '../support/sample-aes'
import { SAMPLE_START_MS, type SampleTrack } from '../support/sample-library'
import { tempDirForTest } from '../support/temp-dir'
import { startTestServer, TEST_TOKEN, type TestServer } from '../support/test-server'
import { waitUntil } from '../support/wait-until'

interface Piece {
  readonly durationSec: number
  readonly body: Uint8Array
}

/** What the page says of its player. */
interface PlayerState {
  readonly ended: boolean
  readonly durationSec: number
  readonly fatal: readonly string[]
  /** Instants of the video fragments, unix ms. */
  readonly fragmentsMs: readonly number[]
  /** The last picture, 16 by 9 points of red, green, blue, alpha. */
  readonly picture: readonly number[]
}

const pageScript = `
  const state = { ended: false, durationSec: 0, fatal: [], fragmentsMs: [], picture: [] }
  window.playerState = state
  const video = document.querySelector('video')
  video.muted = true
  video.addEventListener('ended', () => {
    const context = document.createElement('canvas').getContext('2d')
    context.drawImage(video, 0, 0, 16, 9)
    state.picture = [...context.getImageData(0, 0, 16, 9).data]
    state.ended = true
  })
  const player = new Hls({ enableWorker: true })
  player.on(Hls.Events.ERROR, (_, error) => { if (error.fatal) state.fatal.push(error.details) })
  player.on(Hls.Events.LEVEL_LOADED, (_, { details }) => {
    state.fragmentsMs = details.fragments.map((fragment) => fragment.programDateTime)
  })
  player.on(Hls.Events.MANIFEST_PARSED, () => video.play())
  video.addEventListener('durationchange', () => { state.durationSec = video.duration })
  video.addEventListener('playing', () => { video.playbackRate = 4 })
  player.loadSource(new URLSearchParams(location.search).get('play'))
  player.attachMedia(video)
`

let browser: TestBrowser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** A server whose page plays what `?play=` names with the real hls.js, under the interface's own policy. */
async function startPlayerServer(): Promise<TestServer> {
  const staticDir = tempDirForTest()
  const html =
    '<!doctype html><video></video><script src="/hls.js"></script><script src="/page.js"></script>'
  writeFileSync(path.join(staticDir, 'index.html'), html)
  writeFileSync(path.join(staticDir, 'page.js'), pageScript)
  const hlsJs = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js')
  copyFileSync(hlsJs, path.join(staticDir, 'hls.js'))
  return startTestServer({ staticDir })
}

/** Plays a playlist to its end and gives back what the player saw. */
async function playToEnd(server: TestServer, tail: string): Promise<PlayerState> {
  const { page, errors } = await browser.newPage()
  try {
    const play = encodeURIComponent(`${tail}token=${TEST_TOKEN}`)
    await page.goto(`${server.origin}/?play=${play}`)
    // The page's policy forbids playwright's own polling, which evaluates text.
    await waitUntil({
      what: 'the player to reach the end',
      check: () => page.evaluate<boolean>('playerState.ended || playerState.fatal.length > 0'),
      deadlineMs: 40_000,
    }).catch(async (error: unknown) => {
      const stuck = 'JSON.stringify([playerState, document.querySelector("video").currentTime])'
      throw new Error(`stuck at ${await page.evaluate<string>(stuck)}`, { cause: error })
    })
    const favicon = (text: string) => /favicon|401/.test(text)
    expect(errors.filter((text) => !favicon(text))).toEqual([])
    return await page.evaluate<PlayerState>('playerState')
  } finally {
    await page.context().close()
  }
}

function addPieces(track: SampleTrack, pieces: readonly Piece[], initIndex = -1) {
  const extension = initIndex < 0 ? 'ts' : 'm4s'
  for (const { durationSec, body } of pieces)
    track.segment({ durationSec, extension, initIndex }, body)
}

async function readPieces(dir: string, playlist: string): Promise<Piece[]> {
  const text = readFileSync(path.join(dir, playlist), 'utf8')
  return [...text.matchAll(/#EXTINF:([\d.]+),.*\n([^#\s]+)/g)].map(([, sec = '', name = '']) => ({
    durationSec: Number(sec),
    body: new Uint8Array(readFileSync(path.join(dir, name))),
  }))
}

describe('hls.js plays', () => {
  it('a TS recording over a gap and a restart of its timestamps', async () => {
    const server = await startPlayerServer()
    const { media } = await readMedia({ kind: 'ts' })
    const track = server.library.add().sampleTrack()
    track.discontinuity({ reason: 'epoch' })
    addPieces(track, media.slice(0, 3))
    track.gap({ durationSec: 20 })
    addPieces(track, media.slice(4, 6))
    track.discontinuity({ reason: 'epoch', epoch: 1 })
    addPieces(track, media.slice(0, 3))
    const state = await playToEnd(server, '/live/stream.m3u8?dvr=1&')
    expect(state).toMatchObject({ ended: true, fatal: [], durationSec: expect.closeTo(8, 0) })
    expect(state.fragmentsMs.map((ms) => Math.round((ms - SAMPLE_START_MS) / 1000))).toEqual([
      0, 1, 2, 23, 24, 25, 26, 27,
    ])
  })

  it('an fMP4 recording whose initialization section changes', async () => {
    const server = await startPlayerServer()
    const { media, initSection } = await readMedia({ kind: 'fmp4' })
    const track = server.library.add().sampleTrack()
    track.discontinuity({ reason: 'epoch' })
    addPieces(track, media.slice(0, 3), track.init({}, initSection))
    track.discontinuity({ reason: 'init-change' })
    addPieces(track, media.slice(0, 3), track.init({}, initSection))
    const state = await playToEnd(server, '/live/stream.m3u8?dvr=1&')
    expect(state).toMatchObject({ ended: true, fatal: [], durationSec: expect.closeTo(6, 0) })
  })

  it('a span of a recording with separate audio, under its own address', async () => {
    const server = await startPlayerServer()
    const { dir } = await makeMedia({ kind: 'multivariant' })
    const recording = server.library.add()
    const video = recording.sampleTrack({ bandwidth: 400_000 })
    const audio = recording.sampleTrack({ id: 'a0', kind: 'audio', language: 'en' })
    for (const [track, playlist] of [
      [video, 'high.m3u8'],
      [audio, 'sound.m3u8'],
    ] as const) {
      const pieces = await readPieces(dir, playlist)
      track.discontinuity({ reason: 'epoch' })
      addPieces(track, pieces.slice(0, 2))
      track.gap({ durationSec: 10 })
      addPieces(track, pieces.slice(3))
    }
    const path = `/recordings/${recording.id}/start/${SAMPLE_START_MS / 1000 + 1}/60/vod.m3u8?`
    const state = await playToEnd(server, path)
    expect(state).toMatchObject({ ended: true, fatal: [], durationSec: expect.closeTo(4, 0) })
  })

  it('a recording whose audio alone has a gap', async () => {
    const server = await startPlayerServer()
    const { dir } = await makeMedia({ kind: 'multivariant' })
    const recording = server.library.add()
    const video = recording.sampleTrack({ bandwidth: 400_000 })
    const audio = recording.sampleTrack({ id: 'a0', kind: 'audio', language: 'en' })
    video.discontinuity({ reason: 'epoch' })
    addPieces(video, await readPieces(dir, 'high.m3u8'))
    const sound = await readPieces(dir, 'sound.m3u8')
    audio.discontinuity({ reason: 'epoch' })
    addPieces(audio, sound.slice(0, 2))
    audio.gap({ durationSec: 1 })
    addPieces(audio, sound.slice(3))
    const state = await playToEnd(server, '/live/stream.m3u8?dvr=1&')
    expect(state).toMatchObject({ ended: true, fatal: [] })
  })

  it('S05 encrypted samples (SAMPLE-AES): keys that change, with and without IV, and what is in the clear', async () => {
    const server = await startPlayerServer()
    const { media } = await readMedia({ kind: 'ts' })
    const clear = server.library.add({ id: 'clear0000001' }).sampleTrack()
    addPieces(clear, media)
    const expected = await playToEnd(server, '/recordings/clear0000001/live/stream.m3u8?dvr=1&')

    const track = server.library.add({ id: 'sealed000001' }).sampleTrack()
    const secrets = [1, 2].map((byte) => Buffer.alloc(16, byte))
    const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = secrets
    const iv = Buffer.alloc(16, 0xa5)
    const seal = (at: number, key: Buffer, keyIndex: number, explicit: boolean) => {
      const piece = media[at]
      if (piece === undefined) throw new Error(`no piece ${at}`)
      const mediaSequence = 0xfffe + at
      const byNumber = Buffer.from(mediaSequence.toString(16).padStart(32, '0'), 'hex')
      const body = encryptSamples({ ts: piece.body, key, iv: explicit ? iv : byNumber })
      track.segment({ durationSec: piece.durationSec, mediaSequence, keyIndex }, body)
    }
    const withIv = track.key({ iv: iv.toString('hex') }, first)
    seal(0, first, withIv, true)
    seal(1, first, withIv, true)
    addPieces(track, media.slice(2, 3))
    const byNumber = track.key({}, second)
    for (const at of [3, 4, 5]) seal(at, second, byNumber, false)
    const state = await playToEnd(server, '/recordings/sealed000001/live/stream.m3u8?dvr=1&')
    expect(state).toMatchObject({ ended: true, fatal: [] })
    expect(state.durationSec).toBeCloseTo(expected.durationSec, 1)
    const farthest = state.picture.map((value, at) => Math.abs(value - (expected.picture[at] ?? 0)))
    expect(state.picture.length).toBe(16 * 9 * 4)
    expect(Math.max(...farthest)).toBeLessThan(8)

    const key = `${server.origin}/live/sealed000001-v0-${withIv}.key`
    expect((await fetch(key)).status).toBe(401)
    const answer = await fetch(`${key}?token=${TEST_TOKEN}`)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(first)
  })

  it('encrypted samples (SAMPLE-AES) of packed AAC', async () => {
    const server = await startPlayerServer()
    const track = server.library.add().sampleTrack({ kind: 'audio', codecs: 'mp4a.40.2' })
    const [key, iv] = [Buffer.alloc(16, 0x3c), Buffer.alloc(16, 0xc3)]
    const keyIndex = track.key({ iv: iv.toString('hex') }, key)
    const media = await makePackedAudio({ format: 'aac', durationSec: 4, firstPts: 90_000 })
    for (const { durationSec, body } of media) {
      const sealed = encryptPackedAudio({ body, key, iv })
      track.segment({ durationSec, keyIndex, extension: 'aac' }, sealed)
    }
    const state = await playToEnd(server, '/live/stream.m3u8?dvr=1&')
    expect(state).toMatchObject({ ended: true, fatal: [], durationSec: expect.closeTo(4, 0) })
  })

  it('no encrypted samples of fMP4, which playback.open says before it tries', async () => {
    const server = await startPlayerServer()
    const { media, initSection = new Uint8Array() } = await readMedia({ kind: 'fmp4' })
    const track = server.library.add().sampleTrack()
    const [key, iv] = [Buffer.alloc(16, 0x3c), Buffer.alloc(16, 0xc3)]
    const initIndex = track.init({}, encryptCbcsInit(initSection, iv))
    const keyIndex = track.key({}, key)
    for (const { durationSec, body } of media) {
      const sealed = encryptCbcs({ init: initSection, segment: body, key, iv })
      track.segment({ durationSec, keyIndex, initIndex, extension: 'm4s' }, sealed)
    }
    const state = await playToEnd(server, '/live/stream.m3u8?dvr=1&')
    expect(state.fatal).not.toEqual([])
    expect(() => assertPlayable([track])).toThrow('cannot be played here')
  })
})
