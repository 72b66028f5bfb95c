import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  statfs,
  unlink,
} from 'node:fs/promises'
import path from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import { syncFolder, writeSynced } from '../ports/durable-names'
import { withStoreErrors } from '../store/store-error'
import { checksumOf, copyChecked, expectChecksum } from './copy-checked'
import { listTree, type Tree } from './list-tree'
import { ARRIVED_NAME, arrivedText, cameFrom, MOVED_NAME, movedText } from './moved-library'
import { rehome } from './rehome'

const WORK_PREFIX = '.vsr-relocate-'
/** They hold paths below the library. */
const WITH_PATHS: ReadonlySet<string> = new Set(['exports.json', 'uploads.json', 'settings.json'])

/** What is to be moved where. */
export interface RelocateRequest {
  /** Absolute path of the new folder: not there yet, or empty. */
  readonly folder: string
  /** What the library's folder was called when it was opened: paths that were noted may go through a link. */
  readonly knownAs: string
  /** Ends it while it copies; the library stays where it is. */
  readonly signal: AbortSignal
  /** 0..100. */
  readonly onProgress: (percent: number) => void
}

/** What has become of it. */
export interface Relocated {
  readonly folder: string
  readonly files: number
  readonly bytes: number
  /** What stayed in the old folder, since it is neither file nor folder. */
  readonly notMoved: readonly string[]
}

/**
 * Moves a library that this process holds: copies it beside its new place, reads all of it again, gives it its name in one step,
 * leaves a note in the old folder, and only then removes the old files. Killed at any instant, the old folder is the library, or
 * leads to it. A move that was cut off between the new name and the note is finished by asking again.
 * @param root real path of the library's folder.
 * @throws VsrError `bad_request`, `export_target_exists`, `disk_full`, `library_unwritable`, `cancelled`.
 */
export async function relocateLibrary(root: string, request: RelocateRequest): Promise<Relocated> {
  return await withStoreErrors(request.folder, async () => {
    const parent = await realpath(path.dirname(request.folder)).catch((cause: unknown) => {
      throw new VsrError('bad_request', `There is no folder ${path.dirname(request.folder)}.`, {
        hint: 'Make it first; it may be on a disk that is not connected.',
        cause,
      })
    })
    const folder = path.join(parent, path.basename(request.folder))
    refuseNested(root, folder)
    const tree = await listTree(root, isOfThisPlace)
    const bytes = tree.files.reduce((sum, file) => sum + file.bytes, 0)
    if ((await isFree(folder)) || !(await isSameLibrary(root, folder, tree))) {
      await refuseTaken(folder)
      await refuseTooSmall(parent, bytes)
      await removeLeftovers(parent, root)
      await copyTo({ root, tree, bytes, parent, folder, request })
    }
    await leaveNote(root, folder)
    await removeOld(root, tree)
    return { folder, bytes, files: tree.files.length, notMoved: tree.others }
  })
}

/** What belongs to the folder and not to the library: its lock, notes of moves, what an import was making. */
const isOfThisPlace = (name: string): boolean =>
  name.startsWith('library.lock') ||
  name.startsWith('.import-') ||
  name === MOVED_NAME ||
  name === ARRIVED_NAME

function refuseNested(root: string, folder: string): void {
  const isInside = (inner: string, outer: string) =>
    `${inner}${path.sep}`.startsWith(`${outer}${path.sep}`)
  if (!isInside(folder, root) && !isInside(root, folder)) return
  throw new VsrError('bad_request', 'A library cannot be moved into itself.', {
    hint: 'Choose a folder that is neither inside nor around the library.',
  })
}

/** Not there, or empty. */
async function isFree(folder: string): Promise<boolean> {
  try {
    return (await lstat(folder)).isDirectory() && (await readdir(folder)).length === 0
  } catch {
    return true // not there; what else is wrong with it is told when it is written to
  }
}

async function refuseTaken(folder: string): Promise<void> {
  if (await isFree(folder)) return
  throw new VsrError('export_target_exists', `${folder} is there already, and is not empty.`, {
    hint: 'Choose a folder that is not there yet.',
  })
}

