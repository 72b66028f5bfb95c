import { randomUUID } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import { VsrError } from '../../src-preload/contract/errors'
import type { ExportJob, ExportResult } from '../../src-preload/contract/model'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type { Tool, ToolName } from '../ports/tools'
import type { Library, RecordingStore, TrackStore } from '../store/model'
import { exportFileName } from './file-name'
import { createJobQueue } from './job-queue'
import type { KeptExports } from './kept-exports'
import { makeFile } from './make-file'
import { type ExportPlan, nearestFootageMs, planExport } from './plan'
import { checkTarget, createWorkFolder, publish, type Target } from './target'
import { verifyResult } from './verify'

/** Footage before a range that its export may read, too: for the key frame to start at. */
const LEAD_MS = 120_000

interface ExportInput {
  readonly recordingId: string
  /** Unix ms. */
  readonly fromMs: number
  readonly toMs: number
  readonly format?: ExportJob['format'] | undefined
  readonly mode?: ExportJob['mode'] | undefined
  /** One of several sounds: the track that holds it, and what people call it. Absent = the usual one. */
  readonly sound?: { readonly trackId: string; readonly label: string } | undefined
  /** Absolute path; absent = a new name in the exports folder. */
  readonly file?: string | undefined
}

/** Makes MP4 files of ranges of recordings, one job each, while those may go on recording. */
export interface Exporter {
  /**
   * Checks what can be checked at once and queues the job.
   * @throws VsrError `bad_time`, `bad_request`, `recording_not_found`, `no_footage`, `ffmpeg_missing`, `export_target_exists`, `export_target_unwritable`.
   */
  create(input: ExportInput): Promise<{ jobId: string }>
  /**
   * Whether an export could be written to a file, before there is anything to export.
   * @throws VsrError `bad_request`, `export_target_exists`, `export_target_unwritable`.
   */
  checkFile(file: string): Promise<void>
  /** @throws VsrError `export_not_found`. */
  get(jobId: string): ExportJob
  /** Newest first. */
  list(): readonly ExportJob[]
  /** The same; finished files that are there no longer are marked. */
  listChecked(): Promise<readonly ExportJob[]>
  /** Ends the job and removes what it wrote; a job that is over stays as it is. Resolves when that is done. */
  cancel(jobId: string): Promise<ExportJob>
  /** Returns the function that ends the subscription. */
  onUpdate(listener: (job: ExportJob) => void): () => void
  /** Cancels what is queued or runs. Idempotent. */
  close(): Promise<void>
}

export interface ExporterOptions {
  readonly library: Pick<Library, 'get' | 'inUse'>
  readonly tools: {
    ffmpeg(): Promise<Tool | undefined>
    ffprobe(): Promise<Tool | undefined>
    installHint(name: ToolName): string
  }
  readonly exportsDir: () => string
  /** Finished exports of earlier processes; absent = none, and none are remembered. */
  readonly kept?: KeptExports
  readonly clock: Clock
  readonly logger: Logger
}

export function createExporter(options: ExporterOptions): Exporter {
  const logger = options.logger.child({ part: 'export' })
  const { clock, kept } = options
  const queue = createJobQueue({ clock, logger, finished: kept?.list() ?? [] })
  let keeping: Promise<void> = Promise.resolve()
  /** Functions that give back the footage of each job that is not over. */
  const held = new Map<string, () => void>()
  const endKeeping = queue.onUpdate((job) => {
    if (job.state !== 'queued' && job.state !== 'running') {
      held.get(job.jobId)?.()
      held.delete(job.jobId)
    }
    if (job.state === 'done') keeping = keeping.then(() => kept?.add(job))
  })
  return {
    create: async (input) => {
      const { recordingId, fromMs, toMs, format = 'mp4', mode = 'copy', sound } = input
      const recording = findRecording(options.library, recordingId)
      const soundId = sound?.trackId
      const release = options.library.inUse.hold(recordingId, fromMs - LEAD_MS)
      const target: Target =
        input.file === undefined
          ? { kind: 'folder', folder: options.exportsDir() }
          : { kind: 'file', file: input.file }
      const plan = async () => {
        const source = await planRange({ recording, fromMs, toMs, soundId })
        const tools = await needTools(options.tools)
        await checkTarget(target)
        return { source, tools }
      }
      const { source, tools } = await plan().catch((error: unknown) => {
        release()
        throw error
      })
      const job: ExportJob = {
        jobId: randomUUID(),
        recordingId,
        title: recording.meta.title,
        fromMs,
        toMs,
        format,
        mode,
        ...(sound === undefined ? {} : { sound: sound.label }),
        state: 'queued',
        percent: 0,
        createdMs: options.clock.nowMs(),
      }
      held.set(job.jobId, release)
      queue.add(job, (run) =>
        exportRange({ ...source, ...tools, ...run, clock: options.clock, job, target }),
      )
      return { jobId: job.jobId }
    },
    checkFile: (file) => checkTarget({ kind: 'file', file }),
    get: queue.get,
    list: queue.list,
    listChecked: () => Promise.all(queue.list().map(withMissingMarked)),
    cancel: queue.cancel,
    onUpdate: queue.onUpdate,
    async close() {
      await queue.close()
      endKeeping()
      await keeping
    },
  }
}

