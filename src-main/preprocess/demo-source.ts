import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { endProcess, runProcess, startProcess } from '../ports/run-process'
import { clockCheckArgs, DEMO_PLAYLIST, demoArgs } from './demo-ffmpeg'
import { type DemoServer, serveDemo } from './demo-server'
import type { Tools } from './tools'

/** A real live HLS source on this machine, for people and tests without a URL at hand. */
export interface DemoSource {
  /**
   * Starts it on first use and resolves once its playlist can be fetched.
   * @returns the address of a live media playlist on 127.0.0.1; the same one until close().
   * @throws VsrError `ffmpeg_missing`, `source_timeout`, `cancelled`.
   */
  url(signal: AbortSignal): Promise<string>
  /** Ends ffmpeg and the server and removes the files. Idempotent. */
  close(): Promise<void>
}

interface Running {
  readonly url: string
  readonly folder: string
  stop(): Promise<void>
}

const FIRST_PLAYLIST_DEADLINE_MS = 15_000
const CLOCK_CHECK_DEADLINE_MS = 10_000
const POLL_MS = 50
const RESTART_DELAY_MS = 1000

export function createDemoSource(options: {
  tools: Pick<Tools, 'ffmpeg' | 'installHint'>
  clock: Clock
  logger: Logger
}): DemoSource {
  const { clock } = options
  const logger = options.logger.child({ part: 'demo' })
  let starting: Promise<Running> | undefined
  let closed = false

  const start = async (): Promise<Running> => {
    const ffmpeg = await options.tools.ffmpeg()
    if (ffmpeg === undefined) {
      throw new VsrError(
        'ffmpeg_missing',
        'The demo stream needs ffmpeg, which is not installed.',
        {
          hint: options.tools.installHint('ffmpeg'),
        },
      )
    }
    const withClock = await canDrawClock(ffmpeg.path)
    if (!withClock) logger.warn({}, 'this ffmpeg draws no text: the demo stream has no clock')
    const folder = await mkdtemp(path.join(tmpdir(), 'vsr-demo-'))
    let server: DemoServer | undefined
    const encoder = keepEncoding({ file: ffmpeg.path, folder, withClock, clock, logger })
    const stop = async () => {
      await encoder.close()
      await server?.close()
      await rm(folder, { recursive: true, force: true })
    }
    try {
      server = await serveDemo({ folder, logger })
      await waitForFile({ file: path.join(folder, DEMO_PLAYLIST), clock, isWanted: () => !closed })
      logger.info({ url: server.url }, 'the demo stream runs')
      return { url: server.url, folder, stop }
    } catch (err) {
      await stop()
      throw err
    }
  }

  return {
    url: async (signal) => {
      if (closed || signal.aborted) throw cancelled()
      starting ??= start().catch((err: unknown) => {
        starting = undefined
        throw err
      })
      return (await orAborted(starting, signal)).url
    },
    close: async () => {
      closed = true
      const running = await starting?.catch(() => undefined) // it failed: whoever asked was told
      starting = undefined
      await running?.stop()
    },
  }
}

const cancelled = () => new VsrError('cancelled', 'The demo stream was not needed any more.')

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(cancelled())
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

async function canDrawClock(file: string): Promise<boolean> {
  const check = await runProcess({
    file,
    args: clockCheckArgs,
    deadlineMs: CLOCK_CHECK_DEADLINE_MS,
  })
  return check.ended === 'exited' && check.exitCode === 0
}

async function waitForFile(options: {
  file: string
  clock: Clock
  isWanted: () => boolean
}): Promise<void> {
  const { file, clock, isWanted } = options
  const deadlineMs = clock.monotonicMs() + FIRST_PLAYLIST_DEADLINE_MS
  const isThere = () =>
    stat(file).then(
      () => true,
      () => false, // not written yet
    )
  while (!(await isThere())) {
    if (!isWanted()) throw cancelled()
    if (clock.monotonicMs() > deadlineMs) {
      throw new VsrError('source_timeout', 'The demo stream did not start.', {
        hint: 'ffmpeg on this machine may lack the x264 encoder. The log says more.',
      })
    }
    await clock.sleep(POLL_MS)
  }
}

interface EncoderOptions {
  file: string
  folder: string
  withClock: boolean
  clock: Clock
  logger: Logger
}

/** One ffmpeg at a time, started again when it ends by itself. */
function keepEncoding(options: EncoderOptions): { close(): Promise<void> } {
  const stopping = new AbortController()
  let child: ChildProcess | undefined
  const run = async () => {
    while (!stopping.signal.aborted) {
      child = startProcess({ file: options.file, args: demoArgs(options), stdin: 'ignore' })
      const report = await whenEnded(child)
      if (stopping.signal.aborted) return
      options.logger.warn(report, 'the demo encoder ended and is started again')
      await options.clock.sleep(RESTART_DELAY_MS, stopping.signal).catch(() => undefined) // closed
    }
  }
  const done = run()
  return {
    close: async () => {
      stopping.abort()
      if (child !== undefined) await endProcess(child)
      await done
    },
  }
}

/** Drains the lifeline (see demoArgs) and keeps the last words for the log. */
function whenEnded(child: ChildProcess): Promise<object> {
  let lastWords = ''
  child.stdout?.resume()
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    lastWords = (lastWords + chunk).slice(-2000)
  })
  return new Promise((resolve) => {
    child.once('error', (err) => resolve({ err }))
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, lastWords }))
  })
}
