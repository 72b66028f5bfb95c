import path from 'node:path'
import { VsrError } from '../../../src-preload/contract/errors'
import type { ExportJob, ExportResult } from '../../../src-preload/contract/model'
import { parseInstantMs } from '../../../src-preload/contract/time-text'
import type { Engine, ExportRequest } from '../../engine'
import { findRecording, withEngine, type CommandContext } from './context'
import { formatBytes, formatDuration } from './format'
import type { Terminal } from './terminal'
import { runUpload } from './upload-command'

export interface ExportOptions {
  readonly from?: string
  readonly to?: string
  readonly output: string
  readonly exact?: boolean
  /** A language, the name of a sound, or its track. */
  readonly audio?: string
  /** Where to upload it then: `s3://bucket/folder`. */
  readonly upload?: string
  readonly endpoint?: string
  readonly removeLocal?: boolean
}

/**
 * Cuts one range out of a recording into a file.
 * @returns the exit code.
 */
export async function exportCommand(
  context: CommandContext,
  reference: string,
  options: ExportOptions,
): Promise<number> {
  return withEngine(context, 'read', async (engine) => {
    const { upload: to, endpoint, removeLocal = false } = options
    if (to !== undefined) await engine.checkUpload({ to, endpoint })
    const recording = findRecording(engine, reference)
    const instant = (text: string | undefined, fallbackMs: number) =>
      text === undefined ? fallbackMs : parseTime(text, recording.startMs)
    const result = await runExport(context, engine, {
      recordingId: recording.id,
      fromMs: instant(options.from, recording.startMs),
      toMs: instant(options.to, recording.endMs ?? recording.startMs),
      file: options.output,
      ...(options.exact ? { mode: 'exact' as const } : {}),
      ...(options.audio === undefined ? {} : { audio: options.audio }),
    })
    const uploaded =
      to === undefined
        ? undefined
        : await runUpload(context, engine, result.file, { to, endpoint, removeLocal })
    context.terminal.emit({
      event: 'result',
      ...result,
      ...(uploaded === undefined ? {} : { uploaded }),
    })
    return 0
  })
}

/** An offset from the start, or a date, as unix ms. @throws VsrError `bad_time`. */
export function parseTime(text: string, startMs: number): number {
  const instantMs = parseInstantMs(text, startMs)
  if (instantMs === undefined) {
    throw new VsrError('bad_time', `“${text}” is not a time.`, {
      hint: 'Write 90, 1m30s or 00:01:30.500 from the start, or a date such as 2026-03-01T14:30:00.',
    })
  }
  return instantMs
}

/**
 * Runs one export to its end, reporting progress; Ctrl-C cancels it and leaves no partial file.
 * @throws VsrError where it fails.
 */
export async function runExport(
  context: CommandContext,
  engine: Engine,
  input: ExportRequest & { readonly file: string },
): Promise<ExportResult> {
  const { terminal, interrupted, folder } = context
  const file = path.resolve(folder, input.file)
  const { jobId } = await engine.createExport({ ...input, file })
  const cancel = () => void engine.cancelExport(jobId).catch((error) => terminal.fail(error))
  interrupted.addEventListener('abort', cancel, { once: true })
  try {
    const job = await finished(engine, terminal, jobId)
    if (job.result === undefined) throw failureOf(job)
    terminal.say(resultLine(job.result, input.fromMs, job.sound))
    return job.result
  } finally {
    interrupted.removeEventListener('abort', cancel)
  }
}

const isOver = ({ state }: ExportJob) =>
  state === 'done' || state === 'failed' || state === 'cancelled'

function finished(engine: Engine, terminal: Terminal, jobId: string): Promise<ExportJob> {
  return new Promise((resolve) => {
    const report = (job: ExportJob) => {
      if (isOver(job)) {
        unsubscribe()
        resolve(job)
        return
      }
      const { percent, speed, etaSec } = job
      terminal.emit({ event: 'progress', percent, speed, etaSec })
      terminal.progress(`exporting · ${percent.toFixed(0)} %`)
    }
    const unsubscribe = engine.onEvent((event) => {
      if (event.type === 'export.updated' && event.job.jobId === jobId) report(event.job)
    })
    const now = engine.getExport(jobId)
    if (isOver(now)) report(now)
  })
}

const failureOf = ({ state, error }: ExportJob) =>
  state === 'cancelled'
    ? new VsrError('cancelled', 'The export was cancelled.')
    : new VsrError(
        error?.code ?? 'export_failed',
        error?.message ?? 'The export failed.',
        error?.hint === undefined ? {} : { hint: error.hint },
      )

function resultLine(result: ExportResult, fromMs: number, sound: string | undefined): string {
  const parts = [formatDuration(result.durationSec), formatBytes(result.bytes)]
  if (sound !== undefined) parts.push(`sound ${sound}`)
  const earlySec = (fromMs - result.startMs) / 1000
  if (earlySec >= 0.05) parts.push(`starts ${earlySec.toFixed(1)} s early at the key frame`)
  if (result.gapsSkippedSec > 0)
    parts.push(`${result.gapsSkippedSec.toFixed(1)} s of gaps left out`)
  return `${result.file} · ${parts.join(' · ')}`
}
