export type EntryKind = 'file' | 'folder' | 'link' | 'other'

export interface FolderEntry {
  readonly name: string
  readonly kind: EntryKind
}

/** An open file. Writes go to the end of what was written before. */
export interface OpenFile {
  /** Each write is a whole number of blocks of so many bytes, in memory of `allocateBlocks`; 1: whatever there is. */
  readonly blockBytes: number
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

/** A folder that is synced again and again. */
export interface OpenFolder {
  /** As `syncFolder`. */
  sync(): Promise<void>
  close(): Promise<void>
}

/**
 * `create` fails with EEXIST where the name is taken; `bulk` does, too, and is for large files that are not read again soon
 * (`direct-file.ts`); `append` creates what is missing, and each of its writes is synced. None follows a link in the last name.
 */
export type OpenMode = 'create' | 'bulk' | 'append' | 'read'

/** Of the disk that a path is on. */
export interface DiskSpace {
  /** What this process may still write there. */
  readonly freeBytes: number
  readonly totalBytes: number
}

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
  openFolder(path: string): Promise<OpenFolder>
  space(path: string): Promise<DiskSpace>
}
