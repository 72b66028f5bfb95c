import { z } from 'zod'
import { type UploadJob, uploadJobSchema } from '../../src-preload/contract/upload'
import { type KeptFile, openKeptList } from '../store/kept-list'

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
export async function openKeptUploads(place: KeptFile): Promise<KeptUploads> {
  const kept = await openKeptList({
    ...place,
    name: 'uploads',
    schema: fileSchema,
    loss: 'an upload will not go on after a restart',
  })
  return {
    list: kept.all,
    save: (jobs) => kept.replace(withinBound(jobs)),
  }
}

function withinBound(jobs: readonly UploadJob[]): readonly UploadJob[] {
  const isActive = ({ state }: UploadJob) => state === 'queued' || state === 'running'
  const over = jobs.filter((job) => !isActive(job))
  const forgotten = new Set(over.slice(0, Math.max(0, over.length - MOST_KEPT)))
  return jobs.filter((job) => !forgotten.has(job))
}
