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

function createGapCheck(log: Log, byId: ReadonlyMap<number, OfferedSegment>) {
  const runsOf = runsOfEpochs(log, byId)
  const storedRuns = new Set(log.stored.map(({ id }) => byId.get(id)?.run))
  const isGapOf = (segment: OfferedSegment, row: Log['gaps'][number]) => {
    const { run, mediaSequence, gap, startMs } = segment
    // By the clock, a gap is for all that was on while it lasts, whatever was its number.
    const endMs = row.startMs + row.durationSec * 1000
    const isThen = startMs !== undefined && startMs >= row.startMs && startMs < endMs
    const isNumbered =
      mediaSequence >= row.mediaSequence && mediaSequence < row.mediaSequence + row.count
    // Where nothing of a run is stored, nothing tells in which epoch it was.
    const isOfRun = !storedRuns.has(run) || (runsOf.get(row.epoch)?.has(run) ?? true)
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
  // What never came at the very end is left to a later session.
  const newest = Math.max(...ids)
  const lastOf = new Map<number, number>()
  const disordered = ids.filter((id) => {
    const { run = -1, mediaSequence = -1 } = byId.get(id) ?? {}
    const before = lastOf.get(run) ?? -1
    lastOf.set(run, mediaSequence)
    return mediaSequence <= before
  })
  return {
    twice: ids.length === storedIds.size ? [] : ids.filter((id, at) => ids.indexOf(id) !== at),
    unknown: ids.filter((id) => !byId.has(id)),
    unaccounted: offered.filter((one) => one.id < newest && !storedIds.has(one.id) && !isGap(one)),
    disordered,
  }
}
