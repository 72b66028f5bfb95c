import { dirname } from 'node:path'
import type { Logger } from '../ports/logger'
import { createBatcher } from './batcher'
import { createDayFolders, type DayFolders } from './day-folders'
import type { FilePort } from './file-port'
import { indexesOf } from './gap-parts'
import type { FileRow, Row } from './model'
import { mediaPath } from './paths'
import type { SegmentLog } from './segment-log'
import { LAST_MS } from './segment-row'
import { withStoreErrors } from './store-error'
import type { SealableTemp, Sealed } from './temp-file'
import { createTurns } from './turns'

/** Groups of commits that share their fsyncs at most. */
const BATCH_GROUPS = 64

/** A row before it has its place: the committer gives it index and start, and a file its size and checksum. */
export interface Commission {
  readonly startMs: number
  /** For a row that has its place already, before others: asked when its turn has come. Throws where that is taken. */
  readonly place?: () => Place
  readonly temp?: SealableTemp
  /** Makes the row once its place is known. `sealed` is there exactly when `temp` is. */
  readonly build: (place: Place, sealed: Sealed | undefined) => Row
}

export interface Place {
  readonly index: number
  readonly startMs: number
}

interface Step {
  readonly row: Row
  /** The file that has its real name now. */
  readonly path: string | undefined
  readonly temp: SealableTemp | undefined
}

/** What became of commits that belong together: the rows of the first ones, and why the others were left out. */
interface Committed {
  readonly rows: readonly Row[]
  /** Undefined where there is a row for each. */
  readonly error: unknown
}

export interface Committer {
  /**
   * Resolves when files, names and rows are durable. In call order. Behind one that fails none of the same call follows:
   * their temporary files can be committed later.
   */
  commit(group: readonly Commission[]): Promise<Committed>
  /** Runs between commits: neither meets the other. In call order among its own. */
  alone<T>(work: () => Promise<T>): Promise<T>
  /** Waits for commits under way, then lets go of what is open. */
  close(): Promise<void>
}

const done = (value: Committed): PromiseFulfilledResult<Committed> => ({
  status: 'fulfilled',
  value,
})

/**
 * The order that loses nothing: bytes synced -> renamed -> name synced -> row synced -> acknowledged.
 * Commits that wait together pay for each fsync once. One that fails takes no index and leaves the
 * other groups of its batch alone, unless the log itself fails.
 */
export function createCommitter(options: {
  readonly files: FilePort
  readonly folder: string
  readonly log: SegmentLog
  readonly logger: Logger
  readonly onRow: (row: Row) => void
}): Committer {
  const { files, folder, log, logger, onRow } = options
  const days = createDayFolders(files)
  const { told } = log.rows
  let lastStartMs = told.length > 0 ? told.startMsAt(told.length - 1) : 0
  let nextIndex = log.rows.nextIndex

  /** Gives the row its place and the file its name. */
  const settle = async (
    { startMs, temp, place: ownPlace, build }: Commission,
    sealed: Sealed | undefined,
  ): Promise<Step> => {
    const place = ownPlace?.() ?? {
      index: nextIndex,
      startMs: Math.min(LAST_MS, Math.max(lastStartMs, Math.round(startMs))),
    }
    const row = build(place, sealed)
    const path = hasFile(row) ? mediaPath(folder, row) : undefined
    if (path !== undefined && sealed !== undefined) {
      await withStoreErrors(path, async () => {
        await days.ensure(dirname(path))
        await files.rename(sealed.path, path)
      })
      temp?.release()
    }
    if (ownPlace === undefined) {
      nextIndex += indexesOf(row)
      lastStartMs = place.startMs
    } else nextIndex = Math.max(nextIndex, place.index + 1)
    return { row, path, temp }
  }
  const forgetDays = async (): Promise<void> => {
    try {
      await days.forget()
    } catch (cause) {
      logger.warn({ folder, err: cause }, 'closing a folder failed')
    }
  }
  /** What was renamed for rows that never became rows is a temporary file again. Kept while the log might still hold them. */
  const takeBack = async (steps: readonly Step[]): Promise<void> => {
    if (!log.sound) return
    for (const { path, temp } of steps) {
      if (path === undefined) continue
      try {
        await temp?.takeBack(path)
      } catch (cause) {
        logger.warn({ path, err: cause }, 'a file without a row stays behind')
      }
    }
  }
  const appendAll = async (steps: readonly Step[]): Promise<void> => {
    try {
      await withStoreErrors(folder, () => syncDays(days, steps))
      await log.append(steps.map(({ row }) => row))
    } catch (cause) {
      await forgetDays()
      await takeBack(steps)
      throw cause
    }
  }

  /** Gives each its place until one fails. */
  const settleGroup = async (
    group: readonly Commission[],
    seals: readonly PromiseSettledResult<Sealed | undefined>[],
  ): Promise<{ readonly steps: readonly Step[]; readonly error: unknown }> => {
    const steps: Step[] = []
    for (const [at, commission] of group.entries()) {
      const seal = seals[at]
      if (seal?.status !== 'fulfilled') return { steps, error: seal?.reason }
      try {
        steps.push(await settle(commission, seal.value))
      } catch (error) {
        await forgetDays()
        return { steps, error }
      }
    }
    return { steps, error: undefined }
  }

  const commitAll = async (
    groups: readonly (readonly Commission[])[],
  ): Promise<readonly PromiseSettledResult<Committed>[]> => {
    const seals = await Promise.all(
      groups.map((group) => Promise.allSettled(group.map(async ({ temp }) => temp?.seal()))),
    )
    const settled = []
    for (const [at, group] of groups.entries()) {
      settled.push(await settleGroup(group, seals[at] ?? []))
    }
    const steps = settled.flatMap((group) => group.steps)
    try {
      await appendAll(steps)
    } catch (error) {
      return groups.map(() => done({ rows: [], error }))
    }
    for (const { row } of steps) announce(row)
    return settled.map((group) =>
      done({ rows: group.steps.map(({ row }) => row), error: group.error }),
    )
  }
  const turns = createTurns()
  const batcher = createBatcher<readonly Commission[], Committed>({
    limit: BATCH_GROUPS,
    run: (groups) => turns.take(() => commitAll(groups)),
  })

  /** Events tell; a listener that fails must not undo a durable row. */
  const announce = (row: Row): void => {
    try {
      onRow(row)
    } catch (cause) {
      logger.error({ err: cause, index: row.index }, 'a listener failed on a committed row')
    }
  }

  return {
    commit: batcher.add,
    alone: turns.take,
    async close() {
      await batcher.idle()
      await turns.idle()
      await forgetDays()
    },
  }
}

const hasFile = (row: Row): row is FileRow =>
  row.kind === 'segment' || row.kind === 'init' || row.kind === 'key'

/** Every folder that got a new name, once. */
async function syncDays(days: DayFolders, steps: readonly Step[]): Promise<void> {
  const named = new Set(steps.flatMap(({ path }) => (path === undefined ? [] : [dirname(path)])))
  for (const day of named) await days.sync(day)
}
