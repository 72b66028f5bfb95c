import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { type Browser, chromium, type Page } from 'playwright'
import { waitUntil } from '../wait-until'
import { hostFile, hostIsBuilt } from './build-host'
import type { ControlReply } from './host/control'
import type { ControlValue, DesktopApp, LaunchOptions } from './types'

/** How to run an application on the stand-in, which is built when it is first needed. */
export async function standInCommand(
  options: LaunchOptions,
): Promise<{ command: string; args: string[] }> {
  await hostIsBuilt()
  const { appPath, userDataDir, args = [] } = options
  return {
    command: process.execPath,
    args: [hostFile, appPath, `--user-data-dir=${userDataDir}`, ...args],
  }
}

/** Starts an application on the stand-in. */
export async function launchStandIn(options: LaunchOptions): Promise<DesktopApp> {
  const { command, args } = await standInCommand(options)
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  await once(child, 'spawn')
  return attach(child, options)
}

function attach(child: ChildProcess, options: LaunchOptions): DesktopApp {
  const { pid } = child
  if (pid === undefined) throw new Error(`the application did not start (${options.userDataDir})`)
  const errors: string[] = []
  let output = ''
  let chromiumPid: number | undefined
  let browser: Promise<Browser> | undefined
  let page: Page | undefined
  let nextId = 1
  const waiting = new Map<number, (reply: ControlReply) => void>()

  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  child.on('message', (reply: ControlReply) => {
    waiting.get(reply.id)?.(reply)
    waiting.delete(reply.id)
  })
  const exit = once(child, 'exit').then(([code]) => {
    for (const [id, answer] of waiting)
      answer({ id, ok: false, message: `the application ended: ${output}` })
    waiting.clear()
    // Either a number or null, by Node's documentation of the event.
    return code as number | null
  })

  const control: DesktopApp['control'] = (method, ...params) =>
    new Promise((resolve, reject) => {
      const id = nextId
      nextId += 1
      waiting.set(id, (reply) => {
        // The host answers each method with what the type of the same control says.
        if (reply.ok) resolve(reply.value as ControlValue<typeof method>)
        else reject(new Error(reply.message))
      })
      if (!child.connected) {
        waiting.get(id)?.({ id, ok: false, message: `the application ended: ${output}` })
        waiting.delete(id)
        return
      }
      child.send({ id, method, params: params[0] })
    })

  const connect = async (): Promise<Browser> => {
    const endpoint = await waitUntil({ what: 'Chromium', check: () => control('endpoint') })
    chromiumPid = endpoint.pid
    return chromium.connectOverCDP(endpoint.url)
  }
  /** The page of the window as it is now; a window that crashed and was reloaded has a new one. */
  const findPage = async (): Promise<Page> => {
    if (page !== undefined && !page.isClosed()) return page
    browser ??= connect()
    const context = (await browser).contexts()[0]
    const found = await waitUntil({
      what: 'the page of the window',
      check: () => context?.pages().find((one) => one.url().includes('.electron-host.test/')),
    })
    found.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    found.on('pageerror', (error) => errors.push(String(error)))
    page = found
    return found
  }

  return {
    runtime: 'electron-host',
    pid,
    page: findPage,
    pageErrors: () => errors,
    control,
    output: () => output,
    exited: () => exit,
    stop: async () => {
      await (await browser)?.close()
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        const ended = await Promise.race([
          exit.then(() => true),
          delay(10_000, false, { ref: false }),
        ])
        if (!ended) child.kill('SIGKILL')
        await exit
      }
      endProcess(chromiumPid)
    },
  }
}

/** Chromium outlives a host that was killed. */
function endProcess(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
