import { constants } from 'node:fs'
import {
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rmdir,
  statfs,
  unlink,
} from 'node:fs/promises'

export type EntryKind = 'file' | 'folder' | 'link' | 'other'

export interface FolderEntry {
  readonly name: string
  readonly kind: EntryKind
}

/** An open file. Writes go to the end of what was written before. */
export interface OpenFile {
  /** Appends all of `data`. */
  write(data: Uint8Array): Promise<void>
  /** Fills `into` from `position`; returns the number of bytes read, 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>
  /** fdatasync: the bytes and the size are durable when it resolves. */
  sync(): Promise<void>
  truncate(bytes: number): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

/** `create` fails with EEXIST where the name is taken; `append` creates what is missing. None follows a link in the last name. */
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

const openFlags: Record<OpenMode, number> = {
  create: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
  append: constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0),
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
  const handle = await open(path, openFlags[mode], permissions ?? 0o666)
  return {
    async write(data) {
      let written = 0
      while (written < data.length) {
        written += (await handle.write(data, written, data.length - written)).bytesWritten
      }
    },
    read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
    sync: () => handle.datasync(),
    truncate: (bytes) => handle.truncate(bytes),
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  }
}

/** The machine's own disk, without any patience: see `tolerantFilePort` for that. */
export const nodeFilePort: FilePort = {
  open: openNodeFile,
  readFile: (path) => readFile(path),
  rename,
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
    const handle = await open(path, constants.O_RDONLY)
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  freeBytes: async (path) => {
    const found = await statfs(path)
    return found.bavail * found.bsize
  },
}
