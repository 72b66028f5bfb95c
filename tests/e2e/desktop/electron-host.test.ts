import { mkdirSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeSampleApp } from '../../support/electron-host/sample-app'
import { launchStandIn } from '../../support/electron-host/stand-in-app'
import type { DesktopApp } from '../../support/electron-host/types'
import { createTempDir } from '../../support/temp-dir'
import { waitUntil } from '../../support/wait-until'

/** What the sample application shows to its page. */
interface SampleWindow {
  sample: Record<string, (...args: unknown[]) => unknown>
  seen?: number
  pinged?: { at: Date }
}

describe('the stand-in for Electron', () => {
  const temp = createTempDir()
  const appPath = path.join(temp.dir, 'app')
  const userDataDir = path.join(temp.dir, 'data')
  let app: DesktopApp
  let page: Page

  beforeAll(async () => {
    mkdirSync(appPath)
    writeSampleApp(appPath)
    app = await launchStandIn({ appPath, userDataDir })
    page = await app.page()
    await page.waitForLoadState()
  })
  afterAll(async () => {
    await app.stop()
    await temp.remove()
  })

  const inPage = <T>(work: string): Promise<T> => page.evaluate(work)

  it('runs the preload before the scripts of the page (docs: process-model, preload scripts)', async () => {
    expect(await inPage('window.seen')).toBe(3)
  })

  it('keeps Node and Electron out of the page (docs: context-isolation, sandbox)', async () => {
    expect(await inPage('[typeof require, typeof process, typeof module]')).toEqual([
      'undefined',
      'undefined',
      'undefined',
    ])
    const left = await page.evaluate(() =>
      Object.getOwnPropertyNames(window).filter((key) => /host|deliver|electron|world/i.test(key)),
    )
    expect(left).toEqual([])
  })

  it('gives a sandboxed preload no Node modules (docs: sandbox)', async () => {
    await expect(inPage('sample.requireFs()')).rejects.toThrow('module not found: fs')
  })

  it('freezes what a preload exposes (docs: context-bridge)', async () => {
    expect(await inPage('(() => { window.sample = 1; return typeof window.sample.add })()')).toBe(
      'function',
    )
  })

  it('copies values by structured clone (docs: ipc-renderer, invoke)', async () => {
    const kinds = await page.evaluate(async () => {
      const { sample } = window as unknown as SampleWindow
      const sent = { date: new Date(7), none: undefined, big: 5n, list: [1, Number.NaN] }
      const back = (await sample.invoke?.('echo', sent)) as typeof sent
      return [
        back.date instanceof Date,
        'none' in back,
        typeof back.big,
        Number.isNaN(back.list[1]),
      ]
    })
    expect(kinds).toEqual([true, true, 'bigint', true])
  })

  it('refuses what cannot be cloned, with the words of Electron', async () => {
    await expect(inPage("sample.invoke('function')")).rejects.toThrow('could not be cloned')
  })

  it('flattens errors to their text (docs: ipc-main, handle)', async () => {
    await expect(inPage("sample.invoke('fail')")).rejects.toThrow(
      "Error invoking remote method 'fail': TypeError: no good",
    )
    await expect(inPage("sample.invoke('nothing')")).rejects.toThrow(
      "Error invoking remote method 'nothing': Error: No handler registered for 'nothing'",
    )
  })

  it('names the sender by the URL of the application’s own scheme', async () => {
    expect(await inPage("sample.invoke('sender')")).toEqual({
      url: 'app://sample/index.html',
      origin: 'app://sample',
    })
  })

  it('delivers messages of the main process to listeners in the page', async () => {
    await waitUntil({
      what: 'the ping, with a date in it',
      check: () =>
        page.evaluate(() => (window as unknown as SampleWindow).pinged?.at instanceof Date),
    })
  })

  it('throws where something is not implemented', async () => {
    await expect(inPage('sample.missing()')).rejects.toThrow(
      'electron-host does not implement ipcRenderer.sendSync',
    )
  })

  it('tells servers the origin that Electron would tell, and leaves CORS to Chromium', async () => {
    const origins: (string | undefined)[] = []
    const server = http.createServer((request, response) => {
      origins.push(request.headers.origin)
      if (request.url === '/open') {
        response.setHeader('access-control-allow-origin', 'app://sample')
      }
      response.end('answer')
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    try {
      // A listening TCP server has an address of this kind.
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      expect(await inPage(`fetch('${url}/open').then((answer) => answer.text())`)).toBe('answer')
      await expect(inPage(`fetch('${url}/closed')`)).rejects.toThrow('Failed to fetch')
      expect(origins).toEqual(['app://sample', 'app://sample'])
    } finally {
      server.close()
    }
  })

  it('asks the application before a navigation and before a new window', async () => {
    await inPage("void (location.href = 'https://elsewhere.test/')")
    await waitUntil({
      what: 'will-navigate',
      check: () => app.output().includes('will-navigate https://elsewhere.test/'),
    })
    await inPage("void window.open('https://pop.test/')")
    const calls = await waitUntil({
      what: 'the window open handler',
      check: async () => {
        const made = await app.control('shellCalls')
        return made.length > 0 && made
      },
    })
    expect(calls).toEqual([{ method: 'openExternal', target: 'https://pop.test/' }])
    expect(await inPage('document.title')).toBe('sample')
  })

  it('lets one instance run per data folder and hands the second one’s arguments over', async () => {
    const second = await launchStandIn({ appPath, userDataDir, args: ['https://handed.test/over'] })
    try {
      expect(await second.exited()).toBe(0)
      expect(second.output()).not.toContain('ready')
      await waitUntil({
        what: 'second-instance',
        check: () => app.output().includes('second-instance https://handed.test/over'),
      })
    } finally {
      await second.stop()
    }
  })

  it('emits before-quit, will-quit and quit in this order, and no window-all-closed (docs: app, quit)', async () => {
    await app.control('quit')
    expect(await app.exited()).toBe(0)
    const events = app
      .output()
      .split('\n')
      .filter((line) => /quit|closed/.test(line))
    expect(events).toEqual(['before-quit', 'will-quit', 'quit'])
  })
})