/** Files of exports belong to the person, who moves and deletes them. */
async function withMissingMarked(job: ExportJob): Promise<ExportJob> {
  if (job.result === undefined) return job
  try {
    await stat(job.result.file)
    return job
  } catch {
    return { ...job, fileMissing: true }
  }
}

interface RangeSource {
  readonly main: TrackStore
  readonly companion?: TrackStore
  readonly plan: ExportPlan
}

/** One job from plan to finished file. */
async function exportRange(
  options: RangeSource & {
    ffmpegPath: string
    ffprobePath: string
    clock: Clock
    job: ExportJob
    target: Target
    signal: AbortSignal
    onProgress: (fraction: number) => void
  },
): Promise<ExportResult> {
  const { job, target, plan } = options
  const workFolder = await createWorkFolder(target, options.clock.nowMs())
  try {
    const made = await makeFile({ ...options, mode: job.mode, workFolder })
    const durationSec = await verifyResult(made)
    const { size } = await stat(made.file)
    const name = exportFileName(job.title, made.startMs, job.format)
    options.signal.throwIfAborted()
    const file = await publish({ finished: made.file, target, name })
    const { startMs, mode } = made
    return {
      file,
      startMs,
      durationSec,
      bytes: size,
      mode,
      gapsSkippedSec: plan.gapsSkippedSec,
    }
  } finally {
    await rm(workFolder, { recursive: true, force: true })
  }
}

function findRecording(library: Pick<Library, 'get'>, id: string): RecordingStore {
  const recording = library.get(id)
  if (recording !== undefined) return recording
  throw new VsrError('recording_not_found', 'There is no such recording.', {
    hint: 'It may have been deleted. The library lists what there is.',
  })
}

/** Rows up to now are taken; a recording that runs goes on behind them. */
async function planRange(options: {
  recording: RecordingStore
  fromMs: number
  toMs: number
  soundId: string | undefined
}): Promise<RangeSource> {
  const { recording, fromMs, toMs, soundId } = options
  if (!(fromMs < toMs)) {
    throw new VsrError('bad_time', 'The range must end after it begins.', {
      hint: 'Choose an end that is later than the start.',
    })
  }
  const tracks = await recording.tracks()
  const video = tracks.find((track) => track.info.kind === 'video')
  const chosen = tracks.find(({ info }) => info.kind === 'audio' && info.id === soundId)
  const audio = chosen ?? soundOf(tracks)
  const main = video ?? audio
  const plan = main && planExport({ index: main.index, fromMs, toMs })
  if (main === undefined || plan === undefined || plan.runs.length === 0) {
    const nearestMs = main && nearestFootageMs({ index: main.index, fromMs, toMs })
    throw new VsrError('no_footage', 'Nothing is stored in this range.', {
      hint:
        nearestMs === undefined
          ? 'This recording holds no footage yet.'
          : `The nearest footage is at ${new Date(nearestMs).toISOString()}.`,
    })
  }
  // Where no separate sound is the default one, the one inside the picture is.
  const usualIsInside = video?.info.innerAudio !== undefined && audio?.info.isDefault !== true
  const isInside = soundId === undefined ? usualIsInside : soundId === video?.info.id
  const hasCompanion = video !== undefined && audio !== undefined && !isInside
  return { main, plan, ...(hasCompanion ? { companion: audio } : {}) }
}

/** The sound that is played when nobody chooses. */
function soundOf(tracks: readonly TrackStore[]): TrackStore | undefined {
  const all = tracks.filter((track) => track.info.kind === 'audio')
  const stored = all.filter(({ index }) => index.figures.segments > 0)
  const sounds = stored.length > 0 ? stored : all
  return sounds.find((track) => track.info.isDefault === true) ?? sounds[0]
}

async function needTools(tools: ExporterOptions['tools']) {
  const [ffmpeg, ffprobe] = await Promise.all([tools.ffmpeg(), tools.ffprobe()])
  if (ffmpeg !== undefined && ffprobe !== undefined) {
    return { ffmpegPath: ffmpeg.path, ffprobePath: ffprobe.path }
  }
  const missing = ffmpeg === undefined ? 'ffmpeg' : 'ffprobe'
  throw new VsrError('ffmpeg_missing', `Exports need ${missing}, which was not found.`, {
    hint: tools.installHint(missing),
  })
}
