import { existsSync } from 'node:fs'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { launchBrowser, type TestBrowser, type TestPage } from '../support/browser'
import { type LiveSource, startLiveSource } from '../support/live-source'
import { probeFile } from '../support/probe-file'
import { createTempDir } from '../support/temp-dir'
import { startVsr, type VsrProcess } from '../support/vsr-process'
import { waitUntil } from '../support/wait-until'

/** Issue 2, item 3: what a person does with mouse and keyboard, in a real Chromium, from a URL to an MP4. */

let browser: TestBrowser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

interface Session extends TestPage {
  readonly vsr: VsrProcess
}

async function openInterface(): Promise<Session> {
  const library = createTempDir()
  const vsr = await startVsr(['serve', '--json', '--port', '0', '--library', library.dir])
  onTestFinished(async () => {
    await vsr.stop()
    await library.remove()
  })
  const { url, token } = await vsr.waitFor('listening')
  const page = await browser.newPage()
  onTestFinished(() => page.page.context().close())
  await page.page.goto(`${url}?token=${token}`)
  return { ...page, vsr }
}

const byId = (page: Page, id: string) => page.getByTestId(id)

/** Seconds the picture has come so far; undefined while there is none, or another one is sought. */
const pictureSec = (page: Page) =>
  byId(page, 'video').evaluate(
    ({ videoWidth, readyState, seeking, currentTime }: HTMLVideoElement) =>
      videoWidth > 0 && readyState >= 2 && !seeking ? currentTime : undefined,
  )

/** What the element says about itself, for the failure of a test. */
const playerState = (page: Page) =>
  byId(page, 'video').evaluate((video: HTMLVideoElement) => {
    const { currentTime, readyState, networkState, seeking, paused, ended, buffered } = video
    const ranges = Array.from({ length: buffered.length }, (_, index) => [
      buffered.start(index),
      buffered.end(index),
    ])
    return JSON.stringify({ currentTime, readyState, networkState, seeking, paused, ended, ranges })
  })

const waitForPicture = (page: Page) =>
  waitUntil({ what: 'a picture', check: () => pictureSec(page) })

/** From the first picture on: right after a seek there is none yet. */
async function waitForMotion(page: Page) {
  const beforeSec = await waitForPicture(page)
  await waitUntil({
    what: 'the picture to move',
    check: async () => ((await pictureSec(page)) ?? 0) > beforeSec + 0.3,
  }).catch(async (error: Error) => {
    throw new Error(`${error.message}: from ${beforeSec}, now ${await playerState(page)}`)
  })
}

/** A figure that the timeline shows about itself, unix ms. */
const timelineMs = async (
  page: Page,
  name: 'start' | 'end' | 'playhead' | 'view-from' | 'view-to',
) => Number(await byId(page, 'timeline').getAttribute(`data-${name}-ms`))

const rowState = (page: Page) => byId(page, 'recording-row').first().getAttribute('data-state')

async function waitForFootage(page: Page, seconds: number) {
  await waitUntil({
    what: `${seconds} s of footage on the timeline`,
    deadlineMs: 40_000,
    check: async () =>
      (await timelineMs(page, 'end')) - (await timelineMs(page, 'start')) >= seconds * 1000,
  })
}

/** Drags from one instant to another, `…Sec` after the start of the footage, in steps as a hand does. */
async function drag(page: Page, testId: string, fromSec: number, toSec: number) {
  const box = await byId(page, testId).boundingBox()
  if (box === null) throw new Error(`${testId} is not there`)
  const [startMs, viewFromMs, viewToMs] = await Promise.all([
    timelineMs(page, 'start'),
    timelineMs(page, 'view-from'),
    timelineMs(page, 'view-to'),
  ])
  const x = (sec: number) =>
    box.x + (box.width * (startMs + sec * 1000 - viewFromMs)) / (viewToMs - viewFromMs)
  const y = box.y + box.height / 2
  await page.mouse.move(x(fromSec), y)
  await page.mouse.down()
  for (let step = 1; step <= 10; step += 1) {
    await page.mouse.move(x(fromSec + ((toSec - fromSec) * step) / 10), y)
  }
  await page.mouse.up()
}

async function recordFrom({ page }: Session, url: string) {
  await byId(page, 'url-input').fill(url)
  await byId(page, 'record-button').click()
  await waitUntil({
    what: 'the recording to run',
    check: async () =>
      (await byId(page, 'recording-row').count()) > 0 && (await rowState(page)) === 'recording',
  })
}

async function exportSelection({ page }: Session): Promise<string> {
  await byId(page, 'export-button').click()
  await waitUntil({
    what: 'the export to be done',
    deadlineMs: 30_000,
    check: async () =>
      (await byId(page, 'export-row').count()) > 0 &&
      (await byId(page, 'export-row').first().getAttribute('data-state')) === 'done',
  })
  const file = await byId(page, 'export-file').first().textContent()
  if (file === null) throw new Error('the export names no file')
  return file
}

