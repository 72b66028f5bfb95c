import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { BrowserContext } from 'playwright'

export interface Chromium {
  /** Starts Chromium at the first call. */
  context(): Promise<BrowserContext>
  /** Where specs connect to, and the process that must be gone in the end; undefined before the start. */
  endpoint(): Promise<{ url: string; pid: number } | undefined>
  close(): Promise<void>
}

const ARGUMENTS = [
  '--test-type',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  // Any free port on 127.0.0.1, so that specs can hold the same pages.
  '--remote-debugging-port=0',
]

/** The browser behind all windows. Its profile lies in the data folder, as Electron's does. */
export function createChromium(options: { executablePath: string; userDataDir: string }): Chromium {
  const { executablePath, userDataDir } = options
  const profile = path.join(userDataDir, 'chromium')
  let started: Promise<BrowserContext> | undefined

  const start = async () => {
    // Loaded here, because a second start ends without a browser and should not wait for it.
    const { chromium } = await import('playwright')
    const asRoot = process.getuid?.() === 0
    return chromium.launchPersistentContext(profile, {
      executablePath,
      chromiumSandbox: !asRoot,
      args: asRoot ? [...ARGUMENTS, '--no-sandbox'] : ARGUMENTS,
      // Signals belong to the application.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    })
  }
  return {
    context: () => (started ??= start()),
    endpoint: async () => {
      const context = await started
      const page = context?.pages()[0]
      if (context === undefined || page === undefined) return undefined
      const [port] = readFileSync(path.join(profile, 'DevToolsActivePort'), 'utf8').split('\n')
      const browser = await context.browser()?.newBrowserCDPSession()
      const info = await browser?.send('SystemInfo.getProcessInfo')
      await browser?.detach()
      const pid = info?.processInfo.find(({ type }) => type === 'browser')?.id
      if (pid === undefined) throw new Error('electron-host: Chromium names no process of its own')
      return { url: `http://127.0.0.1:${port}`, pid }
    },
    close: async () => {
      const context = await started
      await context?.close()
    },
  }
}
