import { EventEmitter } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { preventable } from './events'
import { createInstanceLock } from './lock'
import { strict } from './strict'

/** What the application object needs of the windows. */
export interface WindowsPort {
  /** Asks every window to close; false when one refused. */
  closeAll(): Promise<boolean>
  /** Closes every window without asking. */
  destroyAll(): void
}

/** https://www.electronjs.org/docs/latest/api/app, as far as VSR uses it. */
export function createApp(options: {
  appPath: string
  userDataDir: string
  windows: WindowsPort
  /** Ends Chromium and what else the stand-in holds. */
  dispose: () => Promise<void>
}) {
  const { appPath, userDataDir, windows, dispose } = options
  // The application's own package.json.
  const manifest = JSON.parse(readFileSync(path.join(appPath, 'package.json'), 'utf8')) as {
    name: string
    productName?: string
    version: string
  }
  const emitter = new EventEmitter()
  const name = manifest.productName ?? manifest.name
  const paths: Record<string, string> = {
    home: os.homedir(),
    appData: path.dirname(userDataDir),
    userData: userDataDir,
    logs: path.join(userDataDir, 'logs'),
    temp: os.tmpdir(),
    videos: path.join(os.homedir(), 'Videos'),
  }
  let ready = false
  let ending = false
  let quitting = false
  const whenReady = new Promise<void>((resolve) => {
    emitter.once('ready', () => {
      resolve()
    })
  })
  mkdirSync(userDataDir, { recursive: true })
  const lock = createInstanceLock({
    folder: userDataDir,
    // "This event is guaranteed to be emitted after the ready event of app gets emitted."
    onHandOver: ({ argv, cwd, additionalData }) => {
      void whenReady.then(() =>
        emitter.emit('second-instance', preventable({}), argv, cwd, additionalData),
      )
    },
  })

  const end = async (exitCode: number) => {
    if (ending) return
    ending = true
    emitter.emit('quit', preventable({}), exitCode)
    lock.release()
    await dispose()
    process.exit(exitCode)
  }
  /** before-quit, then every window's close, then will-quit, then quit; each but the last may refuse. */
  const quit = async () => {
    if (quitting || ending) return
    const before = preventable({})
    emitter.emit('before-quit', before)
    if (before.defaultPrevented) return
    quitting = true
    const closed = await windows.closeAll()
    const will = preventable({})
    if (closed) emitter.emit('will-quit', will)
    quitting = false
    if (closed && !will.defaultPrevented) await end(0)
  }

  const api = {
    on: (event: string, listener: (...args: unknown[]) => void) => emitter.on(event, listener),
    once: (event: string, listener: (...args: unknown[]) => void) => emitter.once(event, listener),
    off: (event: string, listener: (...args: unknown[]) => void) => emitter.off(event, listener),
    removeListener: (event: string, listener: (...args: unknown[]) => void) =>
      emitter.off(event, listener),
    isPackaged: false,
    getName: () => name,
    getVersion: () => manifest.version,
    getAppPath: () => appPath,
    getPath: (key: string) => {
      const found = paths[key]
      if (found === undefined) throw new Error(`electron-host does not implement getPath('${key}')`)
      return found
    },
    whenReady: () => whenReady,
    isReady: () => ready,
    quit: () => {
      void quit()
    },
    exit: (exitCode = 0) => {
      windows.destroyAll()
      void end(exitCode)
    },
    requestSingleInstanceLock: (additionalData: unknown = {}) =>
      lock.claim({ argv: process.argv, cwd: process.cwd(), additionalData }),
    hasSingleInstanceLock: () => lock.isHeld(),
    releaseSingleInstanceLock: () => {
      lock.release()
    },
  }
  return {
    api: strict('app', api),
    emitter,
    isReady: () => ready,
    becomeReady: () => {
      if (ending) return
      ready = true
      emitter.emit('ready', preventable({}), {})
    },
    /** Electron's default without a listener is to quit; while quitting the event is not emitted. */
    allWindowsClosed: () => {
      if (quitting || ending) return
      if (emitter.listenerCount('window-all-closed') === 0) api.quit()
      else emitter.emit('window-all-closed')
    },
    releaseLock: () => {
      lock.release()
    },
  }
}
