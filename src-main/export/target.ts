import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import { syncFolder } from '../ports/durable-names'
import { numberedName } from './file-name'

/** Where an export goes: a file that the person named, or a folder in which it gets a name of its own. */
export type Target =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'folder'; readonly folder: string }

const MAX_NUMBER = 10_000
const WORK_PREFIX = '.vsr-export-'
/** No export takes this long: what is older was left by a process that was killed. */
const STALE_MS = 7 * 24 * 3_600_000

/**
 * Sees early that a target cannot work.
 * @throws VsrError `bad_request`, `export_target_exists`, `export_target_unwritable`.
 */
export async function checkTarget(target: Target): Promise<void> {
  if (target.kind === 'folder') return
  if (!path.isAbsolute(target.file) || target.file.includes('\0')) {
    throw new VsrError('bad_request', 'The file to export to must be an absolute path.')
  }
  const found = await stat(target.file).catch((err: unknown) => {
    if (hasCode(err, 'ENOENT')) return undefined
    throw unwritable(path.dirname(target.file), err)
  })
  if (found !== undefined) throw exists(target.file)
  const folder = path.dirname(target.file)
  await access(folder, constants.W_OK).catch((err: unknown) => {
    throw unwritable(folder, err)
  })
}

/**
 * A hidden folder beside the target for everything that is not finished; those of killed processes go.
 * @param nowMs unix ms.
 * @throws VsrError `export_target_unwritable`, `disk_full`.
 */
export async function createWorkFolder(target: Target, nowMs: number): Promise<string> {
  const folder = target.kind === 'folder' ? target.folder : path.dirname(target.file)
  try {
    if (target.kind === 'folder') await mkdir(folder, { recursive: true })
    await removeStaleWork(folder, nowMs)
    return await mkdtemp(path.join(folder, WORK_PREFIX))
  } catch (err) {
    throw unwritable(folder, err)
  }
}

/**
 * Makes a finished file durable and gives it its name; a file that is there already is never replaced.
 * @param name for a folder target; gets ` (2)` and so on where it is taken.
 * @returns the file's path.
 * @throws VsrError `export_target_exists`, `export_target_unwritable`.
 */
export async function publish(options: {
  finished: string
  target: Target
  name: string
}): Promise<string> {
  const { finished, target, name } = options
  const folder = target.kind === 'folder' ? target.folder : path.dirname(target.file)
  try {
    await sync(finished)
    const file = target.kind === 'file' ? target.file : await freeName(folder, name)
    if (target.kind === 'file' && !(await reserve(file))) throw exists(file)
    try {
      await rename(finished, file)
    } catch (err) {
      await rm(file, { force: true })
      throw err
    }
    await syncFolder(folder)
    return file
  } catch (err) {
    throw err instanceof VsrError ? err : unwritable(folder, err)
  }
}

async function removeStaleWork(folder: string, nowMs: number): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || !entry.name.startsWith(WORK_PREFIX)) continue
    const stale = path.join(folder, entry.name)
    const mtimeMs = await stat(stale).then(
      (found) => found.mtimeMs,
      () => nowMs, // another export ended meanwhile and removed its own
    )
    if (nowMs - mtimeMs > STALE_MS) await rm(stale, { recursive: true, force: true })
  }
}

async function freeName(folder: string, name: string): Promise<string> {
  for (let number = 1; number <= MAX_NUMBER; number += 1) {
    const file = path.join(folder, numberedName(name, number))
    if (await reserve(file)) return file
  }
  throw exists(path.join(folder, name))
}

/** Takes the name with an empty file, which only one can do; the finished file then replaces that. */
async function reserve(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close()
    return true
  } catch (err) {
    if (hasCode(err, 'EEXIST')) return false
    throw err
  }
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const exists = (file: string) =>
  new VsrError('export_target_exists', `${path.basename(file)} is there already.`, {
    hint: 'Choose another name, or move that file away first.',
  })

function unwritable(folder: string, cause: unknown): VsrError {
  if (hasCode(cause, 'ENOSPC')) {
    return new VsrError('disk_full', 'The disk is full: the export could not be written.', {
      hint: 'Free some space, or export to another disk.',
      cause,
    })
  }
  return new VsrError('export_target_unwritable', `Nothing can be written to ${folder}.`, {
    hint: 'Choose another folder, or see to it that this one exists and you may write there.',
    cause,
  })
}

const hasCode = (err: unknown, code: string) =>
  err instanceof Error && 'code' in err && err.code === code
