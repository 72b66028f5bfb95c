import { join } from 'node:path'
import type { FilePort, FolderEntry } from '../file-port'
import { isRecordingId, RECORDINGS_FOLDER } from '../paths'
import { errnoOf, withStoreErrors } from '../store-error'
import { createReport, type VerifyReport } from './report'
import { verifyRecording } from './verify-recording'

/** What is to be looked at. */
export interface VerifyRequest {
  /** Absent: all recordings. */
  readonly recordingId?: string
  /** Reads every stored file to its end, and compares its checksum. */
  readonly deep: boolean
  /** Ends the look. */
  readonly signal: AbortSignal
  /** 0..100, by recordings. */
  readonly onProgress: (percent: number) => void
}

/**
 * Looks whether a library holds what its logs say, and nothing else. Changes nothing, and may be asked while VSR records into it.
 * @param options.root real path of the library's folder.
 * @throws VsrError `library_too_new`, `library_unwritable` where the disk fails; the signal's reason.
 */
export async function verifyLibrary(
  options: { readonly files: FilePort; readonly root: string } & VerifyRequest,
): Promise<VerifyReport> {
  const { files, root, recordingId, deep, signal, onProgress } = options
  return await withStoreErrors(root, async () => {
    const report = createReport()
    const parent = join(root, RECORDINGS_FOLDER)
    const entries = (await entriesOf(files, parent)).filter(
      ({ name }) => recordingId === undefined || name === recordingId,
    )
    for (const [at, { kind, name }] of entries.entries()) {
      signal.throwIfAborted()
      onProgress((at / entries.length) * 100)
      const folder = join(parent, name)
      if (kind === 'folder' && isRecordingId(name)) {
        report.recording()
        await verifyRecording({ files, folder, deep, signal, report })
      } else {
        const message = 'VSR has not put this here. It is left alone.'
        report.found({ kind: 'orphan', path: folder, message })
      }
    }
    return report.done()
  })
}

/** A library that was never written to holds nothing. */
async function entriesOf(files: FilePort, folder: string): Promise<readonly FolderEntry[]> {
  try {
    return await files.readFolder(folder)
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return []
    throw cause
  }
}
