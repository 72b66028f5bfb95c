import type { Page } from 'playwright'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { launchBrowser, type TestBrowser, type TestPage } from './browser'
import { tempDirForTest } from './temp-dir'
import { startVsr, type VsrProcess } from './vsr-process'
import { waitUntil } from './wait-until'

export interface Interface extends TestPage {
  /** The `vsr serve` behind it. */
  readonly vsr: VsrProcess
}

interface InterfaceOptions {
  /** Absent = an empty one. */
  readonly library?: string
  /** Added to the environment of `vsr serve`. */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Called at the top of a file: one Chromium for its tests. What it returns opens the interface of a `vsr serve` of its own,
 * with an empty library unless told; both go when the running test ends.
 */
export function useInterface(): (options?: InterfaceOptions) => Promise<Interface> {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())
  return async ({ library = tempDirForTest(), env = {} } = {}) => {
    const args = ['serve', '--json', '--port', '0', '--library', library]
    const vsr = await startVsr(args, { env })
    onTestFinished(async () => void (await vsr.stop()))
    const { url, token } = await vsr.waitFor('listening')
    const testPage = await browser.newPage()
    onTestFinished(() => testPage.page.context().close())
    await testPage.page.goto(`${url}?token=${token}`)
    return { ...testPage, vsr }
  }
}

/** The state that the first row of the library shows; null where it shows none. */
export const rowState = (page: Page) =>
  page.getByTestId('recording-row').first().getAttribute('data-state')

/** Pastes an address, clicks on Record and waits until it records. */
export async function recordFrom(page: Page, url: string): Promise<void> {
  await page.getByTestId('url-input').fill(url)
  await page.getByTestId('record-button').click()
  await waitUntil({
    what: 'the recording to run',
    check: async () =>
      (await page.getByTestId('recording-row').count()) > 0 &&
      (await rowState(page)) === 'recording',
  })
}

/** Seconds the picture has come so far; undefined while there is none, or another one is sought. */
const pictureSec = (page: Page) =>
  page
    .getByTestId('video')
    .evaluate(({ videoWidth, readyState, seeking, currentTime }: HTMLVideoElement) =>
      videoWidth > 0 && readyState >= 2 && !seeking ? currentTime : undefined,
    )

/** @returns where it is, in seconds. */
export const waitForPicture = (page: Page) =>
  waitUntil({ what: 'a picture', check: () => pictureSec(page) })

/** What the element says about itself, for the failure of a test. */
const playerState = (page: Page) =>
  page.getByTestId('video').evaluate((video: HTMLVideoElement) => {
    const { currentTime, readyState, networkState, seeking, paused, ended, buffered } = video
    const ranges = Array.from({ length: buffered.length }, (_, index) => [
      buffered.start(index),
      buffered.end(index),
    ])
    return JSON.stringify({ currentTime, readyState, networkState, seeking, paused, ended, ranges })
  })

/** From the first picture on: right after a seek there is none yet. */
export async function waitForMotion(page: Page): Promise<void> {
  const beforeSec = await waitForPicture(page)
  await waitUntil({
    what: 'the picture to move',
    check: async () => ((await pictureSec(page)) ?? 0) > beforeSec + 0.3,
  }).catch(async (error: Error) => {
    throw new Error(`${error.message}: from ${beforeSec}, now ${await playerState(page)}`)
  })
}

/** Whether the picture is at the live edge, as the badge says. */
export const waitForLive = (page: Page, isLive: boolean) =>
  waitUntil({
    what: isLive ? 'the live edge' : 'a place behind the live edge',
    check: async () =>
      (await page.getByTestId('live-badge').getAttribute('data-live')) === String(isLive),
  })

type TimelineFigure = 'start' | 'end' | 'playhead' | 'view-from' | 'view-to'

/**
 * What the timeline shows about itself at one instant, unix ms: of figures that are read one after the other, one may have moved on.
 * NaN for what it does not show, so that nothing compares as true.
 */
export const timelineFigures = (page: Page): Promise<Readonly<Record<TimelineFigure, number>>> =>
  page.getByTestId('timeline').evaluate((timeline: Element) => {
    const figure = (name: string) =>
      Number.parseFloat(timeline.getAttribute(`data-${name}-ms`) ?? '')
    return {
      start: figure('start'),
      end: figure('end'),
      playhead: figure('playhead'),
      'view-from': figure('view-from'),
      'view-to': figure('view-to'),
    }
  })

/** One of them. */
export const timelineMs = async (page: Page, name: TimelineFigure): Promise<number> =>
  (await timelineFigures(page))[name]

export const waitForFootage = (page: Page, seconds: number) =>
  waitUntil({
    what: `${seconds} s of footage on the timeline`,
    deadlineMs: 40_000,
    check: async () => {
      const { start, end } = await timelineFigures(page)
      return end - start >= seconds * 1000
    },
  })

/**
 * Where in the window a part of the timeline shows now what came `sec` after the start of the footage. While it is recorded the
 * view slides, until a mouse button is down.
 */
export async function timelinePoint(page: Page, testId: string, sec: number) {
  const box = await page.getByTestId(testId).boundingBox()
  if (box === null) throw new Error(`${testId} is not there`)
  const [startMs, fromMs, toMs] = await waitUntil({
    what: 'the timeline to show footage',
    check: async () => {
      const { start, 'view-from': from, 'view-to': to } = await timelineFigures(page)
      return start >= from && to > from && ([start, from, to] as const)
    },
  })
  return {
    x: box.x + (box.width * (startMs + sec * 1000 - fromMs)) / (toMs - fromMs),
    y: box.y + box.height / 2,
  }
}
