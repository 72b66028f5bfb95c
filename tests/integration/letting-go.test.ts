import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createPlaybackRoutes } from '../../src-main/playback/playback-routes'
import { systemClock } from '../../src-main/ports/clock'
import { createFootageInUse } from '../../src-main/store/footage-in-use'
import { launchBrowser } from '../support/browser'
import { startLiveSource } from '../support/live-source'
import { openTestRecorder, segmentsOf, trackOf } from '../support/real-recorder'
import { tempDirForTest } from '../support/temp-dir'
import { startTestServer, TEST_TOKEN } from '../support/test-server'
import { waitUntil } from '../support/wait-until'

/** What the page says of its player. */
interface PlayerState {
  readonly fatal: readonly string[]
  /** Of the playlist as it was loaded last: its type, and the number and instant of its first segment. */
  readonly type: string | null
  readonly firstNumber: number
  readonly firstMs: number
  readonly listed: number
  /** Instant of the picture, unix ms; 0 while there is none. */
  readonly playingMs: number
}

const pageScript = `
  const state = { fatal: [], type: '', firstNumber: 0, firstMs: 0, listed: 0 }
  const video = document.querySelector('video')
  video.muted = true
  const player = new Hls()
  player.on(Hls.Events.ERROR, (_, error) => { if (error.fatal) state.fatal.push(error.details) })
  player.on(Hls.Events.LEVEL_UPDATED, (_, { details }) => {
    state.type = details.type
    state.firstNumber = details.fragments[0].sn
    state.firstMs = details.fragments[0].programDateTime
    state.listed = details.fragments.length
  })
  player.on(Hls.Events.MANIFEST_PARSED, () => video.play())
  player.loadSource(new URLSearchParams(location.search).get('play'))
  player.attachMedia(video)
  window.look = () => ({ ...state, playingMs: player.playingDate?.getTime() ?? 0 })
`

function pageWithPlayer(): string {
  const staticDir = tempDirForTest()
  const html =
    '<!doctype html><video></video><script src="/hls.js"></script><script src="/page.js"></script>'
  writeFileSync(path.join(staticDir, 'index.html'), html)
  writeFileSync(path.join(staticDir, 'page.js'), pageScript)
  const hlsJs = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js')
  copyFileSync(hlsJs, path.join(staticDir, 'hls.js'))
  return staticDir
}

it('hls.js plays on in a recording that lets go of its beginning while it is recorded and watched', async () => {
  const source = await startLiveSource({ segmentType: 'fmp4', segmentSec: 1 })
  onTestFinished(() => source.stop())
  const { library, record } = await openTestRecorder()
  const { recording, untilSegments, stop } = await record(source.url)
  // What the player asks for is not held here: it has to live with what goes.
  const unheld = { ...library, inUse: createFootageInUse({ clock: systemClock }) }
  const playbackRoutes = createPlaybackRoutes({
    library: unheld,
    clock: systemClock,
    currentRecordingId: () => recording.id,
  })
  const server = await startTestServer({
    overrides: { playbackRoutes },
    staticDir: pageWithPlayer(),
  })
  await untilSegments(6)
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  const { page } = await browser.newPage()
  const play = `/recordings/${recording.id}/live/stream.m3u8?dvr=1&token=${TEST_TOKEN}`
  await page.goto(`${server.origin}/?play=${encodeURIComponent(play)}`)
  const look = () => page.evaluate<PlayerState>('look()')
  const until = (what: string, check: (state: PlayerState) => boolean) =>
    waitUntil({ what, check: async () => check(await look()), deadlineMs: 30_000 }).catch(
      async (cause: unknown) => {
        throw new Error(`stuck at ${JSON.stringify(await look())}`, { cause })
      },
    )
  await until('the player to begin', ({ playingMs }) => playingMs > 0)
  expect(await look()).toMatchObject({ type: 'EVENT', firstNumber: 0 })

  const track = await trackOf(recording)
  const [first] = segmentsOf(track)
  let gone = 0
  for (let round = 0; round < 3; round += 1) {
    const { playingMs } = await look()
    await until('the player to go on', (state) => state.playingMs > playingMs + 2500)
    const { segments, untilMs = 0 } = await recording.letGo({
      beforeMs: (await look()).playingMs - 1500,
    })
    gone += segments
    await until(
      'the player to hear of it',
      ({ firstNumber, firstMs }) => firstNumber === gone && Math.abs(firstMs - untilMs) < 50,
    )
  }
  expect(gone).toBeGreaterThan(5)
  const state = await look()
  expect(state).toMatchObject({ fatal: [], type: null })
  await until('the player to play on', ({ playingMs }) => playingMs > state.playingMs + 1000)
  expect(first === undefined || existsSync(track.pathOf(first))).toBe(false)
  await stop()

  // Who comes now gets all that is left.
  const base = `/recordings/${recording.id}`
  const text = await (await server.get(`${base}/live/stream.m3u8?dvr=1`)).text()
  expect(text).toContain(`#EXT-X-MEDIA-SEQUENCE:${gone}\n`)
  expect(text.match(/#EXTINF/g)).toHaveLength(recording.figures.segments)
  const name = `${recording.id}-v0-${first?.index}.m4s`
  expect((await server.get(`${base}/live/${name}`)).status).toBe(404)
  const fromSec = Math.floor((first?.startMs ?? 0) / 1000)
  const all = await server.get(`${base}/start/${fromSec}/now/vod.m3u8`)
  expect((await all.text()).match(/#EXTINF/g)).toHaveLength(recording.figures.segments)
  const none = await server.get(`${base}/start/${fromSec}/1/vod.m3u8`)
  expect(none.status).toBe(404)
  expect(await none.text()).toContain(String(Math.round(recording.figures.startMs ?? 0)))
})
