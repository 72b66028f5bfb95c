import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createApp } from './app'
import {
  createWindow,
  type HostWindow,
  type WindowOptions,
  type WindowParts,
} from './browser-window'
import { createChromium } from './chromium'
import { createDialog } from './dialog'
import { preventable } from './events'
import { createIpcMain } from './ipc-main'
import { createMenuApi } from './menu'
import { createProtocol } from './protocol'
import { createSchemes } from './schemes'
import { createSession } from './session'
import { strict } from './strict'
import { createSystem } from './system'
import { createTrays } from './tray'

const CHROMIUM_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

function findChromium(): string {
  const found = process.env.VSR_CHROMIUM ?? CHROMIUM_PLACES.find((place) => existsSync(place))
  if (found === undefined) throw new Error('electron-host needs Chromium: set VSR_CHROMIUM to it')
  return found
}

/** All parts of the stand-in for one run of the application. `argv` is what Electron's process.argv would be. */
function createHost(argv: readonly string[]) {
  const appPath = path.resolve(argv[1] ?? '.')
  const dataSwitch = argv.find((argument) => argument.startsWith('--user-data-dir='))
  if (dataSwitch === undefined) {
    throw new Error('electron-host needs --user-data-dir=DIR, so that no real profile is touched')
  }
  const userDataDir = path.resolve(dataSwitch.slice('--user-data-dir='.length))

  const windows = new Map<number, HostWindow>()
  const alive = () => [...windows.values()].filter((window) => !window.isDestroyed())
  const chromium = createChromium({ executablePath: findChromium(), userDataDir })
  const schemes = createSchemes()
  const app = createApp({
    appPath,
    userDataDir,
    windows: {
      closeAll: () => Promise.resolve(alive().every((window) => window.close())),
      destroyAll: () => {
        for (const window of alive()) window.destroy()
      },
    },
    dispose: () => chromium.close(),
  })
  const protocol = createProtocol({ schemes, isReady: app.isReady })
  const ipcMain = createIpcMain()
  const parts: WindowParts = {
    chromium,
    schemes,
    protocol,
    ipcMain,
    isReady: app.isReady,
    onContents: (contents) => app.emitter.emit('web-contents-created', preventable({}), contents),
    onClosed: () => {
      if (alive().length === 0) app.allWindowsClosed()
    },
  }
  function BrowserWindow(options: WindowOptions = {}) {
    const window = createWindow(windows.size + 1, options, parts)
    windows.set(window.api.id, window)
    return strict('BrowserWindow', window.api)
  }
  return {
    appPath,
    app,
    windows,
    chromium,
    schemes,
    protocol,
    ipcMain,
    BrowserWindow,
    session: createSession(),
    dialog: createDialog(),
    system: createSystem(),
    tray: createTrays(),
    Menu: createMenuApi(),
    /** The application's main bundle, as its package.json names it. */
    mainFile: () => {
      const file = path.join(appPath, 'package.json')
      // The application's own package.json.
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as { main: string }
      return path.join(appPath, manifest.main)
    },
  }
}

export type Host = ReturnType<typeof createHost>

// Electron's argv has no script between the runtime and the application folder.
process.argv.splice(1, 1)

/** One per process, as there is one `electron` module per process. */
export const host = createHost(process.argv)