describe.each(['mpegts', 'fmp4'] as const)('a live %s source', (segmentType) => {
  let source: LiveSource
  beforeAll(async () => {
    source = await startLiveSource({ segmentType, segmentSec: 2, waitForSegments: 3 })
  })
  afterAll(() => source.stop())

  it('goes from URL to MP4: record, watch, scrub, live, range, export, stop, VOD, delete', async () => {
    const session = await openInterface()
    const { page, errors, screenshot } = session

    await recordFrom(session, source.url)
    await waitForPicture(page)
    await waitForMotion(page)

    // The timeline grows, and the player is at the live edge.
    await waitForFootage(page, 12)
    expect(await byId(page, 'live-badge').getAttribute('data-live')).toBe('true')
    await screenshot(`live-${segmentType}`)

    // Scrub back while it records.
    await drag(page, 'timeline-ruler', 8, 2)
    await waitUntil({
      what: 'the playhead to follow the pointer back',
      check: async () =>
        (await timelineMs(page, 'playhead')) < (await timelineMs(page, 'start')) + 5_000,
    })
    await waitForMotion(page)
    expect(await byId(page, 'live-badge').getAttribute('data-live')).toBe('false')

    // Back to live.
    await byId(page, 'live-badge').click()
    await waitUntil({
      what: 'the live edge',
      check: async () => (await byId(page, 'live-badge').getAttribute('data-live')) === 'true',
    })
    await waitForMotion(page)

    // A range, exported while it still records.
    await drag(page, 'timeline-lane', 2, 9)
    const file = await exportSelection(session)
    expect(existsSync(file)).toBe(true)
    const media = await probeFile(file)
    expect(media.format).toContain('mp4')
    expect(media.streams.map(({ type }) => type).sort()).toEqual(['audio', 'video'])
    expect(media.durationSec).toBeGreaterThanOrEqual(6.9)
    expect(media.durationSec).toBeLessThan(10)
    await screenshot(`exported-${segmentType}`)

    // Stop: it plays as VOD from the start.
    await byId(page, 'stop-button').first().click()
    await waitUntil({
      what: 'the recording to be stopped',
      check: async () => (await rowState(page)) === 'stopped',
    })
    await page.keyboard.press('Home')
    await waitUntil({
      what: 'the playhead to be at the start',
      check: async () =>
        (await timelineMs(page, 'playhead')) < (await timelineMs(page, 'start')) + 3_000,
    })
    await waitForPicture(page)
    await waitForMotion(page)
    await screenshot(`vod-${segmentType}`)

    // Delete it.
    await byId(page, 'delete-button').first().click()
    await byId(page, 'confirm-delete').click()
    await waitUntil({
      what: 'the library to be empty',
      check: async () => (await byId(page, 'recording-row').count()) === 0,
    })
    expect(errors).toEqual([])
  })
})

describe('the demo stream', () => {
  it('records with no URL and by keyboard', async () => {
    const session = await openInterface()
    const { page, errors, screenshot } = session
    await screenshot('empty')
    await byId(page, 'demo-button').focus()
    await page.keyboard.press('Enter')
    await waitForFootage(page, 4)
    await waitForPicture(page)
    await waitForMotion(page)
    await screenshot('demo')

    // Range with I and O, export with E: all by keyboard.
    await page.keyboard.press('Home')
    await page.keyboard.press('i')
    await page.keyboard.press('End')
    await page.keyboard.press('o')
    await page.keyboard.press('e')
    await waitUntil({
      what: 'the export to be done',
      deadlineMs: 30_000,
      check: async () =>
        (await byId(page, 'export-row').count()) > 0 &&
        (await byId(page, 'export-row').first().getAttribute('data-state')) === 'done',
    })
    expect(errors).toEqual([])
  })
})

