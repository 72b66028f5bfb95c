import { dirname, join } from 'node:path'
import type { Logger } from '../ports/logger'
import type { FilePort } from './file-port'
import { INDEX_FILE_NAME } from './index-file-format'
import type { TrackIndex } from './track-index'
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

  const write = async (end: LogEnd): Promise<void> => {
    const beganMs = performance.now()
    const isWritten = await writeIndexFile({ files, path, index, end, isOver: () => closed })
    if (!isWritten) return
    const tookMs = Math.round(performance.now() - beganMs)
    logger.debug({ path, logBytes: end.bytes, tookMs }, 'index file written')
  }
  return {
    look(end) {
      // What is left of a log whose beginning was let go is no beginning of it.
      if (closed || index.letGo !== undefined) return
      if (writing !== undefined || !isIndexFileDue(end.bytes, covered)) return
      covered = end.bytes
      writing = write(end)
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
