import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, clickFirstRow } from '../../support/electron-host/ask'
import { findRuntime, launchDesktop, runDesktop } from '../../support/electron-host/desktop-app'
import type { DesktopApp } from '../../support/electron-host/types'
import { createTempDir } from '../../support/temp-dir'
import { waitUntil } from '../../support/wait-until'

const temp = createTempDir()
const userDataDir = path.join(temp.dir, 'data')
const libraryDir = path.join(temp.dir, 'library')
const options = { userDataDir, args: ['--port=0', `--library=${libraryDir}`] }
/** A second start beside the running one. */
const startAgain = (url: string) => runDesktop({ ...options, args: [...options.args, url] })

const segmentsOf = async (page: Page, id: string) =>
  (await ask(page, 'recordings.get', { id })).segments

/** Waits until `count` more segments are stored than now. */
async function growsBy(page: Page, id: string, count: number): Promise<number> {
  const before = await segmentsOf(page, id)
  return waitUntil({
    what: `${count} more segments than ${before}`,
    check: async () => {
      const now = await segmentsOf(page, id)
      return now >= before + count && now
    },
    deadlineMs: 40_000,
  })
}

afterAll(() => temp.remove())

describe('the desktop application', () => {
  let app: DesktopApp
  let page: Page
  let id = ''

  beforeAll(async () => {
    app = await launchDesktop(options)
    page = await app.page()
  })
  afterAll(async () => {
    console.log(`desktop specs ran on: ${app.runtime}`)
    await app.stop()
  })

  const windowNow = async () => {
    const [window] = await app.control('windows')
    if (window === undefined) throw new Error('there is no window')
    return window
  }

  it('opens one window with the interface in it', async () => {
    await page.getByTestId('url-input').waitFor()
    await waitUntil({ what: 'the window', check: async () => (await windowNow()).visible })
    expect((await windowNow()).url).toMatch(/^app:\/\/vsr\//)
    const info = await ask(page, 'system.info', {})
    expect(info).toMatchObject({ host: 'desktop', libraryDir, canRevealFiles: true })
    expect(app.pageErrors()).toEqual([])
  })

  it('records the demo stream at a click', async () => {
    await page.getByTestId('demo-button').first().click()
    await page.locator('[data-testid="recording-row"][data-state="recording"]').waitFor()
    const [recording] = await ask(page, 'recordings.list', {})
    id = recording?.id ?? ''
    expect(await growsBy(page, id, 2)).toBeGreaterThan(1)
  })

  it('F30 keeps the computer awake meanwhile', async () => {
    expect(await app.control('powerBlockers')).toEqual(['prevent-app-suspension'])
  })

  it('shows the picture in the window', async () => {
    await page.waitForFunction(() => {
      const video = document.querySelector('video')
      return video !== null && video.videoWidth > 0 && video.currentTime > 0
    })
  })

  it('goes on recording when the window is closed', async () => {
    await app.control('closeWindow', { id: (await windowNow()).id })
    expect((await windowNow()).visible).toBe(false)
    await growsBy(page, id, 2)
  })

  it('shows in the tray what is recorded, and for how long', async () => {
    const { image, tooltip } = await waitUntil({
      what: 'the tray to say that it records',
      check: async () => {
        const tray = await app.control('tray')
        return / – Recording, \d+:\d\d$/.test(tray.menu[0]?.label ?? '') && tray
      },
    })
    expect(path.basename(image)).toBe('tray-recording.png')
    expect(tooltip).toMatch(/^VSR: .*recording, \d+:\d\d$/)
  })

  it('saves the last 30 seconds from the tray', async () => {
    await clickFirstRow(app, 'Save last 30 s')
    const job = await waitUntil({
      what: 'the export to end',
      check: async () => {
        const [first] = await ask(page, 'exports.list', {})
        return first !== undefined && ['done', 'failed'].includes(first.state) && first
      },
      deadlineMs: 60_000,
    })
    expect(job.error).toBeUndefined()
    expect(job.result?.durationSec).toBeGreaterThan(1)
    expect(job.result?.durationSec).toBeLessThan(40)
    expect(existsSync(job.result?.file ?? '')).toBe(true)
  })

  it('opens the window again, and the recordings folder', async () => {
    await app.control('clickTrayMenu', { path: ['Open window'] })
    expect((await windowNow()).visible).toBe(true)
    await app.control('clickTrayMenu', { path: ['Open recordings folder'] })
    await waitUntil({
      what: 'the folder to be opened',
      check: async () =>
        (await app.control('shellCalls')).some(
          ({ method, target }) => method === 'openPath' && target === libraryDir,
        ),
    })
  })

  it('takes the URL of a second start, which ends at once', async () => {
    await app.control('closeWindow', { id: (await windowNow()).id })
    expect((await startAgain('demo:')).code).toBe(0)
    await waitUntil({
      what: 'the second recording',
      check: async () => (await ask(page, 'recordings.list', {})).length === 2,
    })
    await waitUntil({ what: 'the window', check: async () => (await windowNow()).visible })
  })

  it('asks before it records what a link names', async () => {
    expect((await startAgain('vsr://record?url=https%3A%2F%2Fexample.test%2Flive.m3u8')).code).toBe(
      0,
    )
    const dialog = await waitUntil({
      what: 'the question',
      check: async () =>
        (await app.control('dialogs')).find(({ response }) => response === undefined),
    })
    expect(dialog.detail).toBe('https://example.test/live.m3u8')
    await app.control('pressButton', { button: 'Cancel' })
    expect(await ask(page, 'recordings.list', {})).toHaveLength(2)
  })

  it('stops a recording from the tray', async () => {
    await waitUntil({
      what: 'the second row of the tray',
      check: async () =>
        (await app.control('tray')).menu.findIndex((item) => item.type === 'separator') === 2,
    })
    await clickFirstRow(app, 'Stop')
    await waitUntil({
      what: 'one recording to be stopped',
      check: async () => {
        const all = await ask(page, 'recordings.list', {})
        return all.filter(({ state }) => state === 'stopped').length === 1
      },
    })
  })

  it('asks before it quits while recording, and stays when told to', async () => {
    const running = (await ask(page, 'recordings.list', {})).find((one) => one.state !== 'stopped')
    id = running?.id ?? ''
    await app.control('clickTrayMenu', { path: ['Quit'] })
    const question = await waitUntil({
      what: 'the question',
      check: async () =>
        (await app.control('dialogs')).find(({ response }) => response === undefined),
    })
    expect(question.buttons).toEqual(['Quit', 'Keep recording'])
    await app.control('pressButton', { button: 'Keep recording' })
    await growsBy(page, id, 1)
  })

  it('quits when told to, without a trace on the screen', async () => {
    await app.control('clickTrayMenu', { path: ['Quit'] })
    await waitUntil({
      what: 'the question',
      check: async () =>
        (await app.control('dialogs')).some(({ response }) => response === undefined),
    })
    await app.control('pressButton', { button: 'Quit' })
    expect(await app.exited()).toBe(0)
    expect(app.output()).not.toMatch(/^\s+at /m)
  })

  it('goes on with the recording by itself at the next start', async () => {
    app = await launchDesktop(options)
    page = await app.page()
    await page.getByTestId('url-input').waitFor()
    const before = await segmentsOf(page, id)
    expect(before).toBeGreaterThan(0)
    await growsBy(page, id, 1)
    const running = await waitUntil({
      what: 'one recording to run',
      check: async () => {
        const all = await ask(page, 'recordings.list', {})
        const found = all.filter(({ state }) => state === 'recording')
        return found.length > 0 && found
      },
    })
    expect(running.map((one) => one.id)).toEqual([id])
  })

  // On the real runtime the message waits for a person to press its button.
  it.skipIf(findRuntime())('F42 says who holds the library, and ends with 1', async () => {
    const second = await runDesktop({ ...options, userDataDir: path.join(temp.dir, 'other-data') })
    expect(second.code).toBe(1)
    expect(second.output).toContain('[dialog] VSR could not start:')
    expect(second.output).not.toMatch(/^\s+at /m)
  })

  it('F49 ends by itself at SIGTERM, without asking', async () => {
    process.kill(app.pid, 'SIGTERM')
    expect(await app.exited()).toBe(0)
  })
})
