import { EventEmitter } from 'node:events'
import type { Page } from 'playwright'
import type { Chromium } from './chromium'
import { preventable } from './events'
import type { createIpcMain, IpcEvent } from './ipc-main'
import { routeRequests } from './network'
import { installPreload, type PreloadWorld } from './preload'
import type { createProtocol } from './protocol'
import type { Schemes } from './schemes'
import { onlyKnown, strict } from './strict'

export interface WindowOptions {
  readonly width?: number
  readonly height?: number
  readonly show?: boolean
  readonly webPreferences?: Readonly<Record<string, unknown>> & { readonly preload?: string }
}

type WindowOpenHandler = (details: { url: string; frameName: string }) => { action: string }

const WINDOW_OPTIONS: ReadonlySet<string> = new Set([
  'width',
  'height',
  'minWidth',
  'minHeight',
  'show',
  'title',
  'icon',
  'backgroundColor',
  'webPreferences',
])
const WEB_PREFERENCES: ReadonlySet<string> = new Set([
  'preload',
  'contextIsolation',
  'sandbox',
  'nodeIntegration',
  'nodeIntegrationInWorker',
  'nodeIntegrationInSubFrames',
  'webSecurity',
  'webviewTag',
  'spellcheck',
])

export interface WindowParts {
  readonly chromium: Chromium
  readonly schemes: Schemes
  readonly protocol: ReturnType<typeof createProtocol>
  readonly ipcMain: ReturnType<typeof createIpcMain>
  readonly onContents: (contents: object) => void
  readonly onClosed: () => void
  readonly isReady: () => boolean
}

export type HostWindow = ReturnType<typeof createWindow>

/** https://www.electronjs.org/docs/latest/api/browser-window and web-contents: a real Chromium page behind each. */
export function createWindow(id: number, options: WindowOptions, parts: WindowParts) {
  const { chromium, schemes, protocol, ipcMain, onContents, onClosed, isReady } = parts
  if (!isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
  onlyKnown('BrowserWindow', options, WINDOW_OPTIONS)
  const preferences = options.webPreferences ?? {}
  onlyKnown('webPreferences', preferences, WEB_PREFERENCES)
  // The stand-in's pages are always isolated and without Node; a window that asks for less would be shown better than it is.
  if (preferences.contextIsolation === false || preferences.sandbox === false) {
    throw new Error('electron-host does not implement windows without isolation or sandbox')
  }

  const events = new EventEmitter()
  const contentsEvents = new EventEmitter()
  let windowOpenHandler: WindowOpenHandler = () => ({ action: 'allow' })
  let visible = options.show !== false
  let destroyed = false
  let shownOnce = false
  let currentUrl = ''
  /** URLs that the application itself asked for: those raise no will-navigate. */
  const expected = new Set<string>()

  const mayNavigate = (url: string): boolean => {
    if (expected.delete(url)) return true
    const event = preventable({ url, isMainFrame: true, isSameDocument: false })
    contentsEvents.emit('will-navigate', event, url)
    return !event.defaultPrevented
  }

  const openPage = async (): Promise<{ page: Page; preload: PreloadWorld }> => {
    const context = await chromium.context()
    const page = await context.newPage()
    await page.setViewportSize({ width: options.width ?? 800, height: options.height ?? 600 })
    // Chromium alone opens the window all the same; it is gone before it could show anything.
    page.on('popup', (popup) => void popup.close())
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) currentUrl = schemes.fromPage(frame.url())
    })
    page.on('load', () => {
      contentsEvents.emit('did-finish-load', preventable({}))
      if (shownOnce || currentUrl === 'about:blank') return
      shownOnce = true
      events.emit('ready-to-show')
    })
    page.on('crash', () => {
      crashed = true
      contentsEvents.emit('render-process-gone', preventable({}), {
        reason: 'crashed',
        exitCode: 5,
      })
    })
    const cdp = await context.newCDPSession(page)
    cdp.on('Page.windowOpen', (asked) => {
      const url = schemes.fromPage(asked.url)
      if (windowOpenHandler({ url, frameName: asked.windowName }).action !== 'deny') {
        console.error('electron-host does not implement windows opened by pages')
      }
    })
    await routeRequests({ cdp, schemes, protocol, mayNavigate })
    const preload = await installPreload({
      cdp,
      preloadFile: preferences.preload,
      invoke: (channel, args) => ipcMain.invoke(ipcEvent(currentUrl, null), channel, args),
    })
    return { page, preload }
  }
  let opening = openPage()
  let crashed = false

  const ipcEvent = (url: string, parent: object | null): IpcEvent => ({
    type: 'frame',
    sender: webContents,
    senderFrame: { url, origin: originOf(url), parent },
    frameId: 1,
    processId: id,
  })

  const webContents = strict('webContents', {
    id,
    on: (name: string, listener: (...args: unknown[]) => void) => contentsEvents.on(name, listener),
    once: (name: string, listener: (...args: unknown[]) => void) =>
      contentsEvents.once(name, listener),
    getURL: () => currentUrl,
    isDestroyed: () => destroyed,
    setWindowOpenHandler: (handler: WindowOpenHandler) => {
      windowOpenHandler = handler
    },
    send: (channel: string, ...args: unknown[]) => {
      if (destroyed) throw new TypeError('Object has been destroyed')
      void opening.then(({ preload }) => {
        preload.send(channel, args)
      })
    },
    reload: () => {
      void load(currentUrl)
    },
  })

  /** Playwright cannot revive a page that crashed, so that one is replaced. */
  const load = async (url: string) => {
    if (crashed) {
      crashed = false
      const broken = opening
      opening = openPage()
      await (await broken).page.close()
    }
    const { page } = await opening
    expected.add(url)
    await page.goto(schemes.toPage(url))
  }
  const destroy = () => {
    if (destroyed) return
    destroyed = true
    visible = false
    void opening.then(({ page }) => page.close())
    events.emit('closed')
    onClosed()
  }
  /** False when the application refused. */
  const close = (): boolean => {
    const event = preventable({})
    events.emit('close', event)
    if (event.defaultPrevented) return false
    destroy()
    return true
  }
  const whileAlive = <A extends unknown[], R>(work: (...args: A) => R) => {
    return (...args: A): R => {
      if (destroyed) throw new TypeError('Object has been destroyed')
      return work(...args)
    }
  }

  onContents(webContents)
  return {
    options,
    preferences,
    close,
    destroy,
    isDestroyed: () => destroyed,
    isVisible: () => visible,
    url: () => currentUrl,
    /** What a message would come to that the window sent from a frame with this URL. */
    forge: (url: string, isMainFrame: boolean, channel: string, args: string) =>
      ipcMain.invoke(ipcEvent(url, isMainFrame ? null : {}), channel, args),
    api: {
      id,
      webContents,
      on: (name: string, listener: (...args: unknown[]) => void) => events.on(name, listener),
      once: (name: string, listener: (...args: unknown[]) => void) => events.once(name, listener),
      loadURL: whileAlive(load),
      show: whileAlive(() => {
        visible = true
        events.emit('show')
      }),
      hide: whileAlive(() => {
        visible = false
        events.emit('hide')
      }),
      focus: whileAlive(() => {
        events.emit('focus')
      }),
      restore: whileAlive(() => {
        events.emit('restore')
      }),
      isMinimized: whileAlive(() => false),
      isVisible: whileAlive(() => visible),
      isDestroyed: () => destroyed,
      close: whileAlive(() => {
        close()
      }),
      destroy,
    },
  }
}

function originOf(url: string): string {
  if (!URL.canParse(url)) return 'null'
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}
