import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IPC_INVOKE } from '../../../src-preload/contract/transport'
import { ask, invoke } from '../../support/electron-host/ask'
import { launchDesktop } from '../../support/electron-host/desktop-app'
import type { DesktopApp } from '../../support/electron-host/types'
import { createTempDir } from '../../support/temp-dir'
import { waitUntil } from '../../support/wait-until'

const temp = createTempDir()
const options = {
  userDataDir: path.join(temp.dir, 'data'),
  args: ['--port=0', `--library=${path.join(temp.dir, 'library')}`],
}
afterAll(() => temp.remove())

describe('the window of the desktop application', () => {
  let app: DesktopApp
  let page: Page

  beforeAll(async () => {
    app = await launchDesktop(options)
    page = await app.page()
    await page.getByTestId('url-input').waitFor()
  })
  afterAll(() => app.stop())

  const windowNow = async () => {
    const [window] = await app.control('windows')
    if (window === undefined) throw new Error('there is no window')
    return window
  }

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
      expect(await invoke(page, method, input)).toMatchObject({ ok: false })
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
})
