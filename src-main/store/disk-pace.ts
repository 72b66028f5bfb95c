import type { Clock } from '../ports/clock'
import type { FilePort } from './file-port'

/** A disk, and how much it has had to do. */
export interface DiskPace {
  readonly files: FilePort
  /** So long, since it was opened, has at least one write or sync been waited for. Milliseconds, monotonic. */
  busyMs(): number
}

/** Measures for how long a disk is busy writing: tells a disk that is too slow from a source that is (F32). */
export function createDiskPace(options: {
  readonly files: FilePort
  readonly clock: Pick<Clock, 'monotonicMs'>
}): DiskPace {
  const { files, clock } = options
  let waiting = 0
  let sinceMs = 0
  let pastMs = 0

  const during = async <T>(work: Promise<T>): Promise<T> => {
    if (waiting === 0) sinceMs = clock.monotonicMs()
    waiting += 1
    try {
      return await work
    } finally {
      waiting -= 1
      if (waiting === 0) pastMs += clock.monotonicMs() - sinceMs
    }
  }
  return {
    busyMs: () => pastMs + (waiting === 0 ? 0 : clock.monotonicMs() - sinceMs),
    files: {
      ...files,
      async open(path, mode, permissions) {
        const file = await files.open(path, mode, permissions)
        if (mode === 'read') return file
        return {
          ...file,
          write: (data) => during(file.write(data)),
          sync: () => during(file.sync()),
        }
      },
      syncFolder: (path) => during(files.syncFolder(path)),
      async openFolder(path) {
        const folder = await files.openFolder(path)
        return { ...folder, sync: () => during(folder.sync()) }
      },
    },
  }
}
