import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { ask } from '../../support/electron-host/ask'
import { findRuntime, launchDesktop, runDesktop } from '../../support/electron-host/desktop-app'
import { createTempDir } from '../../support/temp-dir'
import { waitUntil } from '../../support/wait-until'

const temp = createTempDir()
afterAll(() => temp.remove())

const start = async (name: string, port: number) => {
  const app = await launchDesktop({
    userDataDir: path.join(temp.dir, name),
    args: [`--port=${port}`, `--library=${path.join(temp.dir, `${name}-library`)}`],
  })
  onTestFinished(() => app.stop())
  const page = await app.page()
  await page.getByTestId('url-input').waitFor()
  return { app, page }
}

describe('the desktop application', () => {
  it('ends with its window when that is what the person set', async () => {
    const { app, page } = await start('ends', 0)
    await ask(page, 'settings.set', { closeToTray: false })
    const [window] = await app.control('windows')
    await app.control('closeWindow', { id: window?.id ?? 0 })
    expect(await app.exited()).toBe(0)
  })

  // On the real runtime the message waits for a person to press its button.
  it.skipIf(findRuntime())('says in a sentence why it cannot start, and ends with 1', async () => {
    const { code, output } = await runDesktop({
      userDataDir: path.join(temp.dir, 'unwritable'),
      args: ['--port=0', '--library=/dev/null/library'],
    })
    expect(code).toBe(1)
    expect(output).toMatch(/\[dialog\] VSR could not start: .*\/dev\/null\/library/)
    expect(output).not.toMatch(/^\s+at |ENOTDIR/m)
  })

  it('F43 takes another port where its own is taken, and says which', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await waitUntil({ what: 'the port to be taken', check: () => taken.listening })
    // A listening TCP server has an address of this kind.
    const { port } = taken.address() as AddressInfo
    const { page } = await start('port', port)
    const { serverUrl } = await ask(page, 'system.info', {})
    const { port: found, hostname } = new URL(serverUrl)
    expect(hostname).toBe('127.0.0.1')
    expect(Number(found)).not.toBe(port)
    expect((await fetch(new URL('health', serverUrl))).status).toBe(200)
  })

  it('F55 records on when the window crashes, and offers to reload it', async () => {
    const { app, page } = await start('crash', 0)
    await ask(page, 'recordings.start', { url: 'demo:' })
    const devtools = await page.context().newCDPSession(page)
    // The page is gone before it could answer.
    void devtools.send('Page.crash').catch(() => undefined)
    const question = await waitUntil({
      what: 'the offer to reload',
      check: async () => (await app.control('dialogs'))[0],
    })
    expect(question.message).toContain('Recordings go on')
    expect(question.buttons).toEqual(['Reload the window', 'Leave it'])
    const menu = async () => (await app.control('tray')).menu[0]?.label ?? ''
    await waitUntil({
      what: 'the recording to have footage',
      check: async () => /Recording, (?!0:00)/.test(await menu()),
      deadlineMs: 40_000,
    })
    await app.control('pressButton', { button: 'Reload the window' })
    await waitUntil({
      what: 'the broken page to go',
      check: () => page.isClosed() || app.runtime === 'electron',
    })
    const row = (await app.page()).locator('[data-testid="recording-row"][data-state="recording"]')
    await row.waitFor()
  })
})
