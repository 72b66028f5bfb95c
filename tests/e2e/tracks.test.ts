import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { launchBrowser, type TestBrowser } from '../support/browser'
import { captionOf, serveCaptions } from '../support/caption-media'
import { cueOf, serveLanguages } from '../support/language-source'
import { createTempDir } from '../support/temp-dir'
import { startTestOrigin } from '../support/test-origin'
import { startVsr } from '../support/vsr-process'
import { waitUntil } from '../support/wait-until'

/** A source with two languages, recorded whole and watched, in a real Chromium. */

let browser: TestBrowser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

async function openInterface() {
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
  return page
}

const byId = (page: Page, id: string) => page.getByTestId(id)

const optionsOf = (page: Page, id: string) => byId(page, id).locator('option').allTextContents()

/** Texts of the cues that are on the picture now. */
const shownCues = (page: Page) =>
  byId(page, 'video').evaluate((video: HTMLVideoElement) =>
    Array.from(video.textTracks)
      .filter((track) => track.mode === 'showing')
      .flatMap((track) => Array.from(track.activeCues ?? []))
      .map((cue) => ('text' in cue ? String(cue.text) : '')),
  )

/** As somebody without a mouse gets there. */
async function tabTo(page: Page, id: string) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    if (await byId(page, id).evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`the keyboard does not reach ${id}`)
}

async function setTyped(page: Page, label: string, value: string) {
  const field = page.getByLabel(label)
  await field.fill(value)
  await field.press('Enter')
  await waitUntil({
    what: `${label} to be saved`,
    check: async () => (await page.getByText('Saved').count()) > 0,
  })
}

it('gives the focus back to what opened a drawer or a dialog', async () => {
  const { page } = await openInterface()
  const hasFocus = () =>
    byId(page, 'settings-toggle').evaluate((element) => element === document.activeElement)
  await tabTo(page, 'settings-toggle')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Close' }).focus()
  await page.keyboard.press('Escape')
  await waitUntil({ what: 'the focus to be back after the drawer', check: hasFocus })
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await waitUntil({ what: 'the focus to be back after the dialog', check: hasFocus })
})

describe('a source with captions inside its picture', () => {
  it('has them in the menu of subtitles, by the name of their declaration, and shows them', async () => {
    const origin = await startTestOrigin()
    onTestFinished(() => origin.stop())
    const url = await serveCaptions(origin)
    const { page, screenshot } = await openInterface()
    await byId(page, 'url-input').fill(url)
    await byId(page, 'record-button').click()
    await byId(page, 'subtitles-select').waitFor()
    expect(await optionsOf(page, 'subtitles-select')).toEqual(['No subtitles', 'English captions'])
    await byId(page, 'subtitles-select').selectOption({ label: 'English captions' })
    await waitUntil({
      what: 'the caption of the fourth second',
      check: async () => {
        await byId(page, 'video').evaluate((video: HTMLVideoElement) => {
          video.pause()
          video.currentTime = 3.6
        })
        return (await shownCues(page)).join() === captionOf(3)
      },
      deadlineMs: 20_000,
    })
    await screenshot('tracks-captions')
    await byId(page, 'subtitles-select').selectOption({ label: 'No subtitles' })
    await waitUntil({
      what: 'no caption to be shown',
      check: async () => (await shownCues(page)).length === 0,
    })
  })
})

