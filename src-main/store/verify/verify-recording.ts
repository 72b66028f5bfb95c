import { join } from 'node:path'
import { VsrError } from '../../../src-preload/contract/errors'
import type { FilePort, OpenFile } from '../file-port'
import type { FileRow, Row } from '../model'
import { mediaPath, RECORDING_NAME } from '../paths'
import { readRecordingFile } from '../recording-file'
import { LOG_NAME } from '../segment-log'
import { type LogState, readSegmentLog } from '../segment-log-reader'
import { errnoOf } from '../store-error'
import { createTrackIndex, type TrackIndex } from '../track-index'
import { checkFile } from './check-file'
import { listRecording } from './list-recording'
import type { ReportSoFar } from './report'

interface Verification {
  readonly files: FilePort
  /** Of the recording. */
  readonly folder: string
  readonly deep: boolean
  readonly signal: AbortSignal
  readonly report: ReportSoFar
}

/**
 * Compares a recording's logs with its files, both ways. What it is growing by meanwhile is no fault: the folder is listed before the
 * logs are read, since a file has its name before it has its row, and a file without a row is looked up once more.
 */
export async function verifyRecording(verification: Verification): Promise<void> {
  const { files, folder, report } = verification
  const { trackIds, media, unknown } = await listRecording(files, folder)
  await verifyDescription(verification)
  const rowless = new Set(media)
  for (const id of trackIds) {
    for (const path of await verifyTrack(verification, join(folder, id))) rowless.delete(path)
  }
  for (const path of await stillWithoutRow(verification, trackIds, rowless)) {
    const message = 'A file that belongs to no row of its log. It is left as it is.'
    report.found({ kind: 'orphan', path, message })
  }
  for (const path of unknown) {
    report.found({ kind: 'orphan', path, message: 'VSR has not put this here. It is left alone.' })
  }
}

async function verifyDescription({ files, folder, report }: Verification): Promise<void> {
  try {
    await readRecordingFile(files, folder)
  } catch (cause) {
    if (cause instanceof VsrError) throw cause
    const path = join(folder, RECORDING_NAME)
    const message = 'The recording cannot be opened: this file is missing or damaged.'
    report.found({ kind: 'damaged', path, message })
  }
}

/** @returns the paths that its rows name. */
async function verifyTrack(verification: Verification, folder: string): Promise<Set<string>> {
  const { files, deep, signal, report } = verification
  const path = join(folder, LOG_NAME)
  const { index, damaged } = await readLog(files, path)
  report.rows(index.told.length + index.lates.length)
  for (const line of damaged) {
    const message = `${line.length} bytes of the log are no row. The next start sets them aside.`
    report.found({ kind: 'damaged', path, message })
  }
  const named = new Set<string>()
  for (const row of fileRowsOf(index)) {
    signal.throwIfAborted()
    const file = mediaPath(folder, row)
    named.add(file)
    const finding = await checkFile({ files, path: file, row, deep })
    if (finding === undefined) report.file()
    else report.found(finding)
  }
  return named
}

/** Files that have no row by now, either, and are still there. */
async function stillWithoutRow(
  { files, folder }: Verification,
  trackIds: readonly string[],
  rowless: ReadonlySet<string>,
): Promise<readonly string[]> {
  if (rowless.size === 0) return []
  const left = new Set(rowless)
  for (const id of trackIds) {
    const { index } = await readLog(files, join(folder, id, LOG_NAME))
    for (const row of fileRowsOf(index)) left.delete(mediaPath(join(folder, id), row))
  }
  const there: string[] = []
  for (const path of left) if (await isThere(files, path)) there.push(path)
  return there
}

/** A log that is not there is empty. */
async function readLog(
  files: FilePort,
  path: string,
): Promise<{ readonly index: TrackIndex; readonly damaged: LogState['damaged'] }> {
  const index = createTrackIndex()
  let file: OpenFile
  try {
    file = await files.open(path, 'read')
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return { index, damaged: [] }
    throw cause
  }
  try {
    const { damaged } = await readSegmentLog({ file, index })
    return { index, damaged }
  } finally {
    await file.close()
  }
}

function* fileRowsOf({ told, lates }: TrackIndex): Generator<FileRow> {
  for (let position = 0; position < told.length; position += 1) {
    const kind = told.kindAt(position)
    if (kind === 'gap' || kind === 'discontinuity') continue
    const row: Row = told.rowAt(position)
    if (row.kind !== 'gap' && row.kind !== 'discontinuity') yield row
  }
  yield* lates
}

async function isThere(files: FilePort, path: string): Promise<boolean> {
  try {
    await files.stat(path)
    return true
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return false
    throw cause
  }
}
