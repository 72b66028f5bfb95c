import { dirname, join } from 'node:path'
import type { Logger } from '../../ports/logger'
import { ensureFolder, removeIfThere, writeDurably } from '../durable-files'
import type { FilePort } from '../file-port'
import type { FileRow } from '../model'
import { mediaPath } from '../paths'
import { lostRowsOf } from '../repair/lost-rows'
import { mendedLog } from '../repair/mended-log'
import { LOG_NAME, openSegmentLog } from '../segment-log'
import { errnoOf } from '../store-error'
import type { TrackIndex } from '../track-index'
import { holesOf } from '../verify/holes'
import { equalsOf } from '../verify/needed-by'
import { fileRowsOf } from '../verify/read-log'
import { copyStoredFile } from './copy-file'
import { unreadableSource } from './source-error'
import { assertInPlace } from './source-recording'

interface TrackToCopy {
  readonly source: FilePort
  /** Of the track, in the source; real path of its recording's folder, and its id. */
  readonly from: string
  readonly files: FilePort
  /** Of the track; its parent is there, and it is not. */
  readonly to: string
  readonly logger: Logger
  readonly signal: AbortSignal
  /** 0..1, by rows. */
  readonly onProgress: (share: number) => void
}

/**
 * Copies a track, each file as its row says. What the source has lost is a gap in the copy, as after a repair.
 * Throws VsrError `bad_request` where the source cannot be read, `library_too_new`; errno errors of the target; the signal's reason.
 * @returns how many segments of the source are not to be had.
 */
export async function copyTrack(track: TrackToCopy): Promise<number> {
  const { source, from, files, to, logger, signal, onProgress } = track
  await ensureFolder(files, to)
  const path = join(to, LOG_NAME)
  const data = await readSourceLog(source, from)
  if (data === undefined) return 0
  await writeDurably({ files, path, data })
  // To open it for writing is to take out what is no row.
  const log = await openSegmentLog({ files, path, mode: 'write', logger })
  await log.close()
  const { rows } = log
  const total = rows.told.length + rows.lates.length
  const copy = createCopier(track, rows)
  const lostRows: FileRow[] = []
  let done = 0
  for (const row of fileRowsOf(rows)) {
    signal.throwIfAborted()
    if (!(await copy.take(row))) lostRows.push(row)
    done += 1
    onProgress(done / total)
  }
  const { lost, withWholeFiles } = lostRowsOf(rows, lostRows)
  for (const row of withWholeFiles) await removeIfThere(files, mediaPath(to, row))
  const holes = holesOf(rows.told)
  if (lostRows.length + holes.length > 0) {
    const mended = mendedLog(await files.readFile(path), lost, holes)
    await writeDurably({ files, path, data: mended })
  }
  await copy.sync()
  return lostRows.filter(({ kind }) => kind === 'segment').length + withWholeFiles.length
}

async function readSourceLog(source: FilePort, from: string): Promise<Uint8Array | undefined> {
  const path = join(from, LOG_NAME)
  try {
    const { kind } = await source.stat(path)
    if (kind !== 'file') return undefined
    await assertInPlace(source, from)
    return await source.readFile(path)
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined
    throw unreadableSource(path, cause)
  }
}

/** Copies single files, and remembers their folders. */
function createCopier({ source, from, files, to }: TrackToCopy, index: TrackIndex) {
  const days = new Map<string, boolean>()
  /** False where the source has no such folder. */
  const prepare = async (file: string): Promise<boolean> => {
    const day = dirname(file)
    const known = days.get(day)
    if (known !== undefined) return known
    const isThere = await isFolder(source, join(from, day.slice(to.length)))
    if (isThere) await ensureFolder(files, day)
    days.set(day, isThere)
    return isThere
  }
  const takeFrom = async (other: FileRow, row: FileRow): Promise<boolean> => {
    const target = mediaPath(to, row)
    if (!(await prepare(mediaPath(to, other)))) return false
    await ensureFolder(files, dirname(target))
    return copyStoredFile({ source, from: mediaPath(from, other), files, to: target, row })
  }
  return {
    /** False where it is not to be had; a section or a key may be had from an equal one. */
    async take(row: FileRow): Promise<boolean> {
      if (await takeFrom(row, row)) return true
      for (const other of equalsOf(index, row)) if (await takeFrom(other, row)) return true
      return false
    },
    async sync(): Promise<void> {
      for (const [day, isThere] of days) if (isThere) await files.syncFolder(day)
      await files.syncFolder(to)
    },
  }
}

/** Throws VsrError `bad_request` for one that leads elsewhere. */
async function isFolder(source: FilePort, path: string): Promise<boolean> {
  try {
    await source.stat(path)
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return false
    throw unreadableSource(path, cause)
  }
  await assertInPlace(source, path)
  return true
}
