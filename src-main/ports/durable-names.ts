import { open } from 'node:fs/promises'

/** What systems answer where folders cannot be opened or synced: Windows, some network file systems. */
const NOT_PERMITTED = new Set(['EPERM', 'EISDIR', 'EINVAL', 'EACCES', 'ENOTSUP'])

/**
 * Names that were made, changed or removed in a folder are durable when it resolves; where no folder can be synced, they are as
 * durable as the system makes them. For what is written outside of the library's own files, which have their port. Rejects with
 * other errno errors.
 */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (typeof code !== 'string' || !NOT_PERMITTED.has(code)) throw error
  }
}

/** Writes a new file; its bytes are durable when it resolves. Rejects with EEXIST where the name is taken. */
export async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
