import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { type BrowserContextOptions, chromium, type Page } from 'playwright'
import { toolPath } from './tools'

export interface TestPage {
  readonly page: Page
  /** Console errors and uncaught exceptions of the page so far. */
  readonly errors: readonly string[]
  /** Writes `test-results/<name>.png` and returns its path. */
  screenshot(name: string): Promise<string>
}

export interface TestBrowser {
  /** A page in a context of its own: no cookies, no storage of others. */
  newPage(options?: BrowserContextOptions): Promise<TestPage>
  /** Idempotent. */
  close(): Promise<void>
}

/** For screenshots and traces that people look at. */
const testResultsDir: string = path.resolve(import.meta.dirname, '../../test-results')

/** Chromium's switches for tests: quiet, offline, and playing without a click. */
function chromiumArgs(): string[] {
  const args = [
    // Without it, a bar about the missing sandbox covers the page.
    '--test-type',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--autoplay-policy=no-user-gesture-required',
  ]
  return process.getuid?.() === 0 ? ['--no-sandbox', ...args] : args
}

/** The system's Chromium, headless. Close it in `finally` or `afterAll`. */
export async function launchBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: toolPath('chromium'),
    args: chromiumArgs(),
  })
  return {
    newPage: async (options = {}) => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        ...options,
      })
      const page = await context.newPage()
      const errors: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text())
      })
      page.on('pageerror', (error) => errors.push(error.message))
      return {
        page,
        errors,
        screenshot: async (name) => {
          mkdirSync(testResultsDir, { recursive: true })
          const file = path.join(testResultsDir, `${name}.png`)
          await page.screenshot({ path: file })
          return file
        },
      }
    },
    close: () => browser.close(),
  }
}