describe('keys after ordinary clicks', () => {
  const isPaused = (page: Page) =>
    byId(page, 'video').evaluate((video: HTMLVideoElement) => video.paused)
  const waitForPause = (page: Page, paused: boolean) =>
    waitUntil({
      what: paused ? 'a pause' : 'the picture to go on',
      check: async () => (await isPaused(page)) === paused,
    })

  it('are for the player; typed times, a pause and a reload do what they say', async () => {
    const session = await openInterface()
    const { page, errors, screenshot } = session
    await byId(page, 'url-input').fill('demo:')
    await page.keyboard.press('Enter')
    await waitForFootage(page, 8)
    await waitForMotion(page)

    // Enter in the address box gave the focus back; so does a click on a row.
    await page.keyboard.press('Space')
    await waitForPause(page, true)
    await page.locator('.recording-open').first().click()
    await page.keyboard.press('Space')
    await waitForPause(page, false)

    // A paused picture is not live, and live goes on without it.
    await page.keyboard.press('k')
    await waitUntil({
      what: 'the badge to be grey',
      check: async () => (await byId(page, 'live-badge').getAttribute('data-live')) === 'false',
    })
    const behind = async () => await page.locator('.wall-clock .soft').textContent()
    const before = await behind()
    await waitUntil({
      what: 'the way back to live to grow',
      check: async () => (await behind()) !== before,
    })
    await page.keyboard.press('End')

    // Typed times: what does not fit is refused with a sentence, and nothing is exported meanwhile.
    await byId(page, 'range-out').fill('5')
    await page.keyboard.press('Enter')
    await byId(page, 'range-in').fill('6')
    await page.keyboard.press('Enter')
    await byId(page, 'range-problem').waitFor()
    expect(await byId(page, 'export-button').isDisabled()).toBe(true)
    await screenshot('typed-range-refused')
    await byId(page, 'range-in').fill('2')
    await page.keyboard.press('Enter')
    expect(await byId(page, 'range-problem').count()).toBe(0)

    // One click, one export: neither Space nor Enter presses the button again.
    await byId(page, 'export-button').click()
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await waitForPause(page, true)
    await byId(page, 'export-row').first().waitFor()
    expect(await byId(page, 'export-row').count()).toBe(1)

    // Another recording starts; a reload comes back to the one that was open.
    await byId(page, 'demo-button').click()
    await waitUntil({
      what: 'a second recording',
      check: async () => (await byId(page, 'recording-row').count()) === 2,
    })
    await page.locator('.recording-open').last().click()
    const open = () => page.locator('[data-selected="true"]').getAttribute('data-id')
    const id = await open()
    await page.reload()
    await byId(page, 'recording-row').first().waitFor()
    await waitForPicture(page)
    expect(await open()).toBe(id)
    expect(errors).toEqual([])
  })
})

describe('an outage', () => {
  it('is followed by live again for who was watching live', async () => {
    const source = await startLiveSource({
      segmentType: 'mpegts',
      segmentSec: 2,
      listSize: 12,
      waitForSegments: 3,
    })
    onTestFinished(() => source.stop())
    const session = await openInterface()
    const { page } = session
    await recordFrom(session, source.url)
    await waitForFootage(page, 8)
    await waitForMotion(page)
    await source.disconnect()
    const endBefore = await timelineMs(page, 'end')
    await waitUntil({
      what: 'the recording to stall',
      deadlineMs: 30_000,
      check: async () => (await rowState(page)) === 'stalled',
    })
    // Long enough for the live edge to be far ahead of the picture.
    const stalledMs = Date.now()
    await waitUntil({
      what: 'the live edge to be far away',
      deadlineMs: 20_000,
      check: () => Date.now() - stalledMs > 6000,
    })
    await source.reconnect()
    await waitUntil({
      what: 'live again, close behind what is stored',
      deadlineMs: 30_000,
      check: async () => {
        const [endMs, playheadMs] = [
          await timelineMs(page, 'end'),
          await timelineMs(page, 'playhead'),
        ]
        const isLive = (await byId(page, 'live-badge').getAttribute('data-live')) === 'true'
        return isLive && endMs > endBefore + 12_000 && endMs - playheadMs < 7000
      },
    })
    await waitForMotion(page)
  })
})

describe('without a valid token', () => {
  it('S03 says what is wrong with the address and tries nothing any more', async () => {
    const { page } = await openInterface()
    // The page has taken the token out of its address.
    const url = page.url()
    expect(url).not.toContain('token')
    await page.evaluate(() => sessionStorage.clear())
    await page.goto(url)
    await byId(page, 'refused').waitFor()
    expect(await byId(page, 'refused').getAttribute('data-why')).toBe('no-token')
    await page.goto(`${url}?token=old`)
    await byId(page, 'refused').waitFor()
    expect(await byId(page, 'refused').getAttribute('data-why')).toBe('token-refused')
  })
})

describe('bad input', () => {
  it.each([
    ['foo bar', /not a web address/i],
    ['http://nowhere.invalid/stream.m3u8', /could not be found/i],
  ])('answers %s with a sentence', async (url, sentence) => {
    const { page, errors } = await openInterface()
    await byId(page, 'url-input').fill(url)
    await byId(page, 'record-button').click()
    await byId(page, 'error-message').first().waitFor()
    const text = await byId(page, 'error-message').first().textContent()
    expect(text).toMatch(sentence)
    expect(text).not.toMatch(/\bat .*\.js/)
    expect(await byId(page, 'recording-row').count()).toBe(0)
    expect(errors.filter((error) => !error.includes('status of'))).toEqual([])
  })
})
