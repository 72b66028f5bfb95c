import { basename, dirname } from 'node:path'
import type { EntryKind, FilePort, OpenFile, OpenMode } from '../../src-main/store/file-port'

interface MemoryFile {
  kind: 'file'
  data: Buffer
  /** What a power cut leaves of it. */
  synced: Buffer
}
interface MemoryFolder {
  kind: 'folder'
  entries: Map<string, MemoryNode>
  synced: Map<string, MemoryNode>
}
interface MemoryLink {
  kind: 'link'
  target: string
}
type MemoryNode = MemoryFile | MemoryFolder | MemoryLink

/**
 * How the disk looks after a crash: everything applied; what was not synced lost; names kept but the
 * bytes behind them lost; everything applied but the last write torn.
 */
export type CrashMode = 'applied' | 'unsynced-lost' | 'names-before-data' | 'torn'
export const crashModes: readonly CrashMode[] = [
  'applied',
  'unsynced-lost',
  'names-before-data',
  'torn',
]

interface Operation {
  /** Counts from 1. */
  readonly number: number
  readonly name: string
  readonly path: string
  /** Of a write, sync or truncate: which opening of a file it goes to. */
  readonly handle?: number
}

export interface MemoryFilePort extends FilePort {
  readonly operations: number
  /** Called before each operation that changes something; a returned errno name makes it fail. */
  before: (operation: Operation) => string | undefined
  /** Called after each operation that changed something, before its caller hears of it. */
  after: (operation: Operation) => void
  /** Bytes of the write that was the last operation; 0 where that was none. */
  readonly lastWriteBytes: number
  /** A new port with what a crash at this moment leaves; of a last write that is torn, `keptBytes`: one block, or half of it, unless told. */
  crash(mode: CrashMode, keptBytes?: number): MemoryFilePort
  /** Direct access for tests: no operation, no hook. */
  peek(path: string): Buffer | undefined
  /** Puts a file there, with the folders above it. */
  poke(path: string, data: Uint8Array): void
  remove(path: string): void
  link(path: string, target: string): void
  names(path: string): string[]
  /** The disk that holds this folder goes away: an empty folder is there instead, and files that are open fail, until the returned function brings it back. */
  unmount(path: string): () => void
}

/** As a disk that takes whole blocks only. */
const BLOCK_BYTES = 512

const errno = (code: string, path: string): Error =>
  Object.assign(new Error(`${code}: '${path}'`), { code })
const newFolder = (): MemoryFolder => ({ kind: 'folder', entries: new Map(), synced: new Map() })

