import { basename, join } from 'node:path'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import { type CatalogueEntry, forgetInCatalogue, parseCatalogue } from '../catalogue'
import { readIfThere } from '../durable-files'
import type { FilePort } from '../file-port'
import { guardedFilePort } from '../guarded-file-port'
import { acquireLibraryLock, lostLockError, type LockProcess } from '../library-lock'
import { nodeLockProcess } from '../lock-process'
import { CATALOGUE_NAME, LOCK_NAME } from '../paths'
import { withStoreErrors } from '../store-error'
import { tolerantFilePort } from '../tolerant-file-port'
import type { Fault } from '../verify/fault'
import type { LibraryDocument } from '../verify/look-at-documents'
import type { VerifyReport } from '../verify/report'
import { type Mender, verifyLibrary, type VerifyRequest } from '../verify/verify-library'
import { mendRecording } from './mend-recording'

/**
 * Looks at a library that nobody else has open, and puts right what can be put right: see `verifyLibrary`. Nothing is deleted: what is
 * taken out of a recording goes to its quarantine.
 * @param options.root real path of the library's folder.
 * @throws VsrError `library_locked`, `library_unwritable`, `disk_full`, `recording_not_found`; the signal's reason.
 */
export async function repairLibrary(
  options: {
    readonly files: FilePort
    readonly root: string
    readonly clock: Clock
    readonly logger: Logger
    readonly process?: LockProcess
    readonly documents?: readonly LibraryDocument[]
  } & VerifyRequest,
): Promise<VerifyReport> {
  const { root, clock, logger } = options
  const disk = tolerantFilePort({ files: options.files, clock })
  return await withStoreErrors(root, async () => {
    const lock = await acquireLibraryLock({
      files: disk,
      path: join(root, LOCK_NAME),
      clock,
      logger,
      process: options.process ?? nodeLockProcess,
    })
    try {
      const refusal = () => (lock.lost ? lostLockError() : undefined)
      const files = guardedFilePort({ files: disk, refusal })
      const mender = await createMender({ files, root, logger })
      return await verifyLibrary({ ...options, files, mender })
    } finally {
      await lock.release()
    }
  })
}

async function createMender(options: {
  readonly files: FilePort
  readonly root: string
  readonly logger: Logger
}): Promise<Mender> {
  const { files, root, logger } = options
  const catalogue = join(root, CATALOGUE_NAME)
  const known = new Map<string, CatalogueEntry>()
  const data = await readIfThere(files, catalogue)
  for (const entry of (data === undefined ? undefined : parseCatalogue(data)) ?? []) {
    known.set(entry.id, entry)
  }
  return {
    async recording(folder, faults) {
      const id = basename(folder)
      // First, so that no crash leaves figures of rows that are gone.
      await forgetInCatalogue(files, root, id)
      await mendRecording({
        files,
        folder,
        faults,
        known: known.get(id),
        logger: logger.child({ recording: id }),
      })
    },
    async library(faults) {
      for (const fault of faults) await mendInRoot(files, root, fault)
    },
  }
}

async function mendInRoot(files: FilePort, root: string, fault: Fault): Promise<void> {
  if (fault.of === 'figures') await forgetInCatalogue(files, root, fault.recordingId)
  if (fault.of !== 'document') return
  await files.rename(fault.path, `${fault.path}.bad`)
  await files.syncFolder(root)
}
