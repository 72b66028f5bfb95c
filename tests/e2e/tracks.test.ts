import type { Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { captionOf, serveCaptions } from '../support/caption-media'
import { useInterface } from '../support/interface'
import { cueOf, serveLanguages } from '../support/language-source'
import { startTestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

/** A source with two languages, recorded whole and watched, in a real Chromium. */

const openInterface = useInterface()

const optionsOf = (page: Page, id: string) =>
  page.getByTestId(id).locator('option').allTextContents()

/** Texts of the cues that are on the picture now. */
const shownCues = (page: Page) =>
  page.getByTestId('video').evaluate((video: HTMLVideoElement) =>
    Array.from(video.textTracks)
      .filter((track) => track.mode === 'showing')
      .flatMap((track) => Array.from(track.activeCues ?? []))
      .map((cue) => ('text' in cue ? String(cue.text) : '')),
  )

/** Stops the picture at that second, and waits until the cue on it says this. */
const waitForCue = (page: Page, atSec: number, text: string) =>
  waitUntil({
    what: `“${text}” on the picture`,
    check: async () => {
      await page.getByTestId('video').evaluate((video: HTMLVideoElement, sec) => {
        video.pause()
        // Not each time: a seek ends the one before.
        if (Math.abs(video.currentTime - sec) > 0.1) video.currentTime = sec
      }, atSec)
      return (await shownCues(page)).join() === text
    },
  })

/** Controls of the player that are cut off, or whose choice is, by what they are called. */
const cutOff = (page: Page) =>
  page.locator('.player').evaluate((player) => {
    const { left, right } = player.getBoundingClientRect()
    const isOutside = (control: Element) => {
      const place = control.getBoundingClientRect()
      return place.left < left || place.right > right
    }
    /** Where only a sign is shown, the menu over it is not to be seen. */
    const isCut = (control: Element) => {
      if (!(control instanceof HTMLSelectElement)) return false
      const style = getComputedStyle(control)
      if (style.opacity === '0') return false
      const text = document.createElement('span')
      text.textContent = control.selectedOptions[0]?.textContent ?? ''
      text.style.font = style.font
      text.style.position = 'absolute'
      document.body.append(text)
      const neededPx =
        text.offsetWidth +
        Number.parseFloat(style.paddingLeft) +
        Number.parseFloat(style.paddingRight)
      text.remove()
      return control.offsetWidth < neededPx
    }
    return Array.from(player.querySelectorAll('.controls > *, .controls select'))
      .filter((control) => isOutside(control) || isCut(control))
      .map((control) => control.getAttribute('aria-label') ?? control.className)
  })

/** As somebody without a mouse gets there. */
async function tabTo(page: Page, id: string) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    if (await page.getByTestId(id).evaluate((element) => element === document.activeElement)) return
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
    page.getByTestId('settings-toggle').evaluate((element) => element === document.activeElement)
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
    await page.getByTestId('url-input').fill(url)
    await page.getByTestId('record-button').click()
    await page.getByTestId('subtitles-select').waitFor()
    await expect
      .poll(() => optionsOf(page, 'subtitles-select'), { timeout: 20_000 })
      .toEqual(['No subtitles', 'English captions'])
    await page.getByTestId('subtitles-select').selectOption({ label: 'English captions' })
    await waitForCue(page, 3.6, captionOf(3))
    await screenshot('tracks-captions')
    await page.getByTestId('subtitles-select').selectOption({ label: 'No subtitles' })
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

    await page.getByTestId('url-input').fill(url)
    await page.getByTestId('record-button').click()
    await waitUntil({
      what: 'the recording to be complete and open',
      check: async () => (await page.getByTestId('subtitles-select').count()) > 0,
      deadlineMs: 20_000,
    })
    await expect
      .poll(() => optionsOf(page, 'audio-select'), { timeout: 20_000 })
      .toEqual(['English', 'Deutsch'])
    await expect
      .poll(() => optionsOf(page, 'subtitles-select'), { timeout: 20_000 })
      .toEqual(['No subtitles', 'English', 'Deutsch', 'English CC'])

    await tabTo(page, 'audio-select')
    await page.keyboard.press('ArrowDown')
    await tabTo(page, 'subtitles-select')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await waitUntil({
      what: 'the choices to be taken',
      check: async () =>
        (await page.getByTestId('audio-select').inputValue()) === '1' &&
        (await page.getByTestId('subtitles-select').inputValue()) === '1',
    })
    await waitForCue(page, 4.5, cueOf('de', 4))
    await screenshot('tracks-player')
    expect(played.some((asked) => asked.includes('-a1-'))).toBe(true)

    for (const [width, height] of [
      [1280, 800],
      [1100, 800],
      [800, 600],
    ] as const) {
      await page.setViewportSize({ width, height })
      await page.getByRole('button', { name: 'Activity' }).click()
      await page.locator('.drawer').waitFor()
      expect(await cutOff(page), `with a drawer at ${width} px`).toEqual([])
      await screenshot(`tracks-drawer-${width}`)
      await page.keyboard.press('Escape')
    }
    await page.setViewportSize({ width: 1280, height: 800 })

    expect(await page.getByTestId('export-sound').inputValue()).toBe('Deutsch')
    await page.getByTestId('preset-whole').click()
    await page.getByText('Sound: Deutsch').waitFor()
    await page.locator('[data-testid=export-row][data-state=done]').waitFor()
    await screenshot('tracks-export')

    await page.reload()
    await page.getByTestId('subtitles-select').waitFor()
    await waitUntil({
      what: 'the choices of this recording to be taken again',
      check: async () =>
        (await page.getByTestId('audio-select').inputValue()) === '1' &&
        (await page.getByTestId('subtitles-select').inputValue()) === '1',
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
    await page.getByTestId('url-input').fill(url)
    await page.getByTestId('record-button').click()
    const sentence =
      'The source has no sound in “fr”. It has Deutsch (de), English (en). Recorded is English (en).'
    await page.getByText(sentence).first().waitFor()
    await page.getByRole('button', { name: 'Activity' }).click()
    await page.getByTestId('activity-list').waitFor()
    expect(await page.getByTestId('activity-list').textContent()).toContain(sentence)
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
    await page.getByTestId('url-input').fill(url)
    await page.getByTestId('record-button').click()
    await page.getByTestId('track-trouble').waitFor()
    expect(await page.getByTestId('track-trouble').textContent()).toContain('Sound “Deutsch”')
    await page.getByRole('button', { name: 'Activity' }).click()
    await page.getByTestId('track-troubles').waitFor()
    await screenshot('tracks-dead')

    await page.getByTestId('url-input').fill(url)
    await page.getByTestId('record-button').click()
    await page.getByTestId('again-button').waitFor()
    await screenshot('tracks-twice')
    expect(await page.getByTestId('recording-row').count()).toBe(1)
    await page.getByTestId('url-input').fill('')
    await page.getByTestId('stop-button').click()
    await page
      .getByTestId('activity-list')
      .getByText('Sound “Deutsch” could not be recorded')
      .first()
      .waitFor()
    await page.getByTestId('side-gap-list').waitFor()
    await page.getByTestId('track-trouble').waitFor({ state: 'detached' })
    await page.getByTestId('status-line').getByText('Sound “Deutsch” lacks 6 s.').waitFor()
    await screenshot('tracks-dead-over')
  })
})
