import { Low } from 'lowdb'
import { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'
import { type UploadJob, uploadJobSchema } from '../../src-preload/contract/upload'
import { systemClock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { durableJsonAdapter } from '../store/durable-json-adapter'
import type { FilePort } from '../store/file-port'
import { nodeFilePort } from '../store/node-file-port'
import { withStoreErrors } from '../store/store-error'
import { tolerantFilePort } from '../store/tolerant-file-port'

/** Uploads as they are on the disk, so that they go on after a restart. */
export interface KeptUploads {
  /** Oldest first. */
  list(): readonly UploadJob[]
  /** Replaces all of them. Never rejects: an upload goes on whether it is remembered or not. */
  save(jobs: readonly UploadJob[]): Promise<void>
}

/** The oldest of those that are over make room. */
const MOST_KEPT = 200

const fileSchema = z.object({ uploads: z.array(uploadJobSchema) })

/** Whether this is what the list of uploads has in its file. */
export const isUploadsFile = (value: unknown): boolean => fileSchema.safeParse(value).success

/**
 * Opens the list of uploads. One that is missing or broken is empty; mode `read` never writes.
 * Throws VsrError `library_unwritable`.
 */
export async function openKeptUploads(options: {
  readonly file: string
  readonly mode: 'write' | 'read'
  readonly logger: Logger
  readonly files?: FilePort
}): Promise<KeptUploads> {
  const { file, mode, logger } = options
  const files = tolerantFilePort({ files: options.files ?? nodeFilePort, clock: systemClock })
  const adapter = durableJsonAdapter<z.infer<typeof fileSchema>>({
    files,
    path: file,
    schema: fileSchema,
    logger,
    keepBroken: mode === 'write',
  })
  const db = new Low<z.infer<typeof fileSchema>>(adapter, { uploads: [] })
  await withStoreErrors(file, () => db.read())

  return {
    list: () => db.data.uploads,
    async save(jobs) {
      db.data = { uploads: withinBound(jobs) }
      if (mode === 'read') return
      try {
        await withStoreErrors(file, () => db.write())
      } catch (err) {
        if (!(err instanceof VsrError)) throw err
        logger.warn({ err }, 'an upload will not go on after a restart')
      }
    },
  }
}

function withinBound(jobs: readonly UploadJob[]): UploadJob[] {
  const isActive = ({ state }: UploadJob) => state === 'queued' || state === 'running'
  const over = jobs.filter((job) => !isActive(job))
  const forgotten = new Set(over.slice(0, Math.max(0, over.length - MOST_KEPT)))
  return jobs.filter((job) => !forgotten.has(job))
}
