import { once } from 'node:events'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import type { Control } from './host/control'
import { installSpy, type Spied } from './runtime-spy'
import type { DesktopApp, LaunchOptions } from './types'

/**
 * Starts an application on the real Electron runtime. Electron has no way to ask what a tray shows or to press a dialog's
 * button, so those calls are noted down inside its main process (runtime-spy.ts).
 */
export async function launchRuntime(
  options: LaunchOptions & { executablePath: string },
): Promise<DesktopApp> {
  const { appPath, userDataDir, args = [], executablePath } = options
  const asRoot = process.getuid?.() === 0
  const electron = await _electron.launch({
    executablePath,
    args: [...(asRoot ? ['--no-sandbox'] : []), appPath, `--user-data-dir=${userDataDir}`, ...args],
  })
  await electron.evaluate(installSpy)
  const child = electron.process()
  const exit = child.exitCode === null ? once(child, 'exit') : Promise.resolve([child.exitCode])
  const errors: string[] = []
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  let page: Promise<Page> | undefined
  const connect = async () => {
    const found = await electron.firstWindow()
    found.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    found.on('pageerror', (error) => errors.push(String(error)))
    return found
  }
  const controls = controlsOf(electron)
  return {
    runtime: 'electron',
    pid: child.pid ?? 0,
    page: () => (page ??= connect()),
    pageErrors: () => errors,
    control: async (method, ...params) => {
      // Both are keyed by the same type; TypeScript does not follow the key through the call.
      const call = controls[method] as unknown as (params: unknown) => Promise<never>
      return call(params[0])
    },
    output: () => output,
    // Either a number or null, by Node's documentation of the event.
    exited: async () => (await exit)[0] as number | null,
    stop: async () => {
      if (child.exitCode === null) child.kill('SIGKILL')
      await exit
    },
  }
}

type Remote = {
  [M in keyof Control]: (
    ...params: Parameters<Control[M]>
  ) => Promise<Awaited<ReturnType<Control[M]>>>
}

/** The same controls as the stand-in's, read from the spy inside Electron's main process. */
function controlsOf(electron: ElectronApplication): Remote {
  const spied = () =>
    electron.evaluate(() => {
      const { tray, dialogs, shellCalls, powerBlockers } = Reflect.get(
        globalThis,
        'vsrSpy',
      ) as Spied
      return { tray, dialogs, shellCalls, powerBlockers }
    })
  return {
    endpoint: () => Promise.resolve(undefined),
    windows: () =>
      electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => ({
          id: window.id,
          visible: window.isVisible(),
          url: window.webContents.getURL(),
          // Electron keeps them but has no public way to read them back.
          webPreferences: (
            window.webContents as unknown as {
              getLastWebPreferences(): Record<string, unknown>
            }
          ).getLastWebPreferences(),
        })),
      ),
    closeWindow: ({ id }) =>
      electron.evaluate(({ BrowserWindow }, which) => {
        BrowserWindow.fromId(which)?.close()
        return BrowserWindow.fromId(which) === null
      }, id),
    tray: async () => (await spied()).tray,
    hasTray: async () => (await spied()).tray.image !== '',
    clickTray: () => run(electron, 'clickTray', undefined),
    clickTrayMenu: ({ path }) => run(electron, 'clickTrayMenu', path),
    dialogs: async () => (await spied()).dialogs,
    pressButton: ({ button }) => run(electron, 'pressButton', button),
    shellCalls: async () => (await spied()).shellCalls,
    powerBlockers: async () => (await spied()).powerBlockers,
    power: ({ event }) =>
      electron.evaluate(({ powerMonitor }, name) => {
        // The names that specs use are powerMonitor's own.
        powerMonitor.emit(name as 'suspend')
      }, event),
    askPermission: (asked) => run(electron, 'askPermission', asked),
    forgeIpc: (message) => run(electron, 'forgeIpc', message),
    quit: () =>
      electron.evaluate(({ app }) => {
        app.quit()
      }),
  }
}

/** Calls a function that the spy keeps in Electron's main process. */
function run<T>(electron: ElectronApplication, name: string, argument: unknown): Promise<T> {
  return electron.evaluate(
    (_electron_, [key, value]) => {
      const spy = Reflect.get(globalThis, 'vsrSpy') as Record<string, (value: unknown) => unknown>
      return spy[key]?.(value) as T
    },
    [name, argument] as const,
  )
}