/** A disk in memory that can lose what was not synced, tear its last write, and refuse any operation. */
export function createMemoryFilePort(root: MemoryFolder = newFolder()): MemoryFilePort {
  let operations = 0
  let handles = 0
  /** Those up to this one were open when their disk went away. */
  let lastDeadHandle = 0
  let lastWrite: { readonly file: MemoryFile; readonly from: number } | undefined

  const find = (path: string): MemoryNode | undefined => {
    let node: MemoryNode | undefined = root
    for (const part of path.split('/').filter((name) => name !== '')) {
      if (node?.kind !== 'folder') return undefined
      node = node.entries.get(part)
    }
    return node
  }
  const folder = (path: string): MemoryFolder => {
    const node = find(path)
    if (node === undefined) throw errno('ENOENT', path)
    if (node.kind !== 'folder') throw errno('ENOTDIR', path)
    return node
  }
  const file = (path: string): MemoryFile => {
    const node = find(path)
    if (node === undefined) throw errno('ENOENT', path)
    if (node.kind !== 'file') throw errno(node.kind === 'link' ? 'ELOOP' : 'EISDIR', path)
    return node
  }
  /** A folder and those above it, durable. */
  const plant = (path: string): void => {
    if (path === '/' || find(path) !== undefined) return
    plant(dirname(path))
    const made = newFolder()
    folder(dirname(path)).entries.set(basename(path), made)
    folder(dirname(path)).synced.set(basename(path), made)
  }
  /** Applies a change between the hooks, all in one turn of the loop. */
  const operate = async <T>(
    name: string,
    path: string,
    change: () => T,
    handle?: number,
  ): Promise<T> => {
    await Promise.resolve()
    if (handle !== undefined && handle <= lastDeadHandle) throw errno('EIO', path)
    operations += 1
    const operation = {
      number: operations,
      name,
      path,
      ...(handle === undefined ? {} : { handle }),
    }
    const refusal = port.before(operation)
    if (refusal !== undefined) throw errno(refusal, path)
    const result = change()
    if (name !== 'write') lastWrite = undefined
    port.after(operation)
    return result
  }

  const openFile = (path: string, node: MemoryFile, mode: OpenMode): OpenFile => {
    handles += 1
    return openHandle({ path, node, mode, handle: handles })
  }
  const syncFile = (path: string, node: MemoryFile, handle: number): Promise<void> =>
    operate(
      'sync',
      path,
      () => {
        node.synced = node.data
      },
      handle,
    )
  const openHandle = (options: {
    readonly path: string
    readonly node: MemoryFile
    readonly mode: OpenMode
    readonly handle: number
  }): OpenFile => {
    const { path, node, mode, handle } = options
    return {
      blockBytes: mode === 'bulk' ? BLOCK_BYTES : 1,
      async write(data) {
        if (mode === 'bulk' && data.length % BLOCK_BYTES > 0) throw errno('EINVAL', path)
        await operate(
          'write',
          path,
          () => {
            lastWrite = { file: node, from: node.data.length }
            node.data = Buffer.concat([node.data, data])
          },
          handle,
        )
        if (mode === 'append') await syncFile(path, node, handle)
      },
      async read(into, position) {
        const part = node.data.subarray(position, position + into.length)
        into.set(part)
        return part.length
      },
      sync: () => syncFile(path, node, handle),
      truncate: (bytes) =>
        operate(
          'truncate',
          path,
          () => {
            node.data = node.data.subarray(0, bytes)
          },
          handle,
        ),
      size: async () => node.data.length,
      close: () => Promise.resolve(),
    }
  }

  const syncFolder = (path: string): Promise<void> =>
    operate('syncFolder', path, () => {
      const node = folder(path)
      node.synced = new Map(node.entries)
    })

  const port: MemoryFilePort = {
    get operations() {
      return operations
    },
    before: () => undefined,
    after: () => {},
    async open(path, mode) {
      if (mode === 'read') return openFile(path, file(path), mode)
      return operate('open', path, () => {
        const parent = folder(dirname(path))
        const known = parent.entries.get(basename(path))
        if (known !== undefined && mode !== 'append') throw errno('EEXIST', path)
        if (known !== undefined) return openFile(path, file(path), mode)
        const node: MemoryFile = { kind: 'file', data: Buffer.alloc(0), synced: Buffer.alloc(0) }
        parent.entries.set(basename(path), node)
        return openFile(path, node, mode)
      })
    },
    readFile: async (path) => Buffer.from(file(path).data),
    rename: (from, to) =>
      operate('rename', to, () => {
        const source = folder(dirname(from))
        const node = source.entries.get(basename(from))
        if (node === undefined) throw errno('ENOENT', from)
        folder(dirname(to)).entries.set(basename(to), node)
        source.entries.delete(basename(from))
      }),
    unlink: (path) =>
      operate('unlink', path, () => {
        if (!folder(dirname(path)).entries.delete(basename(path))) throw errno('ENOENT', path)
      }),
    makeFolder: (path) =>
      operate('makeFolder', path, () => {
        const parent = folder(dirname(path))
        if (path === '/' || parent.entries.has(basename(path))) throw errno('EEXIST', path)
        parent.entries.set(basename(path), newFolder())
      }),
    removeFolder: (path) =>
      operate('removeFolder', path, () => {
        if (folder(path).entries.size > 0) throw errno('ENOTEMPTY', path)
        folder(dirname(path)).entries.delete(basename(path))
      }),
    readFolder: async (path) =>
      [...folder(path).entries].map(([name, node]) => ({ name, kind: node.kind })),
    async stat(path) {
      const node = find(path)
      if (node === undefined) throw errno('ENOENT', path)
      const kind: EntryKind = node.kind
      return { kind, bytes: node.kind === 'file' ? node.data.length : 0 }
    },
    async realPath(path) {
      const node = find(path)
      if (node === undefined) throw errno('ENOENT', path)
      return node.kind === 'link' ? node.target : path
    },
    syncFolder,
    openFolder: async (path) => {
      folder(path)
      return { sync: () => syncFolder(path), close: () => Promise.resolve() }
    },
    space: () => Promise.resolve({ freeBytes: 1e12, totalBytes: 2e12 }),
    get lastWriteBytes() {
      return lastWrite === undefined ? 0 : lastWrite.file.data.length - lastWrite.from
    },
    crash: (mode, keptBytes) =>
      createMemoryFilePort(copyAfterCrash(root, mode, lastWrite && { ...lastWrite, keptBytes })),
    peek: (path) => {
      const node = find(path)
      return node?.kind === 'file' ? node.data : undefined
    },
    poke: (path, data) => {
      const copy = Buffer.from(data)
      plant(dirname(path))
      folder(dirname(path)).entries.set(basename(path), { kind: 'file', data: copy, synced: copy })
    },
    remove: (path) => {
      folder(dirname(path)).entries.delete(basename(path))
    },
    link: (path, target) => {
      folder(dirname(path)).entries.set(basename(path), { kind: 'link', target })
    },
    names: (path) => [...folder(path).entries.keys()],
    unmount: (path) => {
      const parent = folder(dirname(path))
      const disk = folder(path)
      parent.entries.set(basename(path), newFolder())
      lastDeadHandle = handles
      return () => void parent.entries.set(basename(path), disk)
    },
  }
  return port
}

/** A deep copy as the crash leaves it; everything in it is on the disk by then. */
function copyAfterCrash(
  from: MemoryFolder,
  mode: CrashMode,
  lastWrite:
    | {
        readonly file: MemoryFile
        readonly from: number
        readonly keptBytes: number | undefined
      }
    | undefined,
): MemoryFolder {
  const copies = new Map<MemoryNode, MemoryNode>()
  const bytesOf = (node: MemoryFile): Buffer => {
    if (mode === 'unsynced-lost' || mode === 'names-before-data') return node.synced
    if (mode !== 'torn' || node !== lastWrite?.file) return node.data
    const written = node.data.length - lastWrite.from
    const usual = written > BLOCK_BYTES ? BLOCK_BYTES : written >> 1
    return node.data.subarray(0, lastWrite.from + (lastWrite.keptBytes ?? usual))
  }
  const copy = (node: MemoryNode): MemoryNode => {
    const known = copies.get(node)
    if (known !== undefined) return known
    if (node.kind === 'link') return node
    if (node.kind === 'file') {
      const data = bytesOf(node)
      const made: MemoryFile = { kind: 'file', data, synced: data }
      copies.set(node, made)
      return made
    }
    const made = newFolder()
    copies.set(node, made)
    for (const [name, child] of mode === 'unsynced-lost' ? node.synced : node.entries) {
      made.entries.set(name, copy(child))
    }
    made.synced = new Map(made.entries)
    return made
  }
  return copy(from) as MemoryFolder
}
