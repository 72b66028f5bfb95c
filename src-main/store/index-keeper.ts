import { dirname, join } from 'node:path'
import type { Logger } from '../ports/logger'
import type { FilePort } from './file-port'
import { INDEX_FILE_NAME } from './index-file-format'
import type { LogRow } from './model'
import type { TrackIndex } from './track-index'
import type { Piece } from './columns'
import { type LogEnd, writeIndexFile } from './write-index-file'

/** So much of a log is read in a few milliseconds. */
const LEAST_BYTES = 512 * 1024
/** Beside what is covered already: a file that grows with the recording is written anew, and is to cost next to nothing beside its media. */
const PART_OF_COVERED = 1 / 32
/** Whether so much of a log has no index file that one is to be written. Pure. */
export const isIndexFileDue = (logBytes: number, coveredBytes: number): boolean =>
  logBytes - coveredBytes >= Math.max(LEAST_BYTES, coveredBytes * PART_OF_COVERED)

/** Keeps the index file beside a log. It is derived: whatever fails is logged, and tried again when as much has come once more. */
export interface IndexKeeper {
  /** Call when rows are acknowledged: where it is time, the file is written in the background, as things are at this moment. */
  look(end: LogEnd): void
  /** Ends what is under way, unfinished. */
  close(): Promise<void>
}

/** @param options.coveredBytes how much of the log the file stands for that is there now; 0 for none. */
export function createIndexKeeper(options: {
  readonly files: FilePort
  readonly logPath: string
  readonly index: TrackIndex
  readonly coveredBytes: number
  readonly logger: Logger
}): IndexKeeper {
  const { files, logPath, index, logger } = options
  const path = join(dirname(logPath), INDEX_FILE_NAME)
  let covered = options.coveredBytes
  let writing: Promise<void> | undefined
  let closed = false

  const write = async (end: LogEnd, pieces: readonly Piece[]): Promise<void> => {
    const beganMs = performance.now()
    const isWritten = await writeIndexFile({
      files,
      path,
      pieces,
      others: othersOf(index),
      end,
      isOver: () => closed,
    })
    if (!isWritten) return
    const tookMs = Math.round(performance.now() - beganMs)
    logger.debug({ path, logBytes: end.bytes, tookMs }, 'index file written')
  }
  return {
    look(end) {
      if (closed || writing !== undefined || !isIndexFileDue(end.bytes, covered)) return
      const pieces = index.pieces()
      if (pieces === undefined) return
      covered = end.bytes
      writing = write(end, pieces)
        .catch((cause: unknown) => {
          logger.warn({ path, err: cause }, 'the index file could not be written')
        })
        .finally(() => {
          writing = undefined
        })
    },
    async close() {
      closed = true
      await writing
    },
  }
}

/** Rows that have no place in columns. What was let go stands first: it is what an index begins with. */
export const othersOf = ({ letGo, lates }: TrackIndex): readonly LogRow[] =>
  letGo === undefined ? lates : [letGo, ...lates]
