import { dirname, join, relative, sep } from 'node:path'
import { ensureFolder, uniqueName, writeDurably } from '../durable-files'
import type { FilePort } from '../file-port'
import { isDayFolder, QUARANTINE_FOLDER } from '../paths'
import { errnoOf } from '../store-error'

/** Where a repair puts what it takes out of a recording: nothing is deleted by it, and names never collide. */
export interface Quarantine {
  /** Moves files there, durably. Those that are gone are passed over. Rejects with errno errors. */
  take(paths: readonly string[]): Promise<void>
  /** Leaves a copy there of what is about to be written anew. Rejects with errno errors. */
  keep(path: string, data: Uint8Array): Promise<void>
}

/** @param folder of the recording. */
export function createQuarantine(files: FilePort, folder: string): Quarantine {
  const place = join(folder, QUARANTINE_FOLDER)
  /** `v0-1790000000000-7.ts.3f2a9c0011aa.kept`: where it was, without its day. */
  const newNameOf = (path: string): string => {
    const parts = relative(folder, path).split(sep)
    const name = parts.filter((part) => !isDayFolder(part)).join('-')
    return join(place, `${name}.${uniqueName()}.kept`)
  }
  return {
    async take(paths) {
      if (paths.length === 0) return
      await ensureFolder(files, place)
      const left = new Set<string>()
      for (const path of paths) {
        if (await renameIfThere(files, path, newNameOf(path))) left.add(dirname(path))
      }
      // The new names first: were only the old ones gone, the files would be, too.
      await files.syncFolder(place)
      for (const each of left) await files.syncFolder(each)
    },
    async keep(path, data) {
      await ensureFolder(files, place)
      await writeDurably({ files, path: newNameOf(path), data })
    },
  }
}

async function renameIfThere(files: FilePort, from: string, to: string): Promise<boolean> {
  try {
    await files.rename(from, to)
    return true
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return false
    throw cause
  }
}
