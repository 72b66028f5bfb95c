import type { FilePort, OpenFile } from '../file-port'
import type { FileRow } from '../model'
import { type LogState, readSegmentLog } from '../segment-log-reader'
import { errnoOf } from '../store-error'
import { createTrackIndex, type TrackIndex } from '../track-index'

/** A log as it is at this moment. */
export interface ReadLog {
  readonly index: TrackIndex
  readonly state: LogState
  readonly bytes: number
}

/**
 * Reads a log and changes nothing; undefined where there is none.
 * Throws VsrError `library_too_new`, errno errors.
 */
export async function readLog(files: FilePort, path: string): Promise<ReadLog | undefined> {
  let file: OpenFile
  try {
    file = await files.open(path, 'read')
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined
    throw cause
  }
  try {
    const index = createTrackIndex()
    const state = await readSegmentLog({ file, index })
    return { index, state, bytes: await file.size() }
  } finally {
    await file.close()
  }
}

/** All rows with a file: in order, then the late ones. */
export function* fileRowsOf({ told, lates }: TrackIndex): Generator<FileRow> {
  for (let position = 0; position < told.length; position += 1) {
    const kind = told.kindAt(position)
    if (kind === 'gap' || kind === 'discontinuity') continue
    const row = told.rowAt(position)
    if (row.kind !== 'gap' && row.kind !== 'discontinuity') yield row
  }
  yield* lates
}
