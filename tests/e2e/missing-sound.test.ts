import type { Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { recordFrom, useInterface, waitForMotion } from '../support/interface'
import { addPictureAndSound, serveHoledSound } from '../support/picture-and-sound'
import { startTestOrigin, type TestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

/** Sound that is a track of its own and is missing for a while: a player that has to have both would stop there. */

const openInterface = useInterface()

/** hls.js bridges holes of 10 s in some formats, and loads a minute ahead: what is missing here is longer. */
const LENGTH_SEC = 108
/** How fast it is watched. */
const RATE = 2

async function startOrigin(): Promise<TestOrigin> {
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  return origin
}

interface Look {
  /** Of the page's clock, seconds. */
  readonly atSec: number
  /** Of the recording's time. */
  readonly sec: number
  /** The player says that the sound is missing. */
  readonly isTold: boolean
  /** Bytes of sound that were decoded so far. */
  readonly soundBytes: number
}

/** All of one instant: read one after the other, the sound could be taken away in between. */
function lookAt(page: Page): Promise<Look> {
  return page.getByTestId('timeline').evaluate((timeline: HTMLElement) => {
    const { playheadMs, startMs } = timeline.dataset
    const video = document.querySelector('[data-testid="video"]')
    return {
      atSec: performance.now() / 1000,
      sec: (Number(playheadMs) - Number(startMs)) / 1000,
      isTold: document.querySelector('[data-testid="sound-missing"]') !== null,
      soundBytes: video === null ? 0 : Number(Reflect.get(video, 'webkitAudioDecodedByteCount')),
    }
  })
}

/** What a person sees of it from now on until it is over. */
async function watchToEnd(page: Page): Promise<readonly Look[]> {
  const looks: Look[] = []
  await waitUntil({
    what: 'the end of the picture',
    deadlineMs: 90_000,
    check: async () => {
      looks.push(await lookAt(page))
      return page.getByTestId('video').evaluate((video: HTMLVideoElement) => video.ended)
    },
  }).catch((error: Error) => {
    throw new Error(`${error.message}: it came to ${looks.at(-1)?.sec} s`)
  })
  return looks
}

const within = (looks: readonly Look[], fromSec: number, toSec: number) =>
  looks.filter(({ sec }) => sec >= fromSec && sec <= toSec)

/** That the picture was there all the time, with a word on the sound that is missing. */
function expectMissing(looks: readonly Look[], fromSec: number, toSec: number) {
  const inside = within(looks, fromSec + 1.5, toSec - 1)
  expect(inside.length).toBeGreaterThan(3)
  expect(inside.filter(({ isTold }) => !isTold)).toEqual([])
}

/** That the sound was heard, and nothing said. */
function expectHeard(looks: readonly Look[], fromSec: number, toSec: number) {
  const inside = within(looks, fromSec + 1.5, toSec - 1.5)
  expect(inside.filter(({ isTold }) => isTold)).toEqual([])
  expect(inside.at(-1)?.soundBytes).toBeGreaterThan(inside[0]?.soundBytes ?? 0)
}

/** That the picture goes on without its sound, and has it again once the source gives it. */
async function expectSoundBack(page: Page, heal: () => void) {
  const note = page.getByTestId('sound-missing')
  await note.waitFor({ timeout: 30_000 })
  await waitForMotion(page)
  heal()
  await note.waitFor({ state: 'detached', timeout: 30_000 })
  await waitForMotion(page)
  await waitUntil({
    what: 'sound to be heard',
    check: async () => (await lookAt(page)).soundBytes > 0,
  })
}

describe('sound that is missing', () => {
  it('at the beginning, in the middle and at the end: the picture is watched from its beginning to its end', async () => {
    const origin = await startOrigin()
    const url = await serveHoledSound({
      origin,
      durationSec: LENGTH_SEC,
      hasSound: (sec) => (sec >= 13 && sec < 20) || (sec >= 34 && sec < 41),
    })
    const { page, errors, screenshot } = await openInterface()
    await page.getByTestId('url-input').fill(url)
    await page.getByTestId('record-button').click()
    await page.getByText('Ended').first().waitFor()
    await page.reload()
    await page.getByTestId('sound-missing').waitFor()
    await screenshot('missing-sound')
    await page.getByTestId('rate-select').selectOption(String(RATE))
    await page.getByTestId('play-button').click()
    const looks = await watchToEnd(page)
    expectMissing(looks, 0, 13)
    expectHeard(looks, 13, 20)
    expectMissing(looks, 20, 34)
    expectHeard(looks, 34, 41)
    expectMissing(looks, 41, LENGTH_SEC)
    // Between two looks no more than was played meanwhile, and never back.
    const leaps = looks.slice(1).map(({ sec, atSec }, at) => {
      const before = looks[at] ?? { sec, atSec }
      return { bySec: sec - before.sec, playedSec: (atSec - before.atSec) * RATE }
    })
    expect(Math.max(...leaps.map(({ bySec, playedSec }) => bySec - playedSec))).toBeLessThan(2)
    expect(Math.min(...leaps.map(({ bySec }) => bySec))).toBeGreaterThan(-1)
    expect(errors.filter((text) => !/favicon/.test(text))).toEqual([])
  })

  it('while it is recorded: the picture goes on at the live edge, without sound until it comes back', async () => {
    const origin = await startOrigin()
    const { picture, sound, url } = await addPictureAndSound(origin, LENGTH_SEC)
    const advance = (count: number) => {
      for (const stream of [picture, sound]) stream.advance(count)
    }
    advance(5)
    const { page } = await openInterface()
    await recordFrom(page, url)
    const running = setInterval(() => advance(1), 1000)
    onTestFinished(() => clearInterval(running))
    await waitForMotion(page)
    expect(await page.getByTestId('sound-missing').count()).toBe(0)

    const heal = origin.addFault({ path: /^\/sound\//, fault: { kind: 'status', status: 404 } })
    await expectSoundBack(page, heal)
  })

  it('from the beginning of a live recording: the picture is shown, and the sound is heard once it comes', async () => {
    const origin = await startOrigin()
    const { picture, sound, url } = await addPictureAndSound(origin, LENGTH_SEC)
    picture.advance(5)
    sound.advance(5)
    const heal = origin.addFault({
      path: '/sound/index.m3u8',
      fault: { kind: 'status', status: 404 },
    })
    const { page } = await openInterface()
    await recordFrom(page, url)
    const running = setInterval(() => {
      picture.advance(1)
      sound.advance(1)
    }, 1000)
    onTestFinished(() => clearInterval(running))
    await expectSoundBack(page, heal)
  })
})
