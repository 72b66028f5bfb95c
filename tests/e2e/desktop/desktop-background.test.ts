import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { ask, clickFirstRow } from '../../support/electron-host/ask'
import { launchDesktop } from '../../support/electron-host/desktop-app'
import type { DesktopApp } from '../../support/electron-host/types'
import { readMedia } from '../../support/media'
import { createTempDir } from '../../support/temp-dir'
import { startTestOrigin } from '../../support/test-origin'
import { waitUntil } from '../../support/wait-until'

const temp = createTempDir()
afterAll(() => temp.remove())

const AWAKE = ['prevent-app-suspension']

/** The application with an empty library, and an origin that sends what the test says. */
async function setUp(name: string) {
  const libraryDir = path.join(temp.dir, `${name}-library`)
  const args = ['--port=0', `--library=${libraryDir}`]
  const app = await launchDesktop({ userDataDir: path.join(temp.dir, name), args })
  onTestFinished(() => app.stop())
  const page = await app.page()
  await page.getByTestId('url-input').waitFor()
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const { media } = await readMedia({ kind: 'ts' })
  const stream = origin.addStream({ name: 'evening-news', media })
  return { app, page, origin, stream, url: origin.urlOf(stream), libraryDir }
}

/** Holds every script and timer of the page, until the test ends. */
async function halt(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const isHalted = new Promise((resolve) => session.once('Debugger.paused', resolve))
  await session.send('Debugger.enable')
  await session.send('Runtime.evaluate', { expression: 'setInterval(() => {}, 10)' })
  await session.send('Debugger.pause')
  await isHalted
}

async function hideWindow(app: DesktopApp): Promise<void> {
  const [window] = await app.control('windows')
  await app.control('closeWindow', { id: window?.id ?? 0 })
  expect(await app.control('windows')).toMatchObject([{ visible: false }])
}

const untilBlocking = (app: DesktopApp, blockers: readonly string[]) =>
  waitUntil({
    what: `power blockers: ${blockers.join() || 'none'}`,
    check: async () => String(await app.control('powerBlockers')) === String(blockers),
  })

const untilTray = (app: DesktopApp, state: string) =>
  waitUntil({
    what: `the tray to say ${state}`,
    check: async () => (await app.control('tray')).menu[0]?.label.includes(` – ${state}, `),
    deadlineMs: 60_000,
  })

/** Segments on the disk; nothing of the application is asked. */
const untilStored = (libraryDir: string, count: number) =>
  waitUntil({
    what: `${count} segments on the disk`,
    check: () => {
      const files = readdirSync(libraryDir, { recursive: true, encoding: 'utf8' })
      const isSegment = (file: string) => file.endsWith('.ts') && !/\btmp\b/.test(file)
      return files.filter(isSegment).length === count
    },
    deadlineMs: 40_000,
  })

it('F30 records while the window is hidden and no timer of its page runs, and keeps the computer awake', async () => {
  const { app, page, origin, stream, url, libraryDir } = await setUp('hidden')
  expect(await app.control('powerBlockers')).toEqual([])
  stream.advance(3)
  await ask(page, 'recordings.start', { url })
  await untilStored(libraryDir, 3)
  await untilBlocking(app, AWAKE)

  await halt(page)
  await hideWindow(app)
  for (let count = 4; count <= 8; count++) {
    stream.advance(1)
    await untilStored(libraryDir, count)
  }
  expect(await app.control('powerBlockers')).toEqual(AWAKE)

  const back = origin.addFault({ fault: { kind: 'reset' } })
  await untilTray(app, 'Stalled')
  expect(await app.control('powerBlockers')).toEqual(AWAKE)
  back()
  stream.advance(1)
  await untilStored(libraryDir, 9)
  await untilTray(app, 'Recording')
  expect(await app.control('powerBlockers')).toEqual(AWAKE)

  await clickFirstRow(app, 'Stop')
  await untilBlocking(app, [])
})

it('F30 keeps the computer awake while it waits for a source to go live, in a hidden window, too', async () => {
  const { app, page, origin, stream, url, libraryDir } = await setUp('waiting')
  const goLive = origin.addFault({ kind: 'playlist', fault: { kind: 'status', status: 404 } })
  await ask(page, 'recordings.start', { url, waitForLive: true })
  await untilBlocking(app, AWAKE)
  await halt(page)
  await hideWindow(app)
  // Not only at the first request: it is asked again and again.
  await waitUntil({ what: 'a second request', check: () => origin.requests.length > 1 })
  expect(await app.control('powerBlockers')).toEqual(AWAKE)

  stream.advance(2)
  goLive()
  await untilStored(libraryDir, 2)
  expect(await app.control('powerBlockers')).toEqual(AWAKE)
  await clickFirstRow(app, 'Stop')
  await untilBlocking(app, [])
})
