import { constants } from 'node:fs'
import { closeFd, fileOf, openFd, writeSome } from './file-calls'
import type { OpenFile } from './file-port'
import { errnoOf } from './store-error'

/** What disks and file systems ask for at most: a page. */
const BLOCK_BYTES = 4096

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL
/** Linux only: Windows and macOS have other ways, which Node does not offer. */
const DIRECT: number | undefined = constants.O_DIRECT

/** Memory that direct writes can be made from: V8 gives an array buffer that may be resized pages of its own. */
export const allocateBlocks = (bytes: number): Buffer =>
  Buffer.from(new ArrayBuffer(bytes, { maxByteLength: bytes }))

let isRefused = DIRECT === undefined

/** Not offered by this file system (tmpfs, some network mounts), or not from this memory. Asked no more. */
const refuses = (cause: unknown): boolean => {
  if (errnoOf(cause) !== 'EINVAL') return false
  isRefused = true
  return true
}

/**
 * Creates a file whose bytes go from the given memory straight to the disk (O_DIRECT): what is recorded is not read again soon, and a
 * copy of it in the page cache costs more CPU than all else that is done to it, and pushes out what others keep there. Where
 * that cannot be done, it is an ordinary file. Rejects with EEXIST where the name is taken.
 */
export async function openDirectFile(path: string, permissions?: number): Promise<OpenFile> {
  let isDirect = !isRefused
  const create = async (): Promise<number> => {
    if (!isDirect) return openFd(path, CREATE, permissions)
    try {
      return await openFd(path, CREATE | (DIRECT ?? 0), permissions)
    } catch (cause) {
      if (!refuses(cause)) throw cause
      isDirect = false
      return await openFd(
        path,
        constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW,
        permissions,
      )
    }
  }
  let fd = await create()
  let position = 0
  const goOnThroughCache = async (): Promise<void> => {
    isDirect = false
    const direct = fd
    fd = await openFd(path, constants.O_WRONLY)
    await closeFd(direct)
  }
  return {
    ...fileOf(() => fd),
    blockBytes: isDirect ? BLOCK_BYTES : 1,
    async write(data) {
      for (let written = 0; written < data.length; ) {
        try {
          const some = await writeSome(fd, data.subarray(written), position)
          written += some
          position += some
        } catch (cause) {
          if (!isDirect || !refuses(cause)) throw cause
          await goOnThroughCache()
        }
      }
    },
  }
}
