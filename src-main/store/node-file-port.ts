import * as fs from 'node:fs'
import { constants } from 'node:fs'
import { lstat, mkdir, readdir, readFile, realpath, rmdir, statfs, unlink } from 'node:fs/promises'
import { openDirectFile } from './direct-file'
import { callFs, closeFd, fileOf, openFd, writeSome } from './file-calls'
import type { EntryKind, FilePort, OpenFile, OpenFolder, OpenMode } from './file-port'

/** Write and sync in one trip. Elsewhere they are two: Windows does not know it, on macOS it promises less than Node's sync. */
const SYNCED_WRITES = process.platform === 'linux' ? constants.O_DSYNC : 0

const openFlags: Record<Exclude<OpenMode, 'bulk'>, number> = {
  create: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
  append:
    constants.O_RDWR |
    constants.O_CREAT |
    constants.O_APPEND |
    SYNCED_WRITES |
    (constants.O_NOFOLLOW ?? 0),
  read: constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0),
}

const kindOf = (entry: {
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}): EntryKind => {
  if (entry.isSymbolicLink()) return 'link'
  if (entry.isFile()) return 'file'
  return entry.isDirectory() ? 'folder' : 'other'
}

async function openNodeFile(
  path: string,
  mode: OpenMode,
  permissions: number | undefined,
): Promise<OpenFile> {
  if (mode === 'bulk') return openDirectFile(path, permissions)
  const fd = await openFd(path, openFlags[mode], permissions)
  const file = fileOf(() => fd)
  return {
    ...file,
    blockBytes: 1,
    async write(data) {
      for (let written = 0; written < data.length; ) {
        written += await writeSome(fd, data.subarray(written), null)
      }
      if (mode === 'append' && SYNCED_WRITES === 0) await file.sync()
    },
  }
}

async function openNodeFolder(path: string): Promise<OpenFolder> {
  const fd = await openFd(path, constants.O_RDONLY)
  return { sync: () => callFs((done) => fs.fsync(fd, done)), close: () => closeFd(fd) }
}

/** The machine's own disk, without any patience: see `tolerantFilePort` for that. */
export const nodeFilePort: FilePort = {
  open: openNodeFile,
  readFile: (path) => readFile(path),
  rename: (from, to) => callFs((done) => fs.rename(from, to, done)),
  unlink,
  makeFolder: async (path) => {
    await mkdir(path)
  },
  removeFolder: rmdir,
  readFolder: async (path) =>
    (await readdir(path, { withFileTypes: true })).map((entry) => ({
      name: entry.name,
      kind: kindOf(entry),
    })),
  stat: async (path) => {
    const found = await lstat(path)
    return { kind: kindOf(found), bytes: found.size }
  },
  realPath: (path) => realpath(path),
  syncFolder: async (path) => {
    const folder = await openNodeFolder(path)
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },
  openFolder: openNodeFolder,
  space: async (path) => {
    const { bavail, blocks, bsize } = await statfs(path)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  },
}
