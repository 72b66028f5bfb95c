import type { Piece } from './columns'
import { coversIndex, indexesOf } from './gap-parts'
import { lastUpTo, placeOfLate } from './late-patches'
import { createLateView } from './late-view'
import type { LateSegment, Row, SegmentIndex, SegmentRow } from './model'
import { createSegmentIndex } from './segment-index'

/** Views of earlier moments that are kept at hand: one for each player that began at another moment. */
const MOST_VIEWS = 8

/** The rows of one track while its log is open: those in order, and the segments that came late. */
export interface TrackIndex {
  /** Rows in the order of the log, without the late segments: only ever longer. */
  readonly told: SegmentIndex
  /** Each row at its place in time. Another object after each late segment. */
  readonly current: SegmentIndex
  /** With the late segments up to this number only. */
  asOf(lateNumber: number): SegmentIndex
  /** In the order in which they came. */
  readonly lates: readonly SegmentRow[]
  /** The index that the next row in order gets. */
  readonly nextIndex: number
  /** Whether `push` would take the row. */
  accepts(row: Row): boolean
  /** Throws RangeError for a row that follows none and fits into no gap. */
  push(row: Row): void
  /** The rows in order as a file holds them. */
  pieces(): readonly Piece[]
  /** As if the rows of a piece were pushed. Throws RangeError where they do not fit; the index is of no use then. */
  adopt(piece: Piece): void
}

export function createTrackIndex(): TrackIndex {
  const told = createSegmentIndex()
  const lates: SegmentRow[] = []
  const lateIndexes = new Set<number>()
  const views = new Map<number, SegmentIndex>()
  let lastNumber = 0
  let nextIndex = 0

  const isLate = (row: Row): row is SegmentRow => row.kind === 'segment' && row.late !== undefined
  const asOf = (lateNumber: number): SegmentIndex => {
    const shown = lates.filter(({ late }) => (late?.number ?? 0) <= lateNumber)
    const number = shown.reduce((most, { late }) => Math.max(most, late?.number ?? 0), 0)
    if (number === 0) return told
    const known = views.get(number)
    if (known !== undefined) return known
    const view = createLateView(
      told,
      shown.toSorted((a, b) => a.index - b.index),
    )
    views.set(number, view)
    const oldest = views.keys().next().value
    if (views.size > MOST_VIEWS && oldest !== undefined) views.delete(oldest)
    return view
  }
  const accepts = (row: Row): boolean =>
    isLate(row)
      ? !lateIndexes.has(row.index) && placeOfLate(told, row) !== undefined
      : told.accepts(row)
  let current: SegmentIndex | undefined = told

  return {
    told,
    get current() {
      current ??= asOf(lastNumber)
      return current
    },
    asOf: (lateNumber) => (lates.length === 0 ? told : asOf(lateNumber)),
    lates,
    get nextIndex() {
      return nextIndex
    },
    accepts,
    push(row) {
      if (!isLate(row)) {
        told.push(row)
        nextIndex = row.index + indexesOf(row)
        return
      }
      if (!accepts(row)) throw new RangeError(`row ${row.index} fits into no gap`)
      lates.push(row)
      lateIndexes.add(row.index)
      lastNumber = Math.max(lastNumber, row.late?.number ?? 0)
      nextIndex = Math.max(nextIndex, row.index + 1)
      current = undefined
    },
    pieces: () => told.pieces(),
    adopt(piece) {
      told.adopt(piece)
      if (told.length === 0) return
      const last = told.rowAt(told.length - 1)
      nextIndex = last.index + indexesOf(last)
    },
  }
}

/**
 * Index and start of a late segment: it is one of those that a gap, or a part of one, was made of, and lies within it.
 * Throws RangeError where it does not.
 */
export function latePlace(
  index: SegmentIndex,
  late: LateSegment,
): { readonly index: number; readonly startMs: number } {
  const position = index.positionOf(late.gapIndex)
  const gap = position === undefined ? undefined : index.rowAt(position)
  const own = late.gapIndex + late.mediaSequence - (gap?.kind === 'gap' ? gap.mediaSequence : 0)
  if (
    position === undefined ||
    gap?.kind !== 'gap' ||
    gap.epoch !== late.epoch ||
    !coversIndex(gap, own) ||
    !hasRoom(index, position, own)
  ) {
    throw new RangeError(`segment ${late.mediaSequence} is not missing in gap ${late.gapIndex}`)
  }
  const latestMs =
    position + 1 < index.length ? index.startMsAt(position + 1) : Number.POSITIVE_INFINITY
  return {
    index: own,
    startMs: Math.min(latestMs, Math.max(gap.startMs, Math.round(late.startMs))),
  }
}

/** Gaps of logs of an earlier VSR took one index only, whatever their length. */
function hasRoom(index: SegmentIndex, position: number, own: number): boolean {
  return position + 1 >= index.length || lastUpTo(index, own) === position
}
