import { VsrError } from '../../src-preload/contract/errors'
import type { ExportJob, ExportResult } from '../../src-preload/contract/model'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { createProgress } from './progress'

export interface JobRun {
  readonly signal: AbortSignal
  /** 0..1; going back is ignored. */
  readonly onProgress: (fraction: number) => void
}
type Work = (run: JobRun) => Promise<ExportResult>

export interface JobQueue {
  add(job: ExportJob, work: Work): void
  get(jobId: string): ExportJob
  list(): readonly ExportJob[]
  cancel(jobId: string): Promise<ExportJob>
  onUpdate(listener: (job: ExportJob) => void): () => void
  close(): Promise<void>
}

interface Entry {
  job: ExportJob
  readonly work: Work
  readonly abort: AbortController
  running: Promise<void> | undefined
}

/** A short clip does not wait for a long export; more at once would starve the recordings of disk and processor. */
const MAX_RUNNING = 2
const MAX_KEPT = 200

/** Runs export jobs, a few at once, in the order they came; remembers the newest. */
export function createJobQueue(options: {
  clock: Clock
  logger: Logger
  /** Of earlier processes, oldest first. */
  finished?: readonly ExportJob[]
}): JobQueue {
  const { clock, logger, finished = [] } = options
  const entries = new Map<string, Entry>(finished.map((job) => [job.jobId, entryOf(job, isDone)]))
  const listeners = new Set<(job: ExportJob) => void>()

  const update = (entry: Entry, patch: Partial<ExportJob>) => {
    entry.job = { ...entry.job, ...patch }
    for (const listener of listeners) listener(entry.job)
  }
  const startNext = () => {
    const all = [...entries.values()]
    let free = MAX_RUNNING - all.filter((entry) => entry.running !== undefined).length
    for (const entry of all) {
      if (free <= 0) return
      if (entry.job.state !== 'queued' || entry.running !== undefined) continue
      entry.running = run(entry)
      free -= 1
    }
  }
  const run = async (entry: Entry) => {
    const { jobId, recordingId, fromMs, toMs } = entry.job
    const progress = createProgress({ clock, mediaSec: (toMs - fromMs) / 1000 })
    const log = logger.child({ jobId, recordingId })
    log.info({ fromMs, toMs, mode: entry.job.mode }, 'export started')
    update(entry, { state: 'running' })
    try {
      const result = await entry.work({
        signal: entry.abort.signal,
        onProgress: (fraction) => {
          const report = progress.report(fraction)
          if (report !== undefined) update(entry, report)
        },
      })
      log.info({ ...result }, 'export finished')
      finish(entry, { state: 'done', percent: 100, etaSec: 0, result })
    } catch (err) {
      if (entry.abort.signal.aborted) {
        log.info({}, 'export cancelled')
        finish(entry, { state: 'cancelled' })
      } else {
        log.error({ err }, 'export failed')
        finish(entry, { state: 'failed', error: toApiError(err) })
      }
    }
  }
  const finish = (entry: Entry, patch: Partial<ExportJob>) => {
    entry.running = undefined
    update(entry, patch)
    forgetOldest()
    startNext()
  }
  const forgetOldest = () => {
    const over = [...entries.values()].filter((entry) => isOver(entry.job))
    for (const entry of over.slice(0, Math.max(0, over.length - MAX_KEPT))) {
      entries.delete(entry.job.jobId)
    }
  }
  const find = (jobId: string): Entry => {
    const entry = entries.get(jobId)
    if (entry === undefined) {
      throw new VsrError('export_not_found', 'There is no such export.', {
        hint: `VSR remembers the last ${MAX_KEPT}. Finished files stay where they are.`,
      })
    }
    return entry
  }
  const cancel = async (entry: Entry) => {
    if (isOver(entry.job)) return
    entry.abort.abort()
    if (entry.running === undefined) finish(entry, { state: 'cancelled' })
    else await entry.running
  }

  return {
    add: (job, work) => {
      const entry = entryOf(job, work)
      entries.set(job.jobId, entry)
      update(entry, {})
      startNext()
    },
    get: (jobId) => find(jobId).job,
    list: () => [...entries.values()].map((entry) => entry.job).toReversed(),
    cancel: async (jobId) => {
      const entry = find(jobId)
      await cancel(entry)
      return entry.job
    },
    onUpdate: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      await Promise.all([...entries.values()].toReversed().map(cancel))
    },
  }
}

const entryOf = (job: ExportJob, work: Work): Entry => ({
  job,
  work,
  abort: new AbortController(),
  running: undefined,
})
const isDone: Work = () => Promise.reject(new Error('this export is done'))

const isOver = (job: ExportJob) =>
  job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'

/** A failure that is not expected is a bug: the log has it, the person gets a sentence. */
const toApiError = (err: unknown) =>
  (err instanceof VsrError
    ? err
    : new VsrError('internal', 'Something went wrong inside VSR while exporting.', {
        hint: 'The log says more. The recording itself is unharmed.',
      })
  ).toApiError()
