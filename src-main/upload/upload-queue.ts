import { randomUUID } from 'node:crypto'
import { VsrError } from '../../src-preload/contract/errors'
import type { UploadJob } from '../../src-preload/contract/upload'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type { KeptUploads } from './kept-uploads'
import type { Uploaded } from './upload-file'
import type { UploadOnceRequest } from './upload-once'

/** What an upload is begun with. */
export type NewUpload = Pick<
  UploadJob,
  'exportJobId' | 'title' | 'file' | 'to' | 'endpoint' | 'removeLocal'
>

/** Where an upload goes. */
export type UploadPlace = Pick<UploadJob, 'to' | 'endpoint'>

/** Uploads, one after the other, also over restarts. */
export interface UploadQueue {
  /** What waited or ran when its process ended goes on. */
  start(): void
  /** Begins one, or answers with the one of this export that waits, runs or is done in that place. */
  add(upload: NewUpload): UploadJob
  /** @throws VsrError `upload_not_found`. */
  get(uploadId: string): UploadJob
  /** Newest first. */
  list(): readonly UploadJob[]
  /** What has arrived stays for the next try. Resolves when it has ended. @throws VsrError `upload_not_found`. */
  cancel(uploadId: string): Promise<UploadJob>
  /** One that failed or was cancelled, once more, to another place where one is given. @throws VsrError `upload_not_found`. */
  retry(uploadId: string, place?: UploadPlace): UploadJob
  /** Returns the function that ends the subscription. */
  onUpdate(listener: (job: UploadJob) => void): () => void
  /** Ends what runs; it goes on at the next start. Idempotent. */
  close(): Promise<void>
}

interface Running {
  readonly uploadId: string
  readonly abort: AbortController
  readonly ended: Promise<void>
}

/**
 * @param options.kept jobs of earlier processes.
 * @param options.upload brings one file there; rejects with VsrError.
 */
export function createUploadQueue(options: {
  readonly kept: KeptUploads
  readonly upload: (request: UploadOnceRequest) => Promise<Uploaded>
  readonly clock: Clock
  readonly logger: Logger
}): UploadQueue {
  const { kept, upload, clock } = options
  const logger = options.logger.child({ part: 'upload' })
  const jobs = new Map(kept.list().map((job) => [job.uploadId, goesOn(job)]))
  const listeners = new Set<(job: UploadJob) => void>()
  let running: Running | undefined
  let isClosed = false
  let saving: Promise<void> = Promise.resolve()

  const find = (uploadId: string): UploadJob => {
    const job = jobs.get(uploadId)
    if (job !== undefined) return job
    throw new VsrError('upload_not_found', 'There is no such upload.', {
      hint: 'The list of exports shows what was uploaded.',
    })
  }
  const put = (job: UploadJob, how: 'kept' | 'passing') => {
    jobs.set(job.uploadId, job)
    if (how === 'kept') {
      const all = [...jobs.values()]
      saving = saving.then(() => kept.save(all))
    }
    for (const listener of listeners) listener(job)
    return job
  }
  const startNext = () => {
    if (isClosed || running !== undefined) return
    const next = [...jobs.values()].find(({ state }) => state === 'queued')
    if (next === undefined) return
    const abort = new AbortController()
    running = { uploadId: next.uploadId, abort, ended: run(next, abort.signal) }
  }
  const run = async (job: UploadJob, signal: AbortSignal) => {
    const { uploadId, file, to, endpoint, removeLocal } = job
    put({ ...job, state: 'running', percent: 0 }, 'kept')
    try {
      const { address, localRemoved } = await upload({
        file,
        to,
        endpoint,
        removeLocal,
        signal,
        onProgress: (percent) => put(withoutTrouble({ ...find(uploadId), percent }), 'passing'),
        onTrouble: (error) => put({ ...find(uploadId), trouble: error.toApiError() }, 'passing'),
      })
      const done = {
        ...find(uploadId),
        state: 'done',
        percent: 100,
        address,
        localRemoved,
      } as const
      put(withoutTrouble(done), 'kept')
    } catch (err) {
      const last = withoutTrouble(find(uploadId))
      // Closing is no end: it stands as running, and goes on at the next start.
      if (signal.aborted && isClosed) return
      if (signal.aborted) put({ ...last, state: 'cancelled' }, 'kept')
      else {
        logger.error({ err, uploadId }, 'an upload failed')
        put({ ...last, state: 'failed', error: errorOf(err) }, 'kept')
      }
    } finally {
      running = undefined
      startNext()
    }
  }

  return {
    start: startNext,
    add(wanted) {
      const same = [...jobs.values()].find(
        (job) => job.exportJobId === wanted.exportJobId && job.to === wanted.to && !canRetry(job),
      )
      if (same !== undefined) return same
      const fresh: UploadJob = {
        ...wanted,
        uploadId: randomUUID(),
        state: 'queued',
        percent: 0,
        createdMs: clock.nowMs(),
      }
      put(fresh, 'kept')
      startNext()
      return find(fresh.uploadId)
    },
    get: find,
    list: () => [...jobs.values()].reverse(),
    async cancel(uploadId) {
      const job = find(uploadId)
      if (running?.uploadId === uploadId) {
        running.abort.abort()
        await running.ended
      } else if (job.state === 'queued') put({ ...job, state: 'cancelled' }, 'kept')
      return find(uploadId)
    },
    retry(uploadId, place) {
      const { error: _, ...job } = find(uploadId)
      if (!canRetry(job)) return find(uploadId)
      const { to, endpoint, ...rest } = job
      put({ ...rest, ...(place ?? { to, endpoint }), state: 'queued', percent: 0 }, 'kept')
      startNext()
      return find(uploadId)
    },
    onUpdate(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      isClosed = true
      running?.abort.abort()
      await running?.ended
      await saving
    },
  }
}

const canRetry = ({ state }: UploadJob): boolean => state === 'failed' || state === 'cancelled'

/** What ran when its process ended waits again. */
const goesOn = (job: UploadJob): UploadJob =>
  job.state === 'running' ? { ...job, state: 'queued' } : job

function withoutTrouble(job: UploadJob): UploadJob {
  const { trouble: _, ...rest } = job
  return rest
}

const errorOf = (err: unknown) =>
  err instanceof VsrError
    ? err.toApiError()
    : { code: 'internal' as const, message: 'The upload failed inside VSR.' }
