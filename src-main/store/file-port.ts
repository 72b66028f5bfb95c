import * as fs from 'node:fs'
import { constants } from 'node:fs'
import { lstat, mkdir, readdir, readFile, realpath, rmdir, statfs, unlink } from 'node:fs/promises'

export type EntryKind = 'file' | 'folder' | 'link' | 'other'

export interface FolderEntry {
  readonly name: string
  readonly kind: EntryKind
}

/** An open file. Writes go to the end of what was written before. */
export interface OpenFile {
  /** Appends all of `data`. Durable when it resolves where the file was opened with `append`. */
  write(data: Uint8Array): Promise<void>
  /** Fills `into` from `position`; returns the number of bytes read, 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>
  /** fdatasync: the bytes and the size are durable when it resolves. */
  sync(): Promise<void>
  truncate(bytes: number): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

/** `create` fails with EEXIST where the name is taken; `append` creates what is missing, and each of its writes is synced. None follows a link in the last name. */
type OpenMode = 'create' | 'append' | 'read'

/**
 * ALL disk access of the store. Every method rejects with a Node errno error (`code: 'ENOENT'` …);
 * `store-error.ts` turns those into sentences. Tests put a disk that loses data in its place.
 */
export interface FilePort {
  open(path: string, mode: OpenMode, permissions?: number): Promise<OpenFile>
  readFile(path: string): Promise<Uint8Array>
  rename(from: string, to: string): Promise<void>
  unlink(path: string): Promise<void>
  /** One folder; its parent must exist. EEXIST where the name is taken. */
  makeFolder(path: string): Promise<void>
  removeFolder(path: string): Promise<void>
  readFolder(path: string): Promise<readonly FolderEntry[]>
  /** Of the name itself: links are not followed. */
  stat(path: string): Promise<{ readonly kind: EntryKind; readonly bytes: number }>
  realPath(path: string): Promise<string>
  /** fsync of a folder: names created, renamed or removed in it are durable when it resolves. */
  syncFolder(path: string): Promise<void>
  /** Bytes that this process may still write there. */
  freeBytes(path: string): Promise<number>
}

/** Write and sync in one trip. Elsewhere they are two: Windows does not know it, on macOS it promises less than Node's sync. */
const SYNCED_WRITES = process.platform === 'linux' ? constants.O_DSYNC : 0

const openFlags: Record<OpenMode, number> = {
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

/** A call of node:fs by its callback, without the layers of its promises: a segment takes a dozen calls. */
function call<T>(start: (done: (error: Error | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    // A call without a result is one of void.
    start((error, value) => (error === null ? resolve(value as T) : reject(error)))
  })
}

const openFd = (path: string, flags: number, permissions = 0o666): Promise<number> =>
  call((done) => fs.open(path, flags, permissions, done))
const closeFd = (fd: number): Promise<void> => call((done) => fs.close(fd, done))

async function openNodeFile(
  path: string,
  mode: OpenMode,
  permissions: number | undefined,
): Promise<OpenFile> {
  const fd = await openFd(path, openFlags[mode], permissions)
  const sync = (): Promise<void> => call((done) => fs.fdatasync(fd, done))
  return {
    async write(data) {
      for (let written = 0; written < data.length; ) {
        written += await call<number>((done) =>
          fs.write(fd, data, written, data.length - written, null, done),
        )
      }
      if (mode === 'append' && SYNCED_WRITES === 0) await sync()
    },
    read: (into, position) => call((done) => fs.read(fd, into, 0, into.length, position, done)),
    sync,
    truncate: (bytes) => call((done) => fs.ftruncate(fd, bytes, done)),
    size: async () => (await call<fs.Stats>((done) => fs.fstat(fd, done))).size,
    close: () => closeFd(fd),
  }
}

/** The machine's own disk, without any patience: see `tolerantFilePort` for that. */
export const nodeFilePort: FilePort = {
  open: openNodeFile,
  readFile: (path) => readFile(path),
  rename: (from, to) => call((done) => fs.rename(from, to, done)),
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
    const fd = await openFd(path, constants.O_RDONLY)
    try {
      await call<void>((done) => fs.fsync(fd, done))
    } finally {
      await closeFd(fd)
    }
  },
  freeBytes: async (path) => {
    const found = await statfs(path)
    return found.bavail * found.bsize
  },
}
