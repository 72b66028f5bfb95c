import { existsSync } from 'node:fs'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  recordFrom,
  rowState,
  timelineFigures,
  timelineMs,
  timelinePoint,
  useInterface,
  waitForFootage,
  waitForLive,
  waitForMotion,
  waitForPicture,
} from '../support/interface'
import { type LiveSource, startLiveSource } from '../support/live-source'
import { probeFile } from '../support/probe-file'
import { waitUntil } from '../support/wait-until'

/** Issue 2, item 3: what a person does with mouse and keyboard, in a real Chromium, from a URL to an MP4. */

const openInterface = useInterface()

/** Drags from one instant to another, `…Sec` after the start of the footage, in steps as a hand does. */
async function drag(page: Page, testId: string, fromSec: number, toSec: number) {
  const from = await timelinePoint(page, testId, fromSec)
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  // The view stands still from now on.
  const to = await timelinePoint(page, testId, toSec)
  await page.mouse.move(to.x, to.y, { steps: 10 })
  await page.mouse.up()
}

/** Seconds of the marked range, as its fields say. */
async function rangeSec(page: Page): Promise<number> {
  const [from = 0, to = 0] = await Promise.all(
    ['range-in', 'range-out'].map(async (id) => {
      const text = await page.getByTestId(id).inputValue()
      return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
    }),
  )
  return to - from
}

const waitForStart = (page: Page) =>
  waitUntil({
    what: 'the playhead to be at the start',
    check: async () => {
      const { playhead, start } = await timelineFigures(page)
      return playhead < start + 3_000
    },
  })

async function waitForExport(page: Page) {
  const row = page.getByTestId('export-row').first()
  await waitUntil({
    what: 'the export to be done',
    deadlineMs: 30_000,
    check: async () => (await row.getAttribute('data-state')) === 'done',
  })
}

describe.each(['mpegts', 'fmp4'] as const)('a live %s source', (segmentType) => {
  const segmentSec = 2
  let source: LiveSource
  beforeAll(async () => {
    source = await startLiveSource({ segmentType, segmentSec, waitForSegments: 3 })
  })
  afterAll(() => source.stop())

  it('goes from URL to MP4: record, watch, scrub, live, range, export, stop, VOD, delete', async () => {
    const { page, errors, screenshot } = await openInterface()

    await recordFrom(page, source.url)
    await waitForPicture(page)
    await waitForMotion(page)

    // The timeline grows, and the player is at the live edge.
    await waitForFootage(page, 12)
    await waitForLive(page, true)
    await screenshot(`live-${segmentType}`)

    // Scrub back while it records.
    await drag(page, 'timeline-ruler', 8, 2)
    await waitUntil({
      what: 'the playhead to follow the pointer back',
      check: async () => {
        const { playhead, start } = await timelineFigures(page)
        return playhead < start + 5_000
      },
    })
    await waitForMotion(page)
    await waitForLive(page, false)

    // Back to live.
    await page.getByTestId('live-badge').click()
    await waitForLive(page, true)
    await waitForMotion(page)

    // A range, exported while it still records.
    await drag(page, 'timeline-lane', 2, 9)
    const markedSec = await rangeSec(page)
    expect(markedSec).toBeGreaterThan(6)
    await page.getByTestId('export-button').click()
    await waitForExport(page)
    const file = (await page.getByTestId('export-file').first().textContent()) ?? ''
    expect(existsSync(file)).toBe(true)
    const media = await probeFile(file)
    expect(media.format).toContain('mp4')
    expect(media.streams.map(({ type }) => type).sort()).toEqual(['audio', 'video'])
    // Whole segments: of each at both ends there may be more than was marked.
    expect(media.durationSec).toBeGreaterThanOrEqual(markedSec - 0.1)
    expect(media.durationSec).toBeLessThan(markedSec + 2 * segmentSec)
    await screenshot(`exported-${segmentType}`)

    // What is pinned is listed, and stays when the page is loaded anew.
    await page.getByTestId('pin-range').click()
    await page.getByTestId('pin-button').click()
    await page.getByTestId('activity-toggle').click()
    await waitUntil({
      what: 'the disk to be told of',
      check: async () => (await page.getByTestId('storage-line').textContent())?.includes('free'),
    })
    await page.getByTestId('pin-list').getByRole('listitem').first().waitFor()
    expect(await page.getByTestId('pin-button').getAttribute('aria-pressed')).toBe('true')
    await screenshot(`pinned-${segmentType}`)
    await page.getByTestId('exports-toggle').click()

    // Stop: it plays as VOD from the start.
    await page.getByTestId('stop-button').first().click()
    await waitUntil({
      what: 'the recording to be stopped',
      check: async () => (await rowState(page)) === 'stopped',
    })
    await page.keyboard.press('Home')
    await waitForStart(page)
    await waitForPicture(page)
    await waitForMotion(page)
    await screenshot(`vod-${segmentType}`)

    // Delete it, take that back, and delete it for good.
    await page.getByTestId('delete-button').first().click()
    await waitUntil({
      what: 'the recording to be in the trash',
      check: async () =>
        (await page.getByTestId('recording-row').count()) === 0 &&
        (await page.getByTestId('trash-toggle').textContent()) === '1',
    })
    await screenshot(`deleted-${segmentType}`)
    await page.keyboard.press('Control+z')
    await waitUntil({
      what: 'the recording to be back',
      check: async () => (await page.getByTestId('recording-row').count()) === 1,
    })
    await waitForPicture(page)
    await page.getByTestId('delete-button').first().click()
    await page.getByTestId('trash-toggle').click()
    await page.getByTestId('trash-row').waitFor()
    await screenshot(`trash-${segmentType}`)
    await page.getByTestId('empty-trash').click()
    await waitUntil({
      what: 'the trash to be empty',
      check: async () => (await page.getByTestId('trash-row').count()) === 0,
    })
    await page.keyboard.press('Escape')
    await waitUntil({
      what: 'the library to be empty',
      check: async () => (await page.getByTestId('recording-row').count()) === 0,
    })
    expect(errors).toEqual([])
  })
})

