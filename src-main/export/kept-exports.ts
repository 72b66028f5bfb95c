import { Low } from 'lowdb'
import { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'
import { type ExportJob, exportJobSchema } from '../../src-preload/contract/model'
import { systemClock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { durableJsonAdapter } from '../store/durable-json-adapter'
import type { FilePort } from '../store/file-port'
import { nodeFilePort } from '../store/node-file-port'
import { withStoreErrors } from '../store/store-error'
import { tolerantFilePort } from '../store/tolerant-file-port'

/** Exports that are finished, so that they are listed after a restart, too. */
export interface KeptExports {
  /** Oldest first. */
  list(): readonly ExportJob[]
  /** Adds a finished job. Never rejects: the file is there whether it is remembered or not. */
  add(job: ExportJob): Promise<void>
}

/** The oldest make room. */
const MOST_KEPT = 200

/** Only what an export can have made. */
const isOurs = ({ state, result }: ExportJob) =>
  state === 'done' && result !== undefined && result.file.endsWith('.mp4')
const fileSchema = z.object({ jobs: z.array(exportJobSchema) })

/** Whether that is what the list of exports holds on the disk. */
export const isExportsFile = (value: unknown): boolean => fileSchema.safeParse(value).success

/**
 * Opens the list of finished exports. One that is missing or broken is empty; mode `read` never writes.
 * Throws VsrError `library_unwritable`.
 */
export async function openKeptExports(options: {
  readonly file: string
  readonly mode: 'write' | 'read'
  readonly logger: Logger
  readonly files?: FilePort
}): Promise<KeptExports> {
  const { file, mode, logger } = options
  const files = options.files ?? tolerantFilePort({ files: nodeFilePort, clock: systemClock })
  const adapter = durableJsonAdapter<z.infer<typeof fileSchema>>({
    files,
    path: file,
    schema: fileSchema,
    logger,
    keepBroken: mode === 'write',
  })
  const db = new Low<z.infer<typeof fileSchema>>(adapter, { jobs: [] })
  await withStoreErrors(file, () => db.read())

  return {
    list: () => db.data.jobs.filter(isOurs),
    async add(job) {
      db.data = { jobs: [...db.data.jobs, job].slice(-MOST_KEPT) }
      if (mode === 'read') return
      try {
        await withStoreErrors(file, () => db.write())
      } catch (err) {
        if (!(err instanceof VsrError)) throw err
        logger.warn({ err }, 'a finished export will not be listed after a restart')
      }
    },
  }
}
