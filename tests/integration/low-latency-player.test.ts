import { copyFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, type TestBrowser } from '../support/browser'
import { PARTS_PER_SEGMENT } from '../support/ll-media'
import {
  feedParts,
  startLowLatencyRecording,
  untilStored,
  untilWaiting,
} from '../support/ll-recording'
import { tempDirForTest } from '../support/temp-dir'
import { TEST_TOKEN } from '../support/test-server'
import { waitUntil } from '../support/wait-until'

/** What the page says of its player. */
interface PlayerState {
  readonly fatal: readonly string[]
  readonly canBlockReload: boolean
  /** End of the last segment that is listed whole, and of what is in the player's buffer. Seconds of media time. */
  readonly wholeEndSec: number
  readonly bufferedEndSec: number
  readonly partsLoaded: number
}

const pageScript = `
  const state = { fatal: [], canBlockReload: false, wholeEndSec: 0, partsLoaded: 0 }
  const video = document.querySelector('video')
  video.muted = true
  const player = new Hls({ lowLatencyMode: true })
  player.on(Hls.Events.ERROR, (_, error) => { if (error.fatal) state.fatal.push(error.details) })
  player.on(Hls.Events.LEVEL_UPDATED, (_, { details }) => {
    state.canBlockReload = details.canBlockReload
    const last = details.fragments.at(-1)
    state.wholeEndSec = last.start + last.duration
  })
  player.on(Hls.Events.FRAG_BUFFERED, (_, { part }) => { if (part) state.partsLoaded += 1 })
  player.on(Hls.Events.MANIFEST_PARSED, () => video.play())
  player.loadSource(new URLSearchParams(location.search).get('play'))
  player.attachMedia(video)
  window.look = () => {
    const { buffered } = video
    const bufferedEndSec = buffered.length === 0 ? 0 : buffered.end(buffered.length - 1)
    return { ...state, bufferedEndSec }
  }
`

let browser: TestBrowser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

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

describe('hls.js in low-latency mode', () => {
  it.each([
    ['ts', 'stream.m3u8?'],
    ['fmp4', 'stream.m3u8?'],
    ['fmp4', 'stream.m3u8?dvr=1&'],
  ] as const)('plays %s parts of a segment that is not whole yet (%s)', async (kind, file) => {
    const { origin, recording, serve } = await startLowLatencyRecording(kind)
    const server = await serve(pageWithPlayer())
    await untilWaiting(origin)
    const { page } = await browser.newPage()
    try {
      const play = `/recordings/${recording.id}/live/${file}token=${TEST_TOKEN}`
      await page.goto(`${server.origin}/?play=${encodeURIComponent(play)}`)
      const look = () => page.evaluate<PlayerState>('look()')
      const until = (what: string, check: (state: PlayerState) => boolean) =>
        waitUntil({ what, check: async () => check(await look()) }).catch(
          async (cause: unknown) => {
            throw new Error(`stuck at ${JSON.stringify(await look())}`, { cause })
          },
        )
      await until('the player to begin', ({ bufferedEndSec }) => bufferedEndSec > 2)
      // hls.js loads parts once those of a whole segment are listed before them.
      await feedParts(origin, PARTS_PER_SEGMENT + 3)
      await until(
        'parts in the buffer behind the last whole segment',
        ({ bufferedEndSec, wholeEndSec }) => bufferedEndSec > wholeEndSec + 0.3,
      )
      await untilStored(recording, 4)
      expect(recording.figures.segments).toBe(4)
      await feedParts(origin, 2 * PARTS_PER_SEGMENT)
      await untilStored(recording, 6)
      // So many at once are more than real time: hls.js may take the whole segments then.
      await until(
        'the player to go on',
        ({ bufferedEndSec, wholeEndSec }) =>
          wholeEndSec > 5.9 && bufferedEndSec > wholeEndSec - 0.1,
      )
      const state = await look()
      expect(state).toMatchObject({ fatal: [], canBlockReload: true })
      expect(state.partsLoaded).toBeGreaterThan(4)
    } finally {
      await page.context().close()
    }
  })
})
