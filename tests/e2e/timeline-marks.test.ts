import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { recordFrom, timelineMs, timelinePoint, useInterface } from '../support/interface'
import { readMedia } from '../support/media'
import { startTestOrigin, type TestOrigin } from '../support/test-origin'
import type { LiveStreamOptions } from '../support/test-origin-stream'
import { waitUntil } from '../support/wait-until'

/** Issue 3: what the source marks, whose clock it is, what is missing and what is wrong, as a person sees it. */

const openInterface = useInterface()

let origin: TestOrigin
let media: LiveStreamOptions['media']
beforeAll(async () => {
  origin = await startTestOrigin()
  media = (await readMedia({ kind: 'ts' })).media
})
afterAll(() => origin.stop())

/** Records a stream of the test origin with the interface, from its first three segments on. */
async function record(options: Omit<LiveStreamOptions, 'media'> & { name: string }) {
  const session = await openInterface()
  const stream = origin.addStream({ media, ...options })
  stream.advance(3)
  await recordFrom(session.page, origin.urlOf(stream))
  await untilStored(session.page, 3)
  return { ...session, stream }
}

/** The first fact of that name in the open drawer. */
const factOf = (page: Page, name: string) =>
  page.locator('.fact', { has: page.getByText(name, { exact: true }) }).locator('dd')

async function openActivity(page: Page) {
  if ((await page.locator('.drawer').count()) === 0) {
    await page.getByRole('button', { name: 'Activity' }).click()
  }
  await page.locator('.facts').waitFor()
}

async function untilStored(page: Page, segments: number) {
  await page.locator('.recording-header').waitFor()
  await openActivity(page)
  await waitUntil({
    what: `${segments} segments`,
    deadlineMs: 30_000,
    check: async () => Number(await factOf(page, 'Segments').textContent()) >= segments,
  })
}

/** Moves the pointer over the timeline's lane, `sec` after its start, and reads the tip, which may be the one before still. */
async function tipAt(page: Page, sec: number): Promise<string> {
  const { x, y } = await timelinePoint(page, 'timeline-lane', sec)
  await page.mouse.move(x, y)
  return (await page.getByTestId('timeline-tip').textContent()) ?? ''
}

/** Waits until the tip there says all of these, and returns it. */
const untilTip = (page: Page, sec: number, ...parts: readonly string[]) =>
  waitUntil({
    what: `“${parts.join('”, “')}” in the tip`,
    check: async () => {
      const tip = await tipAt(page, sec)
      return parts.every((part) => tip.includes(part)) && tip
    },
  })

describe('what a source marks', () => {
  const zeroMs = Date.UTC(2026, 10, 24, 12)
  const date = (sec: number) => new Date(zeroMs + sec * 1000).toISOString()

  it('is on the timeline: ad breaks, programmes, gaps with their cause, in both themes', async () => {
    const { page, stream, screenshot, errors } = await record({
      name: 'marked',
      programDateTimeMs: zeroMs,
      windowSize: 8,
    })
    stream.tagNext(
      `#EXT-X-DATERANGE:ID="Evening news",CLASS="tv.programme",START-DATE="${date(1)}"`,
      '#EXT-X-CUE-OUT:4',
    )
    stream.advance(4)
    stream.tagNext('#EXT-X-CUE-IN')
    stream.gapNext()
    stream.advance(3)
    await untilStored(page, 9)

    const list = page.getByTestId('span-list')
    await list.getByText('Ad break').waitFor()
    await list.getByText('Evening news').waitFor()
    const cut = media[0]?.durationSec ?? 1
    const inBreak = await untilTip(page, 3.5 * cut, 'Ad break', 'Programme: Evening news')
    expect(inBreak).not.toContain('Gap')
    await untilTip(page, 7.5 * cut, 'Gap: the source itself marks it as missing', '1 segment')
    await page
      .getByTestId('gap-list')
      .getByText('The source itself marks it as missing.')
      .first()
      .waitFor()
    // What is outstanding, since nothing new comes, grows meanwhile.
    expect(await page.getByTestId('completeness').textContent()).toMatch(
      /^\d[\d.]* % complete, 1 gap, [\d.]+ s/,
    )
    expect(await page.getByTestId('clock-note').count()).toBe(0)
    expect(await factOf(page, 'Times').textContent()).toBe('Of the source')
    for (const theme of ['dark', 'light']) {
      await page.evaluate((name) => {
        document.documentElement.dataset['theme'] = name
      }, theme)
      await tipAt(page, 7.5 * cut)
      await screenshot(`marks-${theme}`)
    }
    await page.setViewportSize({ width: 800, height: 600 })
    await screenshot('marks-small')
    // By keyboard: the list leads there.
    await list.getByRole('button', { name: 'Ad break' }).focus()
    await page.keyboard.press('Enter')
    await waitUntil({
      what: 'the playhead to be at the break',
      check: async () =>
        Math.abs((await timelineMs(page, 'playhead')) - zeroMs - 3000 * cut) < 1500,
    })
    expect(errors).toEqual([])
  })
})

describe('a source that tells no time', () => {
  it('is marked as such: on the ruler, in the tip, in words', async () => {
    const { page, screenshot } = await record({ name: 'timeless' })
    await page.getByTestId('clock-note').waitFor()
    expect(await page.getByTestId('clock-note').textContent()).toBe('Arrival time')
    await untilTip(page, 1, 'time of arrival')
    expect(await factOf(page, 'Times').textContent()).toContain('at which it arrived here')
    await screenshot('marks-arrival')
  })
})

/** When the page tells cause and next try, unix ms: looked at inside of it, so that a slow test takes none of the time. */
const untilTold = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const parts = ['error-message', 'next-try']
        const looking = setInterval(() => {
          const status = document.querySelector('[data-testid="status-line"]')
          if (parts.some((part) => !status?.querySelector(`[data-testid="${part}"]`))) return
          clearInterval(looking)
          resolve(Date.now())
        }, 50)
      }),
  )

describe('a source that fails', () => {
  it('F09 shows state, cause and next try within 10 s, without moving the picture', async () => {
    const { page, stream, screenshot } = await record({ name: 'failing' })
    const place = async () => (await page.locator('.player').boundingBox())?.y
    const before = await place()
    const told = untilTold(page)
    const sinceMs = Date.now()
    const endFault = origin.addFault({
      path: stream.path,
      fault: { kind: 'status', status: 503 },
    })
    onTestFinished(endFault)
    const status = page.getByTestId('status-line')
    expect((await told) - sinceMs).toBeLessThan(10_000)
    const row = page.getByTestId('recording-row')
    expect(await row.getByTestId('next-try').textContent()).toMatch(/^(retry in \d+ s|trying now)$/)
    await status.getByText('error 503').waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    await screenshot('marks-trouble')
    await page.setViewportSize({ width: 800, height: 600 })
    await screenshot('marks-trouble-small')
    await page.setViewportSize({ width: 1280, height: 800 })
    expect(await place()).toBe(before)
    endFault()
    stream.advance(2)
    await status.getByText('Every segment is stored').waitFor({ timeout: 40_000 })
    expect(await page.getByTestId('next-try').count()).toBe(0)
  })
})
