import { dirname, join } from 'node:path'
import type { FilePort, OpenFile } from './file-port'
import { INDEX_FILE_NAME } from './index-file-format'
import { readIndexFile } from './read-index-file'
import { type LogState, readSegmentLog } from './segment-log-reader'
import { createTrackIndex, type TrackIndex } from './track-index'

/**
 * Reads a log into an index: as far as its index file goes from that, and everything else, or all of it, from its own rows. Changes nothing.
 *
 * @param options.path of the log.
 * @param options.log the log, open for reading.
 * @returns `coveredBytes`: how much of the log an index file stands for that may stay; 0 for none.
 */
export async function readIndex(options: {
  readonly files: FilePort
  readonly path: string
  readonly log: OpenFile
}): Promise<{
  readonly index: TrackIndex
  readonly state: LogState
  readonly coveredBytes: number
}> {
  const { files, log } = options
  const path = join(dirname(options.path), INDEX_FILE_NAME)
  const logSize = await log.size()
  const kept = logSize === 0 ? undefined : await readIndexFile({ files, path, log, logSize })
  if (kept === undefined) {
    const index = createTrackIndex()
    return { index, state: await readSegmentLog({ file: log, index }), coveredBytes: 0 }
  }
  const { index, logBytes: bytes, logCrc: crc } = kept
  const state = await readSegmentLog({ file: log, index, known: { bytes, crc } })
  return { index, state, coveredBytes: bytes }
}
