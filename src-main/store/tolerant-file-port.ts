import type { Clock } from '../ports/clock'
import type { FilePort } from './file-port'
import { errnoOf } from './store-error'

/** Waits between the tries of one rename; Windows holds a name while a scanner looks at it. */
const RENAME_WAITS_MS = [10, 30, 100, 300, 1000]
const RENAME_BUSY = new Set(['EPERM', 'EBUSY', 'EACCES'])
/** What file systems answer where a folder cannot be synced at all (Windows, some network mounts). */
const SYNC_NOT_PERMITTED = new Set(['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EBADF'])

async function ifPermitted<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (cause) {
    if (!SYNC_NOT_PERMITTED.has(errnoOf(cause) ?? '')) throw cause
    return undefined
  }
}

/**
 * A port that bears what healthy machines do: a rename refused for a moment is tried again, at most
 * six times in all (F40), and a folder fsync that the file system does not offer is taken as done
 * (F41). Every other failure passes through.
 */
export function tolerantFilePort(options: {
  readonly files: FilePort
  readonly clock: Pick<Clock, 'sleep'>
}): FilePort {
  const { files, clock } = options
  return {
    ...files,
    async rename(from, to) {
      for (const waitMs of RENAME_WAITS_MS) {
        try {
          await files.rename(from, to)
          return
        } catch (cause) {
          if (!RENAME_BUSY.has(errnoOf(cause) ?? '')) throw cause
          await clock.sleep(waitMs)
        }
      }
      await files.rename(from, to)
    },
    syncFolder: (path) => ifPermitted(() => files.syncFolder(path)),
    async openFolder(path) {
      const folder = await ifPermitted(() => files.openFolder(path))
      return {
        sync: () => ifPermitted(async () => folder?.sync()),
        close: async () => folder?.close(),
      }
    },
  }
}
