import { dirname, join } from 'node:path'
import type { Logger } from '../../ports/logger'
import { ensureFolder, removeIfThere, uniqueName, writeDurably } from '../durable-files'
import type { FilePort } from '../file-port'
import { INDEX_FILE_NAME } from '../index-file-format'
import type { FileRow } from '../model'
import { mediaPath, TEMP_FOLDER } from '../paths'
import { LOG_NAME, openSegmentLog } from '../segment-log'
import type { Fault, RowFault } from '../verify/fault'
import { holesOf } from '../verify/holes'
import { isLost, lostRowsOf } from './lost-rows'
import { mendedLog } from './mended-log'
import type { Quarantine } from './quarantine'

/** Readable for its owner only. */
const SECRET_PERMISSIONS = 0o600

interface TrackToMend {
  readonly files: FilePort
  /** Of the recording. */
  readonly folder: string
  readonly trackId: string
  /** Those of this track. */
  readonly faults: readonly Fault[]
  readonly quarantine: Quarantine
  readonly logger: Logger
}

/**
 * Makes the log of a track say what is there. Files that are not what was stored go to quarantine first, then the log is
 * written anew, its old self kept: after a crash in between, the rows are still there and their files are missing, which is
 * found again. Rejects with errno errors and VsrErrors.
 */
export async function mendTrack(track: TrackToMend): Promise<void> {
  const { files, folder, trackId, faults, quarantine, logger } = track
  const rowFaults = faults.filter((fault) => fault.of === 'row').filter(isLost)
  if (rowFaults.length === 0 && !faults.some(({ of }) => of === 'log' || of === 'hole')) return
  const trackFolder = join(folder, trackId)
  const path = join(trackFolder, LOG_NAME)
  // To open it for writing is to cut off a torn end and to set aside lines that are no rows.
  const log = await openSegmentLog({ files, path, mode: 'write', logger })
  await log.close()
  await quarantine.take(pathsOf(rowFaults.filter(({ problem }) => problem === 'changed')))
  const lostRows: FileRow[] = []
  for (const fault of rowFaults) {
    if (fault.equal === undefined) lostRows.push(fault.row)
    else await copyOver(track, fault, fault.equal)
  }
  const { lost, withWholeFiles } = lostRowsOf(log.rows, lostRows)
  const holes = holesOf(log.rows.told)
  if (lost.told.size + lost.late.size + holes.length === 0) return
  await quarantine.take(withWholeFiles.map((row) => mediaPath(trackFolder, row)))
  const before = await files.readFile(path)
  await quarantine.keep(path, before)
  // It stands for a log that is no more. It would not be believed; it need not lie there, either.
  await removeIfThere(files, join(trackFolder, INDEX_FILE_NAME))
  await writeDurably({ files, path, data: mendedLog(before, lost, holes) })
}

const pathsOf = (faults: readonly RowFault[]): string[] => faults.map(({ path }) => path)

/** Puts a copy of a file of the same bytes where one is missing. */
async function copyOver(
  { files, folder, trackId }: TrackToMend,
  { path, row }: RowFault,
  equal: string,
): Promise<void> {
  const temps = join(folder, TEMP_FOLDER)
  await ensureFolder(files, temps)
  await ensureFolder(files, dirname(path))
  const temp = join(temps, `${trackId}-${uniqueName()}.part`)
  const file = await files.open(temp, 'create', row.kind === 'key' ? SECRET_PERMISSIONS : undefined)
  try {
    await file.write(await files.readFile(equal))
    await file.sync()
  } finally {
    await file.close()
  }
  await files.rename(temp, path)
  await files.syncFolder(dirname(path))
}