describe('the demo stream', () => {
  it('records with no URL and by keyboard', async () => {
    const { page, errors, screenshot } = await openInterface()
    await screenshot('empty')
    await page.getByTestId('demo-button').focus()
    await page.keyboard.press('Enter')
    await waitForFootage(page, 4)
    await waitForPicture(page)
    await waitForMotion(page)
    await screenshot('demo')

    // Range with I and O, export with E: all by keyboard.
    await page.keyboard.press('Home')
    await waitForStart(page)
    await page.keyboard.press('i')
    await page.keyboard.press('End')
    await waitForLive(page, true)
    await page.keyboard.press('o')
    await page.keyboard.press('e')
    await waitForExport(page)
    expect(errors).toEqual([])
  })
})

describe('keys after ordinary clicks', () => {
  const isPaused = (page: Page) =>
    page.getByTestId('video').evaluate((video: HTMLVideoElement) => video.paused)
  const waitForPause = (page: Page, paused: boolean) =>
    waitUntil({
      what: paused ? 'a pause' : 'the picture to go on',
      check: async () => (await isPaused(page)) === paused,
    })

  it('are for the player; typed times, a pause and a reload do what they say', async () => {
    const { page, errors, screenshot } = await openInterface()
    await page.getByTestId('url-input').fill('demo:')
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
    await waitForLive(page, false)
    const behind = async () => await page.locator('.wall-clock .soft').textContent()
    const before = await behind()
    await waitUntil({
      what: 'the way back to live to grow',
      check: async () => (await behind()) !== before,
    })
    await page.keyboard.press('End')
    await waitForPause(page, false)

    // Typed times: what does not fit is refused with a sentence, and nothing is exported meanwhile.
    await page.getByTestId('range-out').fill('5')
    await page.keyboard.press('Enter')
    await page.getByTestId('range-in').fill('6')
    await page.keyboard.press('Enter')
    await page.getByTestId('range-problem').waitFor()
    expect(await page.getByTestId('export-button').isDisabled()).toBe(true)
    await screenshot('typed-range-refused')
    await page.getByTestId('range-in').fill('2')
    await page.keyboard.press('Enter')
    await page.getByTestId('range-problem').waitFor({ state: 'detached' })

    // One click, one export: neither Space nor Enter presses the button again.
    await page.getByTestId('export-button').click()
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await waitForPause(page, true)
    await page.getByTestId('export-row').first().waitFor()
    expect(await page.getByTestId('export-row').count()).toBe(1)

    // Another recording starts and is opened; a reload comes back to the one that was open.
    const openId = () => page.locator('[data-selected="true"]').getAttribute('data-id')
    const first = await openId()
    await page.getByTestId('demo-button').click()
    await waitUntil({
      what: 'a second recording',
      check: async () =>
        (await page.getByTestId('recording-row').count()) === 2 && (await openId()) !== first,
    })
    await page.locator('.recording-open').last().click()
    await waitUntil({
      what: 'the first recording to be open again',
      check: async () => (await openId()) === first,
    })
    await page.reload()
    await page.getByTestId('recording-row').first().waitFor()
    await waitForPicture(page)
    expect(await openId()).toBe(first)
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
    const { page } = await openInterface()
    await recordFrom(page, source.url)
    await waitForFootage(page, 8)
    await waitForMotion(page)
    await source.disconnect()
    const endBefore = await timelineMs(page, 'end')
    await waitUntil({
      what: 'the recording to stall',
      deadlineMs: 30_000,
      check: async () => (await rowState(page)) === 'stalled',
    })
    const newest = () => Number(/segment-(\d+)\.ts\s*$/.exec(source.playlist())?.[1])
    const newestAtStall = newest()
    await waitUntil({
      what: 'the live edge to be far ahead of the picture',
      check: () => newest() >= newestAtStall + 3,
    })
    await source.reconnect()
    await waitUntil({
      what: 'live again, close behind what is stored',
      deadlineMs: 30_000,
      check: async () => {
        const { end, playhead } = await timelineFigures(page)
        const isLive = (await page.getByTestId('live-badge').getAttribute('data-live')) === 'true'
        return isLive && end > endBefore + 12_000 && end - playhead < 7000
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
    await page.getByTestId('refused').waitFor()
    expect(await page.getByTestId('refused').getAttribute('data-why')).toBe('no-token')
    await page.goto(`${url}?token=old`)
    await page.getByTestId('refused').waitFor()
    expect(await page.getByTestId('refused').getAttribute('data-why')).toBe('token-refused')
  })
})

describe('bad input', () => {
  it.each([
    ['foo bar', /not a web address/i],
    ['http://nowhere.invalid/stream.m3u8', /could not be found/i],
  ])('answers %s with a sentence', async (url, sentence) => {
    const { page, errors } = await openInterface()
    await page.getByTestId('url-input').fill(url)
    await page.getByTestId('record-button').click()
    await page.getByTestId('error-message').first().waitFor()
    const text = await page.getByTestId('error-message').first().textContent()
    expect(text).toMatch(sentence)
    expect(text).not.toMatch(/\bat .*\.js/)
    expect(await page.getByTestId('recording-row').count()).toBe(0)
    expect(errors.filter((error) => !error.includes('status of'))).toEqual([])
  })
})
