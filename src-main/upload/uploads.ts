import path from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import type { ExportJob, Settings } from '../../src-preload/contract/model'
import type { UploadJob } from '../../src-preload/contract/upload'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type { FilePort } from '../store/file-port'
import { openKeptUploads } from './kept-uploads'
import { checkUpload, uploadOnce, type UploadOnceRequest } from './upload-once'
import { createUploadQueue, type UploadPlace, type UploadQueue } from './upload-queue'

/** Name of the list of uploads in the library's folder. */
export const UPLOADS_FILE = 'uploads.json'

/** Everything about uploads. Every method throws VsrError on expected failures. */
export interface Uploads extends Omit<UploadQueue, 'add' | 'retry'> {
  /**
   * Queues a finished export for the place that the settings name.
   * @throws VsrError `bad_request`, `export_not_found`, `upload_not_signed_in`.
   */
  create(input: {
    readonly jobId: string
    readonly removeLocal?: boolean | undefined
  }): Promise<UploadJob>
  /**
   * One that failed or was cancelled, once more, to the place that the settings name now.
   * @throws VsrError as `create`, and `upload_not_found`.
   */
  retry(uploadId: string): Promise<UploadJob>
}

/** Throws VsrError `library_unwritable`. */
export async function createUploads(options: {
  readonly libraryDir: string
  /** The library's, which refuse changes while its disk is away. */
  readonly files: FilePort
  readonly mode: 'write' | 'read'
  readonly settings: () => Settings
  /** Throws VsrError `export_not_found`. */
  readonly exportOf: (jobId: string) => ExportJob
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
}): Promise<Uploads> {
  const { libraryDir, files, mode, settings, exportOf, env, clock, random, logger } = options
  const file = path.join(libraryDir, UPLOADS_FILE)
  const kept = await openKeptUploads({ file, files, mode, logger })
  const once = (request: UploadOnceRequest) => uploadOnce({ env, clock, random, logger }, request)
  const { add, retry, ...queue } = createUploadQueue({ kept, upload: once, clock, logger })
  const checkedPlace = async (): Promise<UploadPlace> => {
    const { uploadTo: to, uploadEndpoint } = settings()
    if (to === '') {
      throw new VsrError('bad_request', 'No place for uploads is set.', {
        hint: 'Name one in the settings: s3://bucket/folder.',
      })
    }
    const place = { to, ...(uploadEndpoint === '' ? {} : { endpoint: uploadEndpoint }) }
    await checkUpload({ env, clock }, place)
    return place
  }
  return {
    ...queue,
    async create({ jobId, removeLocal = settings().uploadRemovesLocal }) {
      const { title, result } = exportOf(jobId)
      if (result === undefined) {
        throw new VsrError('bad_request', 'This export has no file to upload yet.')
      }
      const place = await checkedPlace()
      return add({ ...place, exportJobId: jobId, title, file: result.file, removeLocal })
    },
    retry: async (uploadId) => retry(uploadId, await checkedPlace()),
  }
}
