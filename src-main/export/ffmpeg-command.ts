import type { ChildProcess } from 'node:child_process'
import { Readable } from 'node:stream'
import type { FfmpegCommand } from 'fluent-ffmpeg'
import { VsrError } from '../../src-preload/contract/errors'
import { endProcess } from '../ports/run-process'
import { quietOptions } from './ffmpeg-args'

/** The only module that knows fluent-ffmpeg, which nobody maintains: this file is enough to replace it. */

interface FfmpegInput {
  /** Bytes for standard input (at most one input), or what goes behind `-i`. */
  readonly source: AsyncIterable<Uint8Array> | string
  readonly options: readonly string[]
}

export interface FfmpegRun {
  readonly ffmpegPath: string
  /** Folder that names of inputs are relative to. */
  readonly cwd?: string | undefined
  readonly inputs: readonly FfmpegInput[]
  readonly outputOptions: readonly string[]
  /** `file:` URL. Overwritten. */
  readonly output: string
  readonly signal: AbortSignal
  /** Seconds of output written so far. */
  readonly onProgress: (writtenSec: number) => void
  /** Longest silence before it is taken for hung, milliseconds. */
  readonly stallMs?: number
}

/** Moving the index of a large file to its front prints nothing. */
const DEFAULT_STALL_MS = 15 * 60_000
const LAST_WORDS = 600
const TIME = /time=(-?)(\d+):(\d{2}):(\d{2}(?:\.\d+)?)/

/**
 * What is replaced in an instance of fluent-ffmpeg: it asks ffmpeg for all its codecs and formats before the first run (two more
 * processes), refuses devices with ffmpeg >= 7 because it misreads that list, and starts ffmpeg in our own process group.
 */
interface Internals {
  _checkCapabilities(done: (err?: Error | null) => void): void
  availableEncoders(done: (err: Error | null, encoders: object) => void): void
  _spawnFfmpeg(
    args: string[],
    options: object,
    onProcess: (child: ChildProcess, ...rings: unknown[]) => void,
    onEnd: (...result: unknown[]) => void,
  ): void
}

/**
 * Runs ffmpeg to its end; on abort and on hanging ends it with everything it started (FAULTS F47).
 * @throws VsrError `export_failed`, `disk_full`, `cancelled`.
 */
export async function runFfmpeg(run: FfmpegRun): Promise<void> {
  // Loaded when it is first needed: most runs of VSR export nothing.
  const { default: ffmpeg } = await import('fluent-ffmpeg')
  const command = ffmpeg({
    stdoutLines: 50,
    ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
  })
  // fluent-ffmpeg's types leave its internals out
  const internals = command as unknown as Internals
  const streams = run.inputs.map((input) => addInput(command, input))
  command.output(run.output).outputOptions(...run.outputOptions)
  command.setFfmpegPath(run.ffmpegPath)

  let child: ChildProcess | undefined
  const spawnFfmpeg = internals._spawnFfmpeg.bind(command)
  internals._checkCapabilities = (done) => done()
  internals.availableEncoders = (done) => done(null, {})
  internals._spawnFfmpeg = (args, options, onProcess, onEnd) => {
    spawnFfmpeg(
      [...quietOptions, ...args],
      { ...options, detached: process.platform !== 'win32' },
      (started, ...rings) => {
        child = started
        onProcess(started, ...rings)
        if (run.signal.aborted) stop('cancelled')
      },
      onEnd,
    )
  }

  let stopped: 'cancelled' | 'hung' | undefined
  const stop = (why: 'cancelled' | 'hung') => {
    stopped ??= why
    if (child !== undefined) void endProcess(child)
  }
  const onAbort = () => stop('cancelled')
  const watchdog = setTimeout(() => stop('hung'), run.stallMs ?? DEFAULT_STALL_MS)
  run.signal.addEventListener('abort', onAbort, { once: true })
  try {
    if (run.signal.aborted) throw cancelled()
    await new Promise<void>((resolve, reject) => {
      command.on('stderr', (line: string) => {
        watchdog.refresh()
        const writtenSec = parseTime(line)
        if (writtenSec !== undefined) run.onProgress(writtenSec)
      })
      command.on('end', () => resolve())
      command.on('error', (err, _stdout, stderr) => reject(explain(err, stderr ?? '', stopped)))
      command.run()
    })
  } finally {
    clearTimeout(watchdog)
    run.signal.removeEventListener('abort', onAbort)
    for (const stream of streams) stream?.destroy()
    if (child !== undefined) await endProcess(child)
  }
}

/** Options go in one by one: handed over as an array, fluent-ffmpeg splits those that hold one blank. */
function addInput(command: FfmpegCommand, input: FfmpegInput): Readable | undefined {
  const stream =
    typeof input.source === 'string'
      ? undefined
      : Readable.from(input.source, { objectMode: true, highWaterMark: 2 })
  command.input(stream ?? (input.source as string)) // a string where there is no stream
  command.inputOptions(...input.options)
  return stream
}

/** @returns seconds, from a line of ffmpeg's statistics. */
function parseTime(line: string): number | undefined {
  const [, sign, hours, minutes, seconds] = TIME.exec(line) ?? []
  if (seconds === undefined) return undefined
  const value = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return sign === '-' ? 0 : value
}

const cancelled = () => new VsrError('cancelled', 'The export was cancelled.')

function explain(err: Error, stderr: string, stopped: 'cancelled' | 'hung' | undefined): VsrError {
  if (stopped === 'cancelled') return cancelled()
  const lines = stderr.split(/\r?\n|\r/).filter((line) => line !== '' && !TIME.test(line))
  const lastWords = lines.slice(-3).join(' ').slice(-LAST_WORDS).trim()
  if (/No space left on device/i.test(stderr)) {
    return new VsrError('disk_full', 'The disk is full: the export could not be written.', {
      hint: 'Free some space, or export to another disk.',
      cause: err,
    })
  }
  const what = stopped === 'hung' ? 'ffmpeg stopped answering' : 'ffmpeg could not make the file'
  return new VsrError('export_failed', lastWords === '' ? `${what}.` : `${what}: ${lastWords}`, {
    hint: 'The recording itself is unharmed. The log says more.',
    cause: err,
  })
}
