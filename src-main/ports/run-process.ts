import { type ChildProcess, spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface ProcessOptions {
  /** Absolute path of the program. */
  readonly file: string
  /** Handed over as they are: no shell ever sees them (SECURITY S20). */
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

export interface RunOptions extends ProcessOptions {
  /** TERM after this many milliseconds, KILL `KILL_GRACE_MS` later. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal
  /** Fed to standard input; the program may end without reading all of it. */
  readonly stdin?: AsyncIterable<Uint8Array>
  /** The program is ended when it prints more than this on standard output. */
  readonly maxStdoutBytes?: number
}

export interface RunResult {
  /** `null` where a signal ended it. */
  readonly exitCode: number | null
  readonly stdout: string
  /** The last 64 kB. */
  readonly stderr: string
  readonly ended: 'exited' | 'deadline' | 'aborted' | 'overflow'
}

const KILL_GRACE_MS = 2000
const DEFAULT_MAX_STDOUT_BYTES = 16 * 1024 * 1024
const MAX_STDERR_CHARS = 64 * 1024
const hasProcessGroups = process.platform !== 'win32'

/** Arguments written as one line; not for values that may hold a blank. */
export const words = (line: string): string[] => line.split(' ')

/** Starts a program in a process group of its own, so that `endProcess` reaches its children too (FAULTS F48). */
export function startProcess(
  options: ProcessOptions & { readonly stdin: 'ignore' | 'pipe' },
): ChildProcess {
  return spawn(options.file, [...options.args], {
    stdio: [options.stdin, 'pipe', 'pipe'],
    detached: hasProcessGroups,
    windowsHide: true,
    env: options.env,
    cwd: options.cwd,
  })
}

/**
 * Ends a program of `startProcess` and everything it started: TERM, then KILL (FAULTS F47). Resolves once all its pipes are closed.
 * @param graceMs how long TERM may take.
 */
export async function endProcess(child: ChildProcess, graceMs = KILL_GRACE_MS): Promise<void> {
  if (child.pid === undefined || isClosed(child)) return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => signalTree(child, 'SIGKILL'), graceMs)
    child.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    signalTree(child, 'SIGTERM')
  })
}

/**
 * Runs a program to its end and captures what it prints, within bounds.
 * @throws the system's error where the program cannot be started.
 */
export async function runProcess(options: RunOptions): Promise<RunResult> {
  if (options.signal?.aborted) {
    return { exitCode: null, stdout: '', stderr: '', ended: 'aborted' }
  }
  const child = startProcess({ ...options, stdin: options.stdin === undefined ? 'ignore' : 'pipe' })
  let ended: RunResult['ended'] = 'exited'
  const end = (reason: RunResult['ended']) => {
    if (ended === 'exited') ended = reason
    void endProcess(child)
  }
  const timer = setTimeout(() => end('deadline'), options.deadlineMs)
  const onAbort = () => end('aborted')
  options.signal?.addEventListener('abort', onAbort, { once: true })
  const stdout = collectHead(child.stdout, options.maxStdoutBytes ?? DEFAULT_MAX_STDOUT_BYTES, () =>
    end('overflow'),
  )
  const stderr = collectTail(child.stderr)
  try {
    const [exitCode] = await Promise.all([whenClosed(child), feed(child, options.stdin)])
    return { exitCode, stdout: stdout(), stderr: stderr(), ended }
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', onAbort)
  }
}

const isClosed = (child: ChildProcess) =>
  (child.exitCode !== null || child.signalCode !== null) &&
  child.stdout?.closed !== false &&
  child.stderr?.closed !== false

function signalTree(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return
  if (!hasProcessGroups) {
    spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true }).on(
      'error',
      () => child.kill(signal),
    )
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch (err) {
    // The group is gone already: that is what was wanted.
    if (!hasCode(err, 'ESRCH')) throw err
  }
}

function whenClosed(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code))
  })
}

/** A program that has seen enough closes its input: its exit code tells whether that was right. */
async function feed(
  child: ChildProcess,
  chunks: AsyncIterable<Uint8Array> | undefined,
): Promise<void> {
  if (chunks === undefined || child.stdin === null) return
  try {
    await pipeline(Readable.from(chunks), child.stdin)
  } catch (err) {
    const inputClosed = ['EPIPE', 'ECONNRESET', 'EOF', 'ERR_STREAM_PREMATURE_CLOSE']
    if (!inputClosed.some((code) => hasCode(err, code))) throw err
  }
}

function collectHead(stream: Readable | null, maxBytes: number, onOverflow: () => void) {
  const chunks: Uint8Array[] = []
  let bytes = 0
  stream?.on('data', (chunk: Uint8Array) => {
    bytes += chunk.byteLength
    if (bytes > maxBytes) onOverflow()
    else chunks.push(chunk)
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

function collectTail(stream: Readable | null) {
  let text = ''
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-MAX_STDERR_CHARS)
  })
  return () => text
}

const hasCode = (err: unknown, code: string) =>
  err instanceof Error && 'code' in err && err.code === code
