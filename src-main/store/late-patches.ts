import { firstWhere } from './first-where'
import { coversIndex, gapParts } from './gap-parts'
import type { Row, SegmentIndex, SegmentRow } from './model'

/** Rows that stand in an index where another has a gap. */
export interface Patch {
  /** Position of what it takes the place of, in the index as told. */
  readonly at: number
  /** 1 = of the gap there; 0 = of nothing: the gap's own row was damaged, and the rows stand before this position. */
  readonly takes: 0 | 1
  /** Never empty. */
  readonly rows: readonly Row[]
}

/** Position of the last row whose index is not greater; -1 where there is none. O(log n). */
export function lastUpTo(told: SegmentIndex, index: number): number {
  return firstWhere(0, told.length, (at) => told.indexAt(at) > index) - 1
}

/** Where a late segment belongs; undefined where it fits nowhere, since something else has its index or its time. */
export function placeOfLate(
  told: SegmentIndex,
  { index, startMs }: Pick<SegmentRow, 'index' | 'startMs'>,
): Pick<Patch, 'at' | 'takes'> | undefined {
  const at = lastUpTo(told, index)
  if (at < 0 || index < told.gone.before) return undefined
  const isInTime =
    startMs >= told.startMsAt(at) && (at + 1 === told.length || startMs <= told.startMsAt(at + 1))
  if (!isInTime) return undefined
  if (told.kindAt(at) === 'gap') {
    const row = told.rowAt(at)
    if (row.kind === 'gap' && coversIndex(row, index)) return { at, takes: 1 }
  }
  const isBetween = told.indexAt(at) < index && at + 1 < told.length
  return isBetween ? { at: at + 1, takes: 0 } : undefined
}

/** The patches that late segments make, in order. @param lates ascending by index, each with a place. */
export function patchesOf(told: SegmentIndex, lates: readonly SegmentRow[]): Patch[] {
  const groups: { at: number; takes: 0 | 1; lates: SegmentRow[] }[] = []
  for (const late of lates) {
    const place = placeOfLate(told, late)
    if (place === undefined) continue
    const last = groups.at(-1)
    if (last?.at === place.at && last.takes === place.takes) last.lates.push(late)
    else groups.push({ ...place, lates: [late] })
  }
  return groups.map((group) => {
    const row = group.takes === 1 ? told.rowAt(group.at) : undefined
    const rows = row?.kind === 'gap' ? gapParts(row, group.lates) : group.lates
    return { at: group.at, takes: group.takes, rows }
  })
}
