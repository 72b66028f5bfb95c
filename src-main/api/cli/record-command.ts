import path from 'node:path'
import { type ApiError, VsrError } from '../../../src-preload/contract/errors'
import {
  audioChoiceSchema,
  lowestQualitySchema,
  qualitySchema,
  type RecordingDetail,
  type RecordingSummary,
  subtitlesChoiceSchema,
} from '../../../src-preload/contract/model'
import { parseDurationSec, parseUntilMs } from '../../../src-preload/contract/time-text'
import { mayBeLiveLater } from '../../../src-preload/contract/wait-for-live'
import type { Engine } from '../../engine'
import { systemClock } from '../../ports/clock'
import { aborted, withEngine, type CommandContext } from './context'
import { runExport } from './export-command'
import {
  activityLine,
  lackingLines,
  progressLine,
  startedLine,
  stateWord,
  summaryLine,
} from './record-lines'
import type { Terminal } from './terminal'
import { type RecordingLimit, timeUp } from './time-up'

export interface RecordOptions {
  readonly for?: string
  readonly until?: string
  readonly quality?: string
  readonly lowest?: string
  readonly audio?: string
  readonly subtitles?: string
  readonly name?: string
  readonly export?: string
  readonly wait?: boolean
  readonly keepWaiting?: boolean
}

const PROGRESS_INTERVAL_MS = 1000

/**
 * Records until the source ends, the time is up or the person stops it.
 * @returns the exit code.
 * @throws VsrError where nothing could be recorded at all.
 */
export async function recordCommand(
  context: CommandContext,
  url: string,
  options: RecordOptions,
): Promise<number> {
  const { terminal } = context
  const limit = recordingLimit(options, Date.now())
  checkChoice(options)
  return withEngine(context, 'write', async (engine) => {
    if (options.export !== undefined) {
      await engine.checkExportFile(path.resolve(context.folder, options.export))
    }
    const recording = await beforeInterrupt(
      startOrResume(engine, terminal, url, options),
      context.interrupted,
    )
    const report = reportEvents(engine, terminal, recording)
    try {
      await untilOver(context, engine, recording.id, limit)
    } finally {
      report.end()
    }
    const detail = await engine.getRecording(recording.id)
    terminal.say(summaryLine(detail))
    for (const line of lackingLines(detail)) terminal.say(line)
    const exported =
      options.export === undefined || detail.segments === 0
        ? undefined
        : await exportWhole(context, engine, detail, options.export)
    terminal.emit({
      event: 'result',
      recording: detail,
      ...(exported === undefined ? {} : { export: exported }),
    })
    if (detail.state === 'failed') terminal.fail(failureOf(detail))
    else if (detail.segments === 0) terminal.fail(nothingRecorded(report.lastCause()))
    return detail.state !== 'failed' && detail.segments > 0 ? 0 : 1
  })
}

function recordingLimit(options: RecordOptions, nowMs: number): RecordingLimit {
  const lengthSec = options.for === undefined ? undefined : parseDurationSec(options.for)
  const untilMs = options.until === undefined ? undefined : parseUntilMs(options.until, nowMs)
  if (options.for !== undefined && !lengthSec) {
    throw new VsrError('bad_time', `“${options.for}” is not a length of time.`, {
      hint: 'Write it like 30s, 5m or 1h30m.',
    })
  }
  if (options.until !== undefined && untilMs === undefined) {
    throw new VsrError('bad_time', `“${options.until}” is not a time to come.`, {
      hint: 'Write it like 14:30, or with a date: 2026-03-01T14:30.',
    })
  }
  return {
    ...(lengthSec === undefined ? {} : { lengthMs: lengthSec * 1000 }),
    ...(untilMs === undefined ? {} : { untilMs }),
  }
}

function checkChoice({ quality, lowest, audio, subtitles }: RecordOptions): void {
  if (quality !== undefined && !qualitySchema.safeParse(quality).success) {
    throw new VsrError('bad_request', `“${quality}” is not a quality.`, {
      hint: 'Write best, worst, a height such as 720p, or a highest bit rate in bits per second.',
    })
  }
  if (lowest !== undefined && !lowestQualitySchema.safeParse(lowest).success) {
    throw new VsrError('bad_request', `“${lowest}” is not a lowest quality.`, {
      hint: 'Write off, worst, or a height such as 480p.',
    })
  }
  if (audio !== undefined && !audioChoiceSchema.safeParse(audio).success) {
    throw new VsrError('bad_request', `“${audio}” is not a choice of sound.`, {
      hint: 'Write default, all, or languages such as en,de.',
    })
  }
  if (subtitles !== undefined && !subtitlesChoiceSchema.safeParse(subtitles).success) {
    throw new VsrError('bad_request', `“${subtitles}” is not a choice of subtitles.`, {
      hint: 'Write none, all, or languages such as en,de.',
    })
  }
}

/** @throws VsrError `cancelled` where Ctrl-C comes while the address is still being looked at. */
function beforeInterrupt<T>(started: Promise<T>, interrupted: AbortSignal): Promise<T> {
  const cancelled = aborted(interrupted).then(() => {
    throw new VsrError('cancelled', 'Stopped before the recording began.')
  })
  return Promise.race([started, cancelled])
}

