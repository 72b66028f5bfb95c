import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ManagedProcess {
  readonly pid: number
  readonly child: ChildProcess
  /** Resolves when it has ended; never rejects. */
  readonly exited: Promise<Exit>
  /** Everything it said so far, the last 256 kB of each. */
  readonly stdout: string
  readonly stderr: string
  readonly running: boolean
  /** Sends the signal (TERM unless told), then KILL when it has not ended after `deadlineMs`. Idempotent. */
  stop(options?: { readonly signal?: NodeJS.Signals; readonly deadlineMs?: number }): Promise<Exit>
}

const KEPT_CHARACTERS = 256 * 1024

/** Starts a program, without a shell, that does not outlive this process. */
export async function startProcess(options: {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  /** Replaces the whole environment. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly onStdout?: (text: string) => void
}): Promise<ManagedProcess> {
  const child = spawn(options.command, [...options.args], {
    cwd: options.cwd,
    env: { ...(options.env ?? process.env) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout = (said.stdout + text).slice(-KEPT_CHARACTERS)
    options.onStdout?.(text)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr = (said.stderr + text).slice(-KEPT_CHARACTERS)
  })
  const killWithUs = () => child.kill('SIGKILL')
  process.once('exit', killWithUs)
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      process.removeListener('exit', killWithUs)
      resolve({ code, signal })
    })
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => {
      process.removeListener('exit', killWithUs)
      reject(new Error(`${options.command} could not be started`, { cause: error }))
    })
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${options.command} has no process id`)
  const hasNotEnded = () => child.exitCode === null && child.signalCode === null

  return {
    pid,
    child,
    exited,
    get stdout() {
      return said.stdout
    },
    get stderr() {
      return said.stderr
    },
    get running() {
      return hasNotEnded()
    },
    async stop({ signal = 'SIGTERM', deadlineMs = 5_000 } = {}) {
      if (hasNotEnded()) child.kill(signal)
      const killer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
      try {
        return await exited
      } finally {
        clearTimeout(killer)
      }
    },
  }
}

/** True while a process with this number runs; one that has ended but was not yet collected by its parent does not. */
export function isRunning(pid: number): boolean {
  if (process.platform === 'linux') {
    const file = `/proc/${pid}/stat`
    // The state stands after the name, which is in brackets and may hold anything.
    return existsSync(file) && !/\) Z [^)]*$/.test(readFileSync(file, 'utf8'))
  }
  try {
    return process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

/** Arguments written as one line; not for values that may hold a space. */
export const words = (line: string): string[] => line.split(' ')

/** Runs a program to its end; kills it and throws at the deadline. */
export async function runProcess(options: {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly deadlineMs?: number
}): Promise<Exit & { readonly stdout: string; readonly stderr: string }> {
  const { deadlineMs = 60_000 } = options
  let late = false
  const running = await startProcess(options)
  const timer = setTimeout(() => {
    late = true
    running.child.kill('SIGKILL')
  }, deadlineMs)
  const exit = await running.exited
  clearTimeout(timer)
  if (late) {
    throw new Error(`${options.command} took more than ${deadlineMs} ms\n${running.stderr}`)
  }
  return { ...exit, stdout: running.stdout, stderr: running.stderr }
}
