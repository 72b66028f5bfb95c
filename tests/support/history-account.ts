import type { GapRow } from '../../src-main/store/model'
import type { OfferedSegment } from './random-source'

/** What a log has of a history: the segments by their ids, and the gaps. */
interface Log {
  readonly stored: readonly { readonly id: number; readonly epoch: number }[]
  readonly gaps: readonly Pick<
    GapRow,
    'epoch' | 'startMs' | 'mediaSequence' | 'count' | 'durationSec' | 'cause'
  >[]
}

/** Ids of segments that are not as they should be; all empty where each that was offered is stored once and in order, or is a gap. */
interface Faults {
  readonly twice: readonly number[]
  readonly unknown: readonly number[]
  readonly unaccounted: readonly OfferedSegment[]
  readonly disordered: readonly number[]
}

export const noFaults: Faults = { twice: [], unknown: [], unaccounted: [], disordered: [] }

/** Which of the source's runs each epoch has stored something of. */
function runsOfEpochs(log: Log, byId: ReadonlyMap<number, OfferedSegment>) {
  const runs = new Map<number, Set<number>>()
  for (const { id, epoch } of log.stored) {
    const run = byId.get(id)?.run ?? -1
    runs.set(epoch, (runs.get(epoch) ?? new Set()).add(run))
  }
  return runs
}

/**
 * Without a clock, what an edge shows only after the source jumped over its numbers may be of any start that has the same numbers. Each of these
 * has a second history of the very same listings, in which the log says what was:
 * - From 164 the source goes on to 192, and an edge shows 166 to 175: they are of one start that jumped, and in its gap; or of another start that was between.
 * - An edge shows 134 to 136 twice, 137 to 146 were jumped over, and a start begins with 144: it did so at 134, under the names of before, and
 *   these are its beginning; or they are old.
 * - A start has listed 0, and 28 to 31 come: it has jumped; or an edge shows what the start before it had jumped over.
 *
 * So there a gap counts for its numbers, and there is no order in an epoch that has both.
 */
const isAmbiguous = ({ late, startMs }: OfferedSegment): boolean => late && startMs === undefined

/** The source's instants of the segments right before and right behind each gap: its own place may be later, since a timeline never goes back. */
function createNeighbours(log: Log, byId: ReadonlyMap<number, OfferedSegment>) {
  const stored = log.stored.flatMap(({ id, epoch }) => {
    const { mediaSequence, startMs } = byId.get(id) ?? {}
    return startMs === undefined || mediaSequence === undefined
      ? []
      : [{ epoch, mediaSequence, startMs }]
  })
  return (row: Log['gaps'][number]) => {
    const behind = stored.find(
      ({ epoch, mediaSequence }) =>
        epoch === row.epoch && mediaSequence === row.mediaSequence + row.count,
    )
    if (behind === undefined) return undefined
    const before = stored.filter(
      ({ mediaSequence, startMs }) =>
        mediaSequence === row.mediaSequence - 1 && startMs < behind.startMs,
    )
    const fromMs = Math.max(...before.map(({ startMs }) => startMs))
    return { fromMs: before.length === 0 ? Infinity : fromMs, toMs: behind.startMs }
  }
}

function createGapCheck(log: Log, byId: ReadonlyMap<number, OfferedSegment>) {
  const runsOf = runsOfEpochs(log, byId)
  const storedRuns = new Set(log.stored.map(({ id }) => byId.get(id)?.run))
  const neighboursOf = createNeighbours(log, byId)
  const neighbours = new Map(log.gaps.map((row) => [row, neighboursOf(row)]))
  const isGapOf = (segment: OfferedSegment, row: Log['gaps'][number]) => {
    const { run, mediaSequence, gap, startMs } = segment
    // By the clock, a gap is for all that was on while it lasts, and between its neighbours, whatever was its number.
    const endMs = row.startMs + row.durationSec * 1000
    const { fromMs, toMs } = neighbours.get(row) ?? { fromMs: Infinity, toMs: 0 }
    const isThen =
      startMs !== undefined &&
      ((startMs >= row.startMs && startMs < endMs) || (startMs > fromMs && startMs < toMs))
    const isNumbered =
      mediaSequence >= row.mediaSequence && mediaSequence < row.mediaSequence + row.count
    // Where nothing of a run is stored, nothing tells in which epoch it was.
    const isOfRun =
      !storedRuns.has(run) || (runsOf.get(row.epoch)?.has(run) ?? true) || isAmbiguous(segment)
    return isThen || (isNumbered && (isOfRun || (gap && row.cause === 'source-gap')))
  }
  return (segment: OfferedSegment) => log.gaps.some((row) => isGapOf(segment, row))
}

/** Compares a log with what the source has offered. */
export function findFaults(offered: readonly OfferedSegment[], log: Log): Faults {
  const byId = new Map(offered.map((segment) => [segment.id, segment]))
  const ids = log.stored.map(({ id }) => id)
  const storedIds = new Set(ids)
  const isGap = createGapCheck(log, byId)
  const runsOf = runsOfEpochs(log, byId)
  // What never came at the very end is left to a later session.
  const newest = Math.max(...ids)
  const lastOf = new Map<number, number>()
  const disordered = log.stored.flatMap(({ id, epoch }) => {
    const segment = byId.get(id)
    const isOfAnother = (runsOf.get(epoch)?.size ?? 0) > 1
    if (segment !== undefined && isAmbiguous(segment) && isOfAnother) return []
    const { run = -1, mediaSequence = -1 } = segment ?? {}
    const before = lastOf.get(run) ?? -1
    lastOf.set(run, mediaSequence)
    return mediaSequence <= before ? [id] : []
  })
  return {
    twice: ids.length === storedIds.size ? [] : ids.filter((id, at) => ids.indexOf(id) !== at),
    unknown: ids.filter((id) => !byId.has(id)),
    unaccounted: offered.filter((one) => one.id < newest && !storedIds.has(one.id) && !isGap(one)),
    disordered,
  }
}