/** A recording of the same address that was cut off by a crash goes on; otherwise a new one begins. */
async function startOrResume(
  engine: Engine,
  terminal: Terminal,
  url: string,
  options: RecordOptions,
): Promise<RecordingSummary> {
  const [interrupted] = await engine.resume(url)
  if (interrupted !== undefined) {
    terminal.say(`Going on with “${interrupted.title}” (${interrupted.id}), which was interrupted.`)
    return interrupted
  }
  terminal.progress(`Looking at ${url} …`)
  const { quality, lowest, audio, subtitles, name, wait: waitForLive, keepWaiting } = options
  const wanted = { url, quality, lowest, audio, subtitles, name, waitForLive, keepWaiting }
  const started = await engine.startRecording(wanted).catch((error: unknown) => {
    throw waitForLive === true ? error : withWaitOffered(error)
  })
  terminal.say(startedLine(started, { waitForLive: waitForLive === true }))
  return started
}

/** A failure that may only mean that the stream has not begun also names the way to wait for it. */
function withWaitOffered(error: unknown): unknown {
  if (!(error instanceof VsrError) || !mayBeLiveLater(error.code)) return error
  const { code, message, hint } = error
  const offered = [hint, 'If the stream has not started yet, --wait waits for it.']
  return new VsrError(code, message, { hint: offered.join(' ').trim(), cause: error })
}

function reportEvents(engine: Engine, terminal: Terminal, started: RecordingSummary) {
  let state: RecordingSummary['state'] | undefined
  let causeCode: ApiError['code'] | undefined
  let lastCause: ApiError | undefined
  let latest = started
  const report = (recording: RecordingSummary) => {
    latest = recording
    lastCause = recording.reason?.cause ?? lastCause
    const cause = recording.reason?.cause
    const nextTryMs = recording.reason?.nextTryMs
    const isNewState = recording.state !== state
    if (!isNewState && cause?.code === causeCode) return
    state = recording.state
    causeCode = cause?.code
    terminal.emit({
      event: 'state',
      id: recording.id,
      state,
      ...(cause === undefined ? {} : { cause: cause.code, message: cause.message }),
      ...(nextTryMs === undefined ? {} : { nextTryMs }),
      atMs: Date.now(),
    })
    if (isNewState && cause !== undefined) terminal.say(`${stateWord(recording)}: ${cause.message}`)
  }
  const progress = setInterval(() => {
    const { id, durationSec, bytes, segments, gaps, gapSec, soundGapSec } = latest
    const { latencySec, outstandingSec } = latest
    const figures = { durationSec, bytes, segments, gaps, gapSec, soundGapSec }
    terminal.emit({ event: 'progress', id, ...figures, latencySec, outstandingSec })
    terminal.progress(progressLine(latest, Date.now()))
  }, PROGRESS_INTERVAL_MS)
  report(started)
  const unsubscribe = engine.onEvent((event) => {
    if (event.type === 'recording.updated' && event.recording.id === started.id) {
      report(event.recording)
    }
    if (event.type === 'recording.gap' && event.id === started.id) {
      terminal.emit({ event: 'gap', id: event.id, ...event.gap })
    }
    if (event.type === 'recording.activity' && event.id === started.id) {
      terminal.emit({ event: 'activity', id: event.id, ...event.activity })
      terminal.say(activityLine(event.activity))
    }
  })
  return {
    end: () => {
      clearInterval(progress)
      unsubscribe()
      const last = engine.listRecordings().find(({ id }) => id === started.id)
      if (last !== undefined) report(last)
    },
    /** What went wrong last, also where it is over by now. */
    lastCause: () => lastCause,
  }
}

const isOver = ({ state }: RecordingSummary) => state === 'stopped' || state === 'failed'

async function untilOver(
  context: CommandContext,
  engine: Engine,
  id: string,
  limit: RecordingLimit,
): Promise<void> {
  const over = new AbortController()
  const unsubscribe = engine.onEvent((event) => {
    if (event.type !== 'recording.updated' || event.recording.id !== id) return
    if (isOver(event.recording)) over.abort()
  })
  if (engine.listRecordings().some((recording) => recording.id === id && isOver(recording))) {
    over.abort()
  }
  const signal = AbortSignal.any([over.signal, context.interrupted])
  try {
    await timeUp({ clock: systemClock, limit, signal })
  } finally {
    unsubscribe()
  }
  await engine.stopRecording(id)
}

function exportWhole(
  context: CommandContext,
  engine: Engine,
  detail: RecordingDetail,
  file: string,
) {
  const range = { fromMs: detail.startMs, toMs: detail.endMs ?? detail.startMs }
  return runExport(context, engine, { recordingId: detail.id, ...range, file })
}

const failureOf = ({ reason }: RecordingDetail) =>
  reason?.cause === undefined
    ? new VsrError('internal', 'The recording failed.')
    : new VsrError(
        reason.cause.code,
        reason.cause.message,
        reason.cause.hint === undefined ? {} : { hint: reason.cause.hint },
      )

const nothingRecorded = (cause: ApiError | undefined) =>
  cause === undefined
    ? new VsrError('no_footage', 'Nothing was recorded.', {
        hint: 'The source sent no segment in this time.',
      })
    : new VsrError(cause.code, `Nothing was recorded. ${cause.message}`)