describe('a source with two languages', () => {
  it('is recorded with all of them by a setting, and each can be chosen with keys', async () => {
    const origin = await startTestOrigin()
    onTestFinished(() => origin.stop())
    const url = await serveLanguages(origin)
    const { page, errors, screenshot } = await openInterface()
    const played: string[] = []
    page.on('request', (request) => played.push(request.url()))
    await page.getByRole('button', { name: 'Settings' }).click()
    await setTyped(page, 'Sound of new recordings', 'all')
    await screenshot('tracks-settings')
    await page.keyboard.press('Escape')

    await byId(page, 'url-input').fill(url)
    await byId(page, 'record-button').click()
    await waitUntil({
      what: 'the recording to be complete and open',
      check: async () => (await byId(page, 'subtitles-select').count()) > 0,
      deadlineMs: 20_000,
    })
    expect(await optionsOf(page, 'audio-select')).toEqual(['English', 'Deutsch'])
    expect(await optionsOf(page, 'subtitles-select')).toEqual([
      'No subtitles',
      'English',
      'Deutsch',
      'English CC',
    ])

    await tabTo(page, 'audio-select')
    await page.keyboard.press('ArrowDown')
    await tabTo(page, 'subtitles-select')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await waitUntil({
      what: 'the choices to be taken',
      check: async () =>
        (await byId(page, 'audio-select').inputValue()) === '1' &&
        (await byId(page, 'subtitles-select').inputValue()) === '1',
    })
    await waitUntil({
      what: 'the sentence of the fifth second',
      check: async () => {
        await byId(page, 'video').evaluate((video: HTMLVideoElement) => {
          video.pause()
          video.currentTime = 4.5
        })
        return (await shownCues(page)).join() === cueOf('de', 4)
      },
    })
    await screenshot('tracks-player')
    expect(played.some((asked) => asked.includes('-a1-'))).toBe(true)

    expect(await byId(page, 'export-sound').inputValue()).toBe('Deutsch')
    await byId(page, 'preset-whole').click()
    await page.getByText('Sound: Deutsch').waitFor()
    await page.locator('[data-testid=export-row][data-state=done]').waitFor()
    await screenshot('tracks-export')

    await page.reload()
    await byId(page, 'subtitles-select').waitFor()
    await waitUntil({
      what: 'the choices of this recording to be taken again',
      check: async () =>
        (await byId(page, 'audio-select').inputValue()) === '1' &&
        (await byId(page, 'subtitles-select').inputValue()) === '1',
    })
    expect(errors.filter((text) => !/favicon/.test(text))).toEqual([])
  })

  it('says what there is where the language that was asked for is not there', async () => {
    const origin = await startTestOrigin()
    onTestFinished(() => origin.stop())
    const url = await serveLanguages(origin)
    const { page, screenshot } = await openInterface()
    await page.getByRole('button', { name: 'Settings' }).click()
    await setTyped(page, 'Sound of new recordings', 'fr')
    await page.keyboard.press('Escape')
    await byId(page, 'url-input').fill(url)
    await byId(page, 'record-button').click()
    const sentence =
      'The source has no sound in “fr”. It has Deutsch (de), English (en). Recorded is English (en).'
    await page.getByText(sentence).first().waitFor()
    await page.getByRole('button', { name: 'Activity' }).click()
    await byId(page, 'activity-list').waitFor()
    expect(await byId(page, 'activity-list').textContent()).toContain(sentence)
    await page.getByText('Ended').first().waitFor()
    await screenshot('tracks-wish')
  })

  it('goes on without one that is dead, and says so: in the header, in Activity, and when it is over', async () => {
    const origin = await startTestOrigin()
    onTestFinished(() => origin.stop())
    const url = await serveLanguages(origin)
    origin.addFault({ path: '/german.m3u8', fault: { kind: 'status', status: 404 } })
    const { page, screenshot } = await openInterface()
    await page.getByRole('button', { name: 'Settings' }).click()
    await setTyped(page, 'Sound of new recordings', 'all')
    await page.keyboard.press('Escape')
    await byId(page, 'url-input').fill(url)
    await byId(page, 'record-button').click()
    await byId(page, 'track-trouble').waitFor()
    expect(await byId(page, 'track-trouble').textContent()).toContain('Sound “Deutsch”')
    await page.getByRole('button', { name: 'Activity' }).click()
    await byId(page, 'track-troubles').waitFor()
    await screenshot('tracks-dead')

    await byId(page, 'url-input').fill(url)
    await byId(page, 'record-button').click()
    await byId(page, 'again-button').waitFor()
    await screenshot('tracks-twice')
    expect(await byId(page, 'recording-row').count()).toBe(1)
    await byId(page, 'url-input').fill('')
    await byId(page, 'stop-button').click()
    await byId(page, 'activity-list').waitFor()
    expect(await byId(page, 'activity-list').textContent()).toContain(
      'Sound “Deutsch” could not be recorded',
    )
    await byId(page, 'side-gap-list').waitFor()
    expect(await byId(page, 'track-trouble').count()).toBe(0)
    expect(await byId(page, 'status-line').textContent()).toContain('Sound “Deutsch” lacks 6 s.')
    await screenshot('tracks-dead-over')
  })
})
