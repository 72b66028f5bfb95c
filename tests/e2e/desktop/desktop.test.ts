import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MethodInput, MethodName, MethodOutput } from '../../../src-preload/contract/methods'
import { IPC_INVOKE, type Reply } from '../../../src-preload/contract/transport'
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

/** Asks the engine as the interface does: over the transport that the preload gave to the page. */
async function ask<M extends MethodName>(
  page: Page,
  method: M,
  input: MethodInput<M>,
): Promise<MethodOutput<M>> {
  // Playwright's types for arguments do not follow generics; what crosses is JSON.
  const request: readonly [string, unknown] = [method, input]
  const reply = await page.evaluate(([name, value]) => {
    const { vsrTransport } = window as unknown as {
      vsrTransport: { invoke: (...args: unknown[]) => Promise<Reply<unknown>> }
    }
    return vsrTransport.invoke(name, value)
  }, request)
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`)
  // The dispatcher answers each method with the output that the contract's table names for it.
  return reply.value as MethodOutput<M>
}

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

  it('S27 keeps Node out of the window', async () => {
    expect((await windowNow()).webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    })
    const found = await page.evaluate('[typeof require, typeof process, typeof global]')
    expect(found).toEqual(['undefined', 'undefined', 'undefined'])
    const api = await page.evaluate(() =>
      Object.keys(Reflect.get(window, 'vsrTransport') as object),
    )
    expect(api.sort()).toEqual(['invoke', 'subscribe'])
  })

  it.each([
    ['https://evil.test/', true],
    ['app://vsr.evil.test/', true],
    ['file:///index.html', true],
    ['app://vsr/index.html', false],
  ])('S28 refuses a message from %s (main frame: %s)', async (url, isMainFrame) => {
    const { id: window } = await windowNow()
    const result = await app.control('forgeIpc', {
      window,
      url,
      isMainFrame,
      channel: IPC_INVOKE,
      args: ['recordings.list', {}],
    })
    expect(result.ok && result.payload).toContain('forbidden_origin')
  })

  it('S28 answers nonsense with an error, whatever it is', async () => {
    const inputs = [
      ['__proto__', {}],
      ['recordings.get', { id: '../../etc/passwd' }],
      ['recordings.get', null],
      ['recordings.start', { url: 5 }],
      [{ toString: 1 }, {}],
      [undefined, undefined],
    ]
    for (const [method, input] of inputs) {
      const reply = await page.evaluate(
        ([name, value]) => {
          const { vsrTransport } = window as unknown as {
            vsrTransport: { invoke: (...args: unknown[]) => Promise<{ ok: boolean }> }
          }
          return vsrTransport.invoke(name, value)
        },
        [method, input],
      )
      expect(reply).toMatchObject({ ok: false })
    }
    expect(await ask(page, 'recordings.list', {})).toEqual([])
  })

  it('S29 S30 goes nowhere else: no navigation, no pop-up, only https to the browser', async () => {
    const before = (await windowNow()).url
    await page.evaluate(() => {
      location.href = 'https://elsewhere.test/'
    })
    await page.evaluate(() => window.open('https://example.test/page') === null)
    await page.evaluate(() => window.open('file:///etc/passwd') === null)
    const calls = await waitUntil({
      what: 'the link to be handed to the browser',
      check: async () => {
        const made = await app.control('shellCalls')
        return made.length > 0 && made
      },
    })
    expect(calls).toEqual([{ method: 'openExternal', target: 'https://example.test/page' }])
    expect(await app.control('windows')).toHaveLength(1)
    expect((await windowNow()).url).toBe(before)
  })

  it('S31 grants the interface what a player needs, and nobody anything else', async () => {
    const ask = (permission: string, url: string) =>
      app.control('askPermission', { permission, url })
    const yes = { check: true, request: true }
    const no = { check: false, request: false }
    expect(await ask('fullscreen', 'app://vsr/index.html')).toEqual(yes)
    expect(await ask('fullscreen', 'https://evil.test/')).toEqual(no)
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'usb']) {
      expect(await ask(permission, 'app://vsr/index.html')).toEqual(no)
    }
  })

  it('S03 S32 plays from its own server, which gives nothing to others on this machine', async () => {
    const { serverUrl } = await ask(page, 'system.info', {})
    expect(serverUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect((await fetch(new URL('live/stream.m3u8', serverUrl))).status).toBe(401)
    expect(await page.evaluate(() => isSecureContext)).toBe(true)
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
    const { menu, image, tooltip } = await app.control('tray')
    expect(path.basename(image)).toBe('tray-recording.png')
    expect(menu[0]?.label).toMatch(/ – Recording, \d+:\d\d$/)
    expect(tooltip).toMatch(/^VSR: .*recording, \d+:\d\d$/)
  })

  it('saves the last 30 seconds from the tray', async () => {
    const label = (await app.control('tray')).menu[0]?.label ?? ''
    await app.control('clickTrayMenu', { path: [label, 'Save last 30 s'] })
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
    expect((await windowNow()).visible).toBe(true)
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
    const other = (await ask(page, 'recordings.list', {})).find((one) => one.id !== id)
    const row = await waitUntil({
      what: 'the second row of the tray',
      check: async () =>
        (await app.control('tray')).menu.findIndex((item) => item.type === 'separator') === 2,
    }).then(async () => (await app.control('tray')).menu[0]?.label ?? '')
    await app.control('clickTrayMenu', { path: [row, 'Stop'] })
    await waitUntil({
      what: 'one recording to be stopped',
      check: async () => {
        const all = await ask(page, 'recordings.list', {})
        return all.filter(({ state }) => state === 'stopped').length === 1
      },
    })
    expect(other).toBeDefined()
  })

  it('asks before it quits while recording, and stays when told to', async () => {
    const running = (await ask(page, 'recordings.list', {})).find(
      (one) => one.state === 'recording',
    )
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
    const all = await ask(page, 'recordings.list', {})
    expect(all.filter(({ state }) => state === 'recording').map((one) => one.id)).toEqual([id])
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
