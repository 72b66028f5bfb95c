import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { VsrError } from '../../src-preload/contract/errors'

/** What is answered where the file of a row is not the one that was stored. */
export const missingFile = (cause: unknown): VsrError =>
  new VsrError('segment_not_found', 'The file of this segment is missing or damaged.', { cause })

/**
 * Opens a stored file for reading. NOFOLLOW: a link planted in the library must not lead out of it (SECURITY S06).
 *
 * @throws VsrError `segment_not_found` where it is gone.
 */
export async function openStored(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  } catch (cause) {
    throw missingFile(cause)
  }
}
