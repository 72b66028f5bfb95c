import { z } from 'zod'
import { type ExportJob, exportJobSchema } from '../../src-preload/contract/model'
import { type KeptFile, openKeptList } from '../store/kept-list'

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
export async function openKeptExports(place: KeptFile): Promise<KeptExports> {
  const kept = await openKeptList({
    ...place,
    name: 'jobs',
    schema: fileSchema,
    loss: 'a finished export will not be listed after a restart',
  })
  return {
    list: () => kept.all().filter(isOurs),
    add: (job) => kept.replace([...kept.all(), job].slice(-MOST_KEPT)),
  }
}
