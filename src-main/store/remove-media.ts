import { dirname } from 'node:path'
import type { Logger } from '../ports/logger'
import { removeIfThere } from './durable-files'
import type { FilePort } from './file-port'
import type { FileRow } from './model'
import { dayPath, mediaPath } from './paths'
import { errnoOf } from './store-error'

/** What became of files that were to be removed. */
export interface Removed {
  /** Of those that are gone. */
  readonly bytes: number
  /** Those that may still be there: to be tried again. */
  readonly left: readonly FileRow[]
}

interface Removal {
  readonly files: FilePort
  /** Of the track. */
  readonly folder: string
  readonly logger: Logger
}

/**
 * Removes the files of a track's rows, and day folders that are empty then; durable when it resolves. A file that is gone already is as good as
 * removed; nothing is removed through a link (S06). What fails is logged and left. Throws what is no errno error.
 *
 * @param options.keptFromMs start of what is left, unix ms: folders of that day and of later ones stay. Absent: all stay.
 */
export async function removeMedia(
  options: Removal & { readonly rows: readonly FileRow[]; readonly keptFromMs?: number },
): Promise<Removed> {
  const { files, folder, rows, keptFromMs, logger } = options
  const left: FileRow[] = []
  let bytes = 0
  const keptDay = keptFromMs === undefined ? undefined : dayPath(folder, keptFromMs)
  for (const [day, ofDay] of byDay(folder, rows)) {
    try {
      if (!(await isFolder(files, day))) continue
      for (const row of ofDay) await removeIfThere(files, mediaPath(folder, row))
      await files.syncFolder(day)
      bytes += ofDay.reduce((sum, row) => sum + row.bytes, 0)
    } catch (cause) {
      if (errnoOf(cause) === undefined) throw cause
      logger.warn({ day, err: cause }, 'footage that was let go could not be removed yet')
      left.push(...ofDay)
      continue
    }
    const isBefore = ofDay.every(({ startMs }) => startMs < (keptFromMs ?? 0))
    if (isBefore && day !== keptDay) await removeIfEmpty(options, day)
  }
  return { bytes, left }
}

function byDay(folder: string, rows: readonly FileRow[]): Map<string, FileRow[]> {
  const days = new Map<string, FileRow[]>()
  for (const row of rows) {
    const day = dirname(mediaPath(folder, row))
    const known = days.get(day)
    if (known === undefined) days.set(day, [row])
    else known.push(row)
  }
  return days
}

async function isFolder(files: FilePort, path: string): Promise<boolean> {
  try {
    return (await files.stat(path)).kind === 'folder'
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return false
    throw cause
  }
}

/** One that is not empty, or cannot be removed, does no harm. */
async function removeIfEmpty({ files, folder, logger }: Removal, day: string): Promise<void> {
  try {
    if ((await files.readFolder(day)).length > 0) return
    await files.removeFolder(day)
    await files.syncFolder(folder)
  } catch (cause) {
    if (errnoOf(cause) === undefined) throw cause
    logger.debug({ day, err: cause }, 'an empty folder stays')
  }
}
