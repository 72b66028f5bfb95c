import { join } from 'node:path'
import type { Logger } from '../ports/logger'
import { ACTIVITY_NAME } from './activity-log'
import { ensureFolder, isDurableTempName, uniqueName } from './durable-files'
import type { FilePort, FolderEntry } from './file-port'
import {
  isDayFolder,
  isEarlierRecording,
  isLockLeftover,
  isMediaFile,
  isQuarantined,
  isTempFile,
  isTrackId,
  QUARANTINE_FOLDER,
  RECORDING_NAME,
  RESUME_NAME,
  TEMP_FOLDER,
  TRASH_FOLDER,
} from './paths'
import { INDEX_FILE_NAME, NEW_INDEX_FILE_NAME } from './index-file-format'
import { DAMAGED_NAME, LOG_NAME } from './segment-log'
import { SPANS_NAME } from './span-log'
import { errnoOf } from './store-error'

/**
 * Takes a recording's folder out of the library in one step, to be removed for good: a crash leaves it whole on one side or
 * the other. Refuses what `assertOwnFolder` refuses.
 * @param below its path in the library, such as `recordings/<id>`.
 */
export async function moveOut(
  files: FilePort,
  root: string,
  below: readonly [parent: string, name: string],
): Promise<void> {
  await assertOwnFolder(files, root, below)
  const [parent, name] = below
  const [id = name] = name.split('-', 1)
  await files.rename(join(root, ...below), join(root, TRASH_FOLDER, `${id}-${uniqueName()}`))
  await files.syncFolder(join(root, parent))
  await files.syncFolder(join(root, TRASH_FOLDER))
}

/** Refuses a folder that is a link, or that is not where it seems to be (S06). Rejects with an errno error. */
export async function assertOwnFolder(
  files: FilePort,
  root: string,
  below: readonly [parent: string, name: string],
): Promise<void> {
  const folder = join(root, ...below)
  const isOwn =
    (await files.stat(folder)).kind === 'folder' &&
    (await files.realPath(folder)) === join(await files.realPath(root), ...below)
  if (!isOwn) throw Object.assign(new Error(`ELOOP: '${folder}' is a link`), { code: 'ELOOP' })
}

/** Of the folder of a recording that is just being made, and whose place is the folder of what goes until it is whole. */
const NEW_PREFIX = 'new-'
/** A name that nobody else uses. */
export const newFolderName = (): string => `${NEW_PREFIX}${uniqueName()}`

/** Removes what was moved out, as far as it is VSR's own. Files it does not know stay, and are named in the log. */
export function removeMovedOut(files: FilePort, root: string, logger: Logger): Promise<void> {
  return removeFrom(files, root, logger, (name) => !name.startsWith(NEW_PREFIX))
}

/** As `removeMovedOut`, with recordings that a crash has left half made. */
export function removeLeftovers(files: FilePort, root: string, logger: Logger): Promise<void> {
  return removeFrom(files, root, logger, () => true)
}

/** Removes a folder that was to become a recording. */
export async function removeNew(files: FilePort, folder: string): Promise<void> {
  await removeOwn(files, folder, ownInRecording)
}

async function removeFrom(
  files: FilePort,
  root: string,
  logger: Logger,
  isMeant: (name: string) => boolean,
): Promise<void> {
  const trash = join(root, TRASH_FOLDER)
  for (const entry of await files.readFolder(trash)) {
    if (entry.kind !== 'folder' || !isMeant(entry.name)) continue
    const folder = join(trash, entry.name)
    try {
      const gone = await removeOwn(files, folder, ownInRecording)
      if (!gone) logger.warn({ folder }, 'a deleted recording holds files that are not its own')
    } catch (cause) {
      if (errnoOf(cause) === undefined) throw cause
      logger.warn({ folder, err: cause }, 'a deleted recording could not be removed altogether')
    }
  }
}

/** What of an entry is VSR's own, and may be removed: the file itself, a folder with what is own in it, or nothing. */
export type Own = (entry: FolderEntry) => 'file' | Own | undefined

const fileWhen =
  (test: (name: string) => boolean): Own =>
  ({ name, kind }) =>
    kind === 'file' && test(name) ? 'file' : undefined

const trackFiles = new Set([LOG_NAME, DAMAGED_NAME, INDEX_FILE_NAME, NEW_INDEX_FILE_NAME])
const ownInDay = fileWhen(isMediaFile)
const ownInTrack: Own = (entry) =>
  entry.kind === 'folder' && isDayFolder(entry.name)
    ? ownInDay
    : fileWhen((name) => trackFiles.has(name) || isDurableTempName(name))(entry)
const ownInTemp = fileWhen(isTempFile)
const ownInQuarantine = fileWhen((name) => isQuarantined(name) || isDurableTempName(name))
/** Of an entry of a recording's folder. */
export const ownInRecording: Own = (entry) => {
  if (entry.kind === 'folder' && entry.name === TEMP_FOLDER) return ownInTemp
  if (entry.kind === 'folder' && entry.name === QUARANTINE_FOLDER) return ownInQuarantine
  if (entry.kind === 'folder' && isTrackId(entry.name)) return ownInTrack
  return fileWhen(
    (name) =>
      name === RECORDING_NAME ||
      isEarlierRecording(name) ||
      name === RESUME_NAME ||
      name === SPANS_NAME ||
      name === ACTIVITY_NAME ||
      isDurableTempName(name),
  )(entry)
}

/** Removes own entries, then the folder itself. False where something unknown keeps it. */
async function removeOwn(files: FilePort, folder: string, own: Own): Promise<boolean> {
  for (const entry of await files.readFolder(folder)) {
    const what = own(entry)
    const path = join(folder, entry.name)
    if (what === 'file') await files.unlink(path)
    else if (what !== undefined) await removeOwn(files, path, what)
  }
  if ((await files.readFolder(folder)).length > 0) return false
  await files.removeFolder(folder)
  return true
}

/**
 * Removes what a crash left half-written in a recording's folder: temp files, of downloads and of durable writes. Their folder is
 * made anew where it is gone: backups leave out what is empty.
 */
export async function sweepRecording(files: FilePort, folder: string): Promise<number> {
  const temps = join(folder, TEMP_FOLDER)
  await ensureFolder(files, temps)
  const unfinished = await sweep(files, folder, isDurableTempName)
  const hasQuarantine = (await files.readFolder(folder)).some(
    ({ name, kind }) => name === QUARANTINE_FOLDER && kind === 'folder',
  )
  const setAside = hasQuarantine
    ? await sweep(files, join(folder, QUARANTINE_FOLDER), isDurableTempName)
    : 0
  return unfinished + setAside + (await sweep(files, temps, isTempFile))
}

/** Removes what a crash left in the library folder itself: half-written files of VSR, and of its lock. */
export async function sweepRoot(files: FilePort, root: string): Promise<void> {
  await sweep(files, root, (name) => isDurableTempName(name) || isLockLeftover(name))
}

async function sweep(
  files: FilePort,
  folder: string,
  test: (name: string) => boolean,
): Promise<number> {
  let swept = 0
  for (const { name, kind } of await files.readFolder(folder)) {
    if (kind !== 'file' || !test(name)) continue
    await files.unlink(join(folder, name))
    swept += 1
  }
  return swept
}
