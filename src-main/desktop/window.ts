import { BrowserWindow, dialog } from 'electron'
import type { VsrEvent } from '../../src-preload/contract/events'
import type { Logger } from '../ports/logger'
import { APP_START_URL } from './app-url'

/** The one window. It can be closed and opened again while recordings go on. */
export interface MainWindow {
  /** Shows and focuses the window; opens it anew after it was closed. */
  open(): void
  /** Drops the event when there is no window: the interface reads everything anew when it opens. */
  send(channel: string, event: VsrEvent): void
}

/** Does not open the window yet. `hideOnClose` is asked at each close: true = hide, so that recording goes on from the tray. */
export function createMainWindow(options: {
  preloadFile: string
  iconFile: string
  hideOnClose: () => boolean
  logger: Logger
}): MainWindow {
  const { preloadFile, iconFile, hideOnClose, logger } = options
  let current: BrowserWindow | undefined

  const create = () => {
    const window = new BrowserWindow({
      width: 1280,
      height: 800,
      minWidth: 800,
      minHeight: 600,
      show: false,
      title: 'VSR',
      icon: iconFile,
      backgroundColor: '#14161a',
      webPreferences: {
        preload: preloadFile,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
      },
    })
    window.once('ready-to-show', () => {
      window.show()
    })
    window.on('close', (event) => {
      if (!hideOnClose()) return
      event.preventDefault()
      window.hide()
    })
    window.on('closed', () => {
      current = undefined
    })
    window.webContents.on('render-process-gone', (_event, details) => {
      logger.error({ reason: details.reason }, 'the window’s process ended')
      void offerReload(window)
    })
    window.loadURL(APP_START_URL).catch((error: unknown) => {
      logger.error({ err: error }, 'the interface could not be loaded')
    })
    return window
  }

  return {
    open: () => {
      if (current === undefined) {
        current = create()
        return
      }
      if (current.isMinimized()) current.restore()
      current.show()
      current.focus()
    },
    send: (channel, event) => {
      if (current !== undefined && !current.isDestroyed()) current.webContents.send(channel, event)
    },
  }
}

/** F55: the engine lives in another process, so recordings are not touched. */
async function offerReload(window: BrowserWindow): Promise<void> {
  const answer = await dialog.showMessageBox({
    type: 'error',
    title: 'VSR',
    message: 'The window stopped working. Recordings go on.',
    buttons: ['Reload the window', 'Leave it'],
    defaultId: 0,
    cancelId: 1,
  })
  if (answer.response === 0 && !window.isDestroyed()) window.webContents.reload()
}
