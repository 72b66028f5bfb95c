import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import type { FilePort } from './file-port'
import { errnoOf } from './store-error'

/** The unique names under which files are written before they get their own. */
const TEMP_NAME = /^\..+\.[0-9a-f]{12}\.tmp$/

/** True for a name that `writeDurably` left behind in a crash. */
export const isDurableTempName = (name: string): boolean => TEMP_NAME.test(name)

/** Others have counted from elsewhere, before this process or beside it. */
let lastName = randomBytes(6).readUIntBE(0, 6)

/** Twelve hex digits that do not repeat. */
export function uniqueName(): string {
  lastName = (lastName + 1) % 2 ** 48
  return lastName.toString(16).padStart(12, '0')
}

/** Removes a file that may be gone already. */
export async function removeIfThere(files: FilePort, path: string): Promise<void> {
  try {
    await files.unlink(path)
  } catch (cause) {
    if (errnoOf(cause) !== 'ENOENT') throw cause
  }
}

/** The whole file, or undefined where there is none. */
export async function readIfThere(files: FilePort, path: string): Promise<Uint8Array | undefined> {
  try {
    return await files.readFile(path)
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined
    throw cause
  }
}

/**
 * Replaces a whole file so that after a crash either the old or the new one is there: unique temp
 * name in the same folder, fsync, rename, folder fsync. Rejects with an errno error; the old file
 * is untouched then, unless only the last step failed.
 */
export async function writeDurably(options: {
  readonly files: FilePort
  readonly path: string
  readonly data: Uint8Array
  /** Access rights of the file, such as 0o600. */
  readonly permissions?: number
}): Promise<void> {
  const { files, path, data } = options
  const temp = join(dirname(path), `.${basename(path)}.${uniqueName()}.tmp`)
  const file = await files.open(temp, 'create', options.permissions)
  try {
    try {
      await file.write(data)
      await file.sync()
    } finally {
      await file.close()
    }
    await files.rename(temp, path)
  } catch (cause) {
    await discardTemp(files, temp)
    throw cause
  }
  await files.syncFolder(dirname(path))
}

/** A temp file that stays is swept at the next start, so the first failure is the one to report. */
export async function discardTemp(files: FilePort, temp: string): Promise<void> {
  await removeIfThere(files, temp).catch(() => undefined)
}

/**
 * Makes sure that a real folder (no link) stands under `path`, durably. Its parent must exist, so
 * that nothing is written into the bare mount point of a disk that went away (F33).
 */
export async function ensureFolder(files: FilePort, path: string): Promise<void> {
  try {
    await files.makeFolder(path)
  } catch (cause) {
    if (errnoOf(cause) !== 'EEXIST') throw cause
    if ((await files.stat(path)).kind !== 'folder') throw notAFolder(path)
    return
  }
  await files.syncFolder(dirname(path))
}

/** As `ensureFolder`, with the folders above it. For the library folder itself only. */
export async function ensureFolders(files: FilePort, path: string): Promise<void> {
  try {
    await ensureFolder(files, path)
  } catch (cause) {
    if (errnoOf(cause) !== 'ENOENT' || dirname(path) === path) throw cause
    await ensureFolders(files, dirname(path))
    await ensureFolder(files, path)
  }
}

const notAFolder = (path: string): Error =>
  Object.assign(new Error(`ENOTDIR: not a folder, '${path}'`), { code: 'ENOTDIR' })
