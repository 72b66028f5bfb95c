import { join } from 'node:path'
import { newFolderName, removeNew } from './delete-recording'
import { ensureFolder } from './durable-files'
import type { FilePort } from './file-port'
import { DELETED_FOLDER, RECORDINGS_FOLDER, TRASH_FOLDER } from './paths'
import { errnoOf } from './store-error'

/**
 * Makes the folder of a recording, which appears whole: it is filled in the folder of what goes, where a crash leaves it to be
 * removed, and renamed. Rejects with errno errors, and with what `fill` throws.
 * @returns its path.
 */
export async function makeRecordingFolder(options: {
  readonly files: FilePort
  readonly root: string
  readonly id: string
  readonly fill: (folder: string) => Promise<void>
}): Promise<string> {
  const { files, root, id, fill } = options
  const staged = join(root, TRASH_FOLDER, newFolderName())
  const folder = join(root, RECORDINGS_FOLDER, id)
  await ensureFolder(files, staged)
  try {
    await fill(staged)
  } catch (cause) {
    // Where that fails, too, the next start does it.
    await removeNew(files, staged).catch(() => undefined)
    throw cause
  }
  await files.rename(staged, folder)
  // The old name first: were it to come back after a power cut, the recording would be emptied through it. Lost is nothing: all
  // of it is made by one call, which has not resolved yet.
  await files.syncFolder(join(root, TRASH_FOLDER))
  await files.syncFolder(join(root, RECORDINGS_FOLDER))
  return folder
}

/** Whether a folder of the library has this id: of a recording, of one that cannot be read, or of one that can be had back. */
export async function isIdTaken(files: FilePort, root: string, id: string): Promise<boolean> {
  for (const parent of [RECORDINGS_FOLDER, DELETED_FOLDER]) {
    try {
      const entries = await files.readFolder(join(root, parent))
      if (entries.some(({ name }) => name === id || name.startsWith(`${id}-`))) return true
    } catch (cause) {
      if (errnoOf(cause) !== 'ENOENT') throw cause
    }
  }
  return false
}
