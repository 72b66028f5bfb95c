import { VsrError } from '../../src-preload/contract/errors'
import type { Logger } from '../ports/logger'
import type { Committer } from './committer'
import type { FilePort } from './file-port'
import type { FileRow, SegmentIndex } from './model'
import { removeMedia } from './remove-media'
import type { SegmentLog } from './segment-log'
import { withStoreErrors } from './store-error'

/** What a track is to let go of. Asked when no row is being added. */
export interface LetGoChoice {
  /** Position of the first row that is left, of those that are told; asked again after each step. */
  readonly position: (told: SegmentIndex) => number
  /** What its playlists list before that position beside segments. */
  readonly beside: (told: SegmentIndex, position: number) => number
}

/** Lets go of the beginning of a track: the row first, then the files. */
interface LettingGo {
  /** Files may still be there that no row names any more, or the log is about to get another length. */
  readonly isUnderWay: boolean
  /** Removes what a crash has left of an earlier time. */
  finish(): Promise<void>
  /** In steps; one call at a time. Throws VsrError `disk_full`, `library_unwritable`; what went before that is gone. */
  letGo(choice: LetGoChoice): Promise<{ readonly bytes: number; readonly segments: number }>
  /**
   * Writes the log anew where most of its rows are gone. Never rejects for what the disk does: the old one is as good.
   * @param isForgotten resolves when what is kept of the log's figures is durably forgotten; false: it is not, and nothing is done.
   */
  compact(isForgotten: () => Promise<boolean>): Promise<void>
}

/** A shorter log is not worth it. */
const FEWEST_ROWS_GONE = 1000

/** So many rows go at once: a few milliseconds of work, after which others get a turn. */
const ROWS_PER_STEP = 1000

/** Position of the first row that is left after the next step, on the way to another. */
function stepTowards(goal: number, told: SegmentIndex): number {
  let at = Math.min(goal, ROWS_PER_STEP)
  while (at < goal && told.kindAt(at) !== 'segment') at += 1
  return at
}

/** @param options.alone runs work while nothing is committed. */
export function createLettingGo(options: {
  readonly files: FilePort
  readonly folder: string
  readonly log: SegmentLog
  readonly logger: Logger
  readonly alone: Committer['alone']
}): LettingGo {
  const { files, folder, log, logger, alone } = options
  /** Gone from the index, and perhaps still on the disk. */
  let left: readonly FileRow[] = log.gone
  /** The files of all rows below this index are gone. */
  let cleanIndex =
    left.length > 0 ? (log.rows.letGo?.cleanIndex ?? 0) : (log.rows.letGo?.index ?? 0)

  let isCompacting = false

  const removeLeft = async (): Promise<number> => {
    const { told, letGo } = log.rows
    const first = told.length === 0 ? undefined : (told.figures.startMs ?? told.startMsAt(0))
    const kept = first === undefined ? {} : { keptFromMs: first }
    const removed = await withStoreErrors(folder, () =>
      removeMedia({ files, folder, rows: left, ...kept, logger }),
    )
    left = removed.left
    if (left.length === 0) cleanIndex = letGo?.index ?? 0
    return removed.bytes
  }
  return {
    get isUnderWay() {
      return left.length > 0 || isCompacting
    },
    async finish() {
      if (left.length > 0) await removeLeft()
    },
    async letGo({ position, beside }) {
      const sum = { bytes: 0, segments: 0 }
      for (let isDone = false; !isDone; ) {
        const gone = await alone(async () => {
          const { told } = log.rows
          const goal = position(told)
          const at = stepTowards(goal, told)
          const row = log.rows.letGoAt(at, { beside: beside(told, at), cleanIndex })
          isDone = at === goal || row === undefined
          return row === undefined ? [] : log.letGo(row)
        })
        left = [...left, ...gone]
        sum.segments += gone.filter(({ kind }) => kind === 'segment').length
        if (left.length > 0) sum.bytes += await removeLeft()
      }
      return sum
    },
    async compact(isForgotten) {
      const { told, lates, goneRows } = log.rows
      const isWorthIt = goneRows >= Math.max(FEWEST_ROWS_GONE, told.length + lates.length)
      if (!isWorthIt || left.length > 0) return
      isCompacting = true
      try {
        if (await isForgotten()) await log.compact(alone)
      } catch (cause) {
        if (!(cause instanceof VsrError)) throw cause
        logger.warn({ err: cause }, 'the segment log could not be written anew; the old one stays')
      } finally {
        isCompacting = false
      }
    },
  }
}
