import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { launchBrowser, type TestBrowser, type TestPage } from '../support/browser'
import { readMedia } from '../support/media'
import { createTempDir } from '../support/temp-dir'
import { startTestOrigin, type TestOrigin } from '../support/test-origin'
import type { LiveStream, LiveStreamOptions } from '../support/test-origin-stream'
import { startVsr } from '../support/vsr-process'
import { waitUntil } from '../support/wait-until'

/** Issue 3: what the source marks, whose clock it is, what is missing and what is wrong, as a person sees it. */

let browser: TestBrowser
let origin: TestOrigin
let media: LiveStreamOptions['media']
beforeAll(async () => {
  browser = await launchBrowser()
  origin = await startTestOrigin()
  media = (await readMedia({ kind: 'ts' })).media
})
afterAll(async () => {
  await browser.close()
  await origin.stop()
})

const byId = (page: Page, id: string) => page.getByTestId(id)

interface Session extends TestPage {
  readonly stream: LiveStream
}

/** Records a stream of the test origin with the interface, from its first three segments on. */
async function record(options: Omit<LiveStreamOptions, 'media'> & { name: string }) {
  const library = createTempDir()
  const vsr = await startVsr(['serve', '--json', '--port', '0', '--library', library.dir])
  onTestFinished(async () => {
    await vsr.stop()
    await library.remove()
  })
  const { url, token } = await vsr.waitFor('listening')
  const session = await browser.newPage()
  onTestFinished(() => session.page.context().close())
  const { page } = session
  await page.goto(`${url}?token=${token}`)
  const stream = origin.addStream({ media, ...options })
  stream.advance(3)
  await byId(page, 'url-input').fill(origin.urlOf(stream))
  await byId(page, 'record-button').click()
  await untilStored(page, 3)
  return { ...session, stream } satisfies Session
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

/** Moves the pointer over the timeline's lane, `sec` after its start, and reads the tip. */
async function tipAt(page: Page, sec: number): Promise<string> {
  const box = await byId(page, 'timeline-lane').boundingBox()
  if (box === null) throw new Error('the timeline is not there')
  const read = async (name: string) =>
    Number(await byId(page, 'timeline').getAttribute(`data-${name}-ms`))
  const [startMs, fromMs, toMs] = await Promise.all(['start', 'view-from', 'view-to'].map(read))
  if (startMs === undefined || fromMs === undefined || toMs === undefined)
    throw new Error('no view')
  const x = box.x + (box.width * (startMs + sec * 1000 - fromMs)) / (toMs - fromMs)
  await page.mouse.move(x, box.y + 10)
  return (await byId(page, 'timeline-tip').textContent()) ?? ''
}

const untilTip = (page: Page, sec: number, text: string) =>
  waitUntil({
    what: `“${text}” in the tip`,
    check: async () => (await tipAt(page, sec)).includes(text),
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

    const list = byId(page, 'span-list')
    await list.getByText('Ad break').waitFor()
    await list.getByText('Evening news').waitFor()
    const cut = media[0]?.durationSec ?? 1
    await untilTip(page, 3.5 * cut, 'Ad break')
    await untilTip(page, 3.5 * cut, 'Programme: Evening news')
    expect(await tipAt(page, 3.5 * cut)).not.toContain('Gap')
    await untilTip(page, 7.5 * cut, 'Gap: the source itself marks it as missing')
    expect(await tipAt(page, 7.5 * cut)).toContain('1 segment')
    expect(await byId(page, 'gap-list').textContent()).toContain(
      'The source itself marks it as missing.',
    )
    expect(await byId(page, 'completeness').textContent()).toMatch(
      /^9\d(\.\d)? % complete, 1 gap, [\d.]+ s$/,
    )
    expect(await byId(page, 'clock-note').count()).toBe(0)
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
    const playhead = async () =>
      Number(await byId(page, 'timeline').getAttribute('data-playhead-ms')) - zeroMs
    await waitUntil({
      what: 'the playhead to be at the break',
      check: async () => Math.abs((await playhead()) - 3000 * cut) < 1500,
    })
    expect(errors).toEqual([])
  })
})

describe('a source that tells no time', () => {
  it('is marked as such: on the ruler, in the tip, in words', async () => {
    const { page, screenshot } = await record({ name: 'timeless' })
    await byId(page, 'clock-note').waitFor()
    expect(await byId(page, 'clock-note').textContent()).toBe('Arrival time')
    expect(await tipAt(page, 1)).toContain('time of arrival')
    expect(await factOf(page, 'Times').textContent()).toContain('at which it arrived here')
    await screenshot('marks-arrival')
  })
})

describe('a source that fails', () => {
  it('F09 shows state, cause and next try within 10 s, without moving the picture', async () => {
    const { page, stream, screenshot } = await record({ name: 'failing' })
    const place = async () => (await page.locator('.player').boundingBox())?.y
    const before = await place()
    const sinceMs = Date.now()
    const endFault = origin.addFault({
      path: stream.path,
      fault: { kind: 'status', status: 503 },
    })
    onTestFinished(endFault)
    const status = byId(page, 'status-line')
    await status.getByTestId('error-message').waitFor({ timeout: 10_000 })
    await status.getByTestId('next-try').waitFor({ timeout: 10_000 })
    expect(Date.now() - sinceMs).toBeLessThan(10_000)
    const row = byId(page, 'recording-row')
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
    expect(await byId(page, 'next-try').count()).toBe(0)
  })
})