async function refuseTooSmall(parent: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(parent)
  if (bavail * bsize > bytes) return
  throw new VsrError('disk_full', 'The library does not fit there. Nothing was changed.', {
    hint: `It needs ${Math.ceil(bytes / 1e6)} MB, and ${Math.floor((bavail * bsize) / 1e6)} MB are free.`,
  })
}

/** Copies to this parent that were cut off: of this library, which nobody else can be moving. */
async function removeLeftovers(parent: string, root: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const work = path.join(parent, name)
    if (name.startsWith(WORK_PREFIX) && (await cameFrom(work)) === root) {
      await rm(work, { recursive: true, force: true })
    }
  }
}

async function copyTo(options: {
  readonly root: string
  readonly tree: Tree
  readonly bytes: number
  readonly parent: string
  readonly folder: string
  readonly request: RelocateRequest
}): Promise<void> {
  const { root, tree, bytes, parent, folder, request } = options
  const { signal, onProgress } = request
  const work = await mkdtemp(path.join(parent, WORK_PREFIX))
  try {
    await writeSynced(path.join(work, ARRIVED_NAME), arrivedText(root))
    for (const name of tree.folders) await mkdir(path.join(work, name))
    const checksums = new Map<string, number>()
    // Each byte is passed twice: copied, and read again.
    let passed = 0
    const note = (more: number) => {
      if (signal.aborted) throw new VsrError('cancelled', 'The move was cancelled.')
      passed += more
      onProgress(Math.min(100, (passed / Math.max(1, bytes * 2)) * 100))
    }
    for (const file of tree.files) {
      const to = path.join(work, file.name)
      checksums.set(file.name, await copyChecked(path.join(root, file.name), to, file.mode))
      note(file.bytes)
    }
    for (const file of tree.files) {
      await expectChecksum(path.join(work, file.name), checksums.get(file.name) ?? -1)
      note(file.bytes)
    }
    for (const old of new Set([root, request.knownAs])) await rewritePaths(work, old, folder)
    // mkdtemp lets nobody else in, as the library may have done.
    await chmod(work, (await lstat(root)).mode & 0o777)
    for (const name of [...tree.folders.toReversed(), '']) await syncFolder(path.join(work, name))
    if (process.platform === 'win32') await rmdir(folder).catch(() => undefined)
    await rename(work, folder)
    await syncFolder(parent)
  } catch (error) {
    await rm(work, { recursive: true, force: true })
    throw error
  }
}

/** Exports lie in the library, too, and are known by their paths. */
async function rewritePaths(work: string, root: string, folder: string): Promise<void> {
  for (const name of WITH_PATHS) {
    const file = path.join(work, name)
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined) continue
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      continue // broken before: it is set aside when it is opened
    }
    await rm(file)
    await writeSynced(file, `${JSON.stringify(rehome(value, root, folder), null, 2)}\n`)
  }
}

/** A copy of this very library: a move to it was cut off before the note. */
async function isSameLibrary(root: string, folder: string, tree: Tree): Promise<boolean> {
  if ((await cameFrom(folder)) !== root) return false
  const copied = await listTree(folder, isOfThisPlace)
  if (copied.files.length !== tree.files.length) return false
  for (const { name, bytes } of tree.files) {
    if (WITH_PATHS.has(name)) continue
    const copy = copied.files.find((file) => file.name === name)
    if (copy?.bytes !== bytes) return false
    const there = await checksumOf(path.join(folder, name))
    if (there !== (await checksumOf(path.join(root, name)))) return false
  }
  return true
}

/** From here on the old folder leads to the new one. */
async function leaveNote(root: string, folder: string): Promise<void> {
  const written = path.join(root, `.${MOVED_NAME}.tmp`)
  await rm(written, { force: true })
  await writeSynced(written, movedText(folder))
  await rename(written, path.join(root, MOVED_NAME))
  await syncFolder(root)
}

/** What was copied, and nothing else; folders only where that leaves them empty. */
async function removeOld(root: string, tree: Tree): Promise<void> {
  for (const { name } of tree.files) await unlink(path.join(root, name))
  for (const name of tree.folders.toReversed()) {
    await rmdir(path.join(root, name)).catch(() => undefined) // a link is left in it
  }
}
