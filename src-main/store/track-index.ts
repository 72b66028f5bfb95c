import type { Piece } from './columns'
import { firstWhere } from './first-where'
import { coversIndex, indexesOf } from './gap-parts'
import { goneLatesUpTo, withGoneLates } from './gone-lates'
import { lastUpTo, placeOfLate } from './late-patches'
import { createLateView } from './late-view'
import type { FileRow, LateSegment, LetGoRow, Row, SegmentIndex, SegmentRow } from './model'
import { neededBefore } from './needed-rows'
import { createSegmentIndex } from './segment-index'

/** Views of earlier moments that are kept at hand: one for each player that began at another moment. */
const MOST_VIEWS = 8

/** The rows of one track while its log is open: those in order, and the segments that came late. */
export interface TrackIndex {
  /** Rows in the order of the log, without the late segments: only ever longer, but another object when some are let go. */
  readonly told: SegmentIndex
  /** Each row at its place in time. Another object after each late segment, and when some are let go. */
  readonly current: SegmentIndex
  /** With the late segments up to this number only. */
  asOf(lateNumber: number): SegmentIndex
  /** In the order in which they came; those that are left. */
  readonly lates: readonly SegmentRow[]
  /** What was let go; undefined where nothing was. */
  readonly letGo: LetGoRow | undefined
  /** Rows of the log that are gone. */
  readonly goneRows: number
  /** The log was written anew without them. */
  forgetGoneRows(): void
  /** The index that the next row in order gets. */
  readonly nextIndex: number
  /** Whether `push` would take the row. */
  accepts(row: Row): boolean
  /** Throws RangeError for a row that follows none and fits into no gap. */
  push(row: Row): void
  /** The rows in order as a file holds them; undefined where some were let go since the log was begun: only the log knows what may be left of their files. */
  pieces(): readonly Piece[] | undefined
  /** As if the rows of a piece were pushed. Throws RangeError where they do not fit; the index is of no use then. */
  adopt(piece: Piece): void
  /** The row that lets go of what stands before a told position; undefined where that is nothing. */
  letGoAt(position: number, counts: Pick<LetGoRow, 'beside' | 'cleanIndex'>): LetGoRow | undefined
  /**
   * Rows below that one are gone.
   * @returns those of them whose files may still be there. Nothing where it says no more than one before.
   */
  takeLetGo(row: LetGoRow): readonly FileRow[]
}

export function createTrackIndex(): TrackIndex {
  let told = createSegmentIndex()
  let lates: SegmentRow[] = []
  const lateIndexes = new Set<number>()
  const views = new Map<number, SegmentIndex>()
  let lastNumber = 0
  let nextIndex = 0
  let letGo: LetGoRow | undefined
  let goneRows = 0

  const isLate = (row: Row): row is SegmentRow => row.kind === 'segment' && row.late !== undefined
  const asOf = (lateNumber: number): SegmentIndex => {
    const shown = lates.filter(({ late }) => (late?.number ?? 0) <= lateNumber)
    const goneLates = goneLatesUpTo(letGo?.lates ?? [], lateNumber)
    const number = shown.reduce(
      (most, { late }) => Math.max(most, late?.number ?? 0),
      goneLates.number,
    )
    if (number === 0) return told
    const known = views.get(number)
    if (known !== undefined) return known
    const ascending = shown.toSorted((a, b) => a.index - b.index)
    const view = createLateView(told, ascending, goneLates)
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
    get told() {
      return told
    },
    get current() {
      current ??= asOf(lastNumber)
      return current
    },
    asOf: (lateNumber) => (lastNumber === 0 ? told : asOf(lateNumber)),
    get lates() {
      return lates
    },
    get letGo() {
      return letGo
    },
    get goneRows() {
      return goneRows
    },
    forgetGoneRows() {
      goneRows = 0
    },
    get nextIndex() {
      return nextIndex
    },
    accepts,
    push(row) {
      if (!isLate(row)) {
        told.push(row)
        nextIndex = Math.max(nextIndex, row.index + indexesOf(row))
        return
      }
      if (!accepts(row)) throw new RangeError(`row ${row.index} fits into no gap`)
      lates.push(row)
      lateIndexes.add(row.index)
      lastNumber = Math.max(lastNumber, row.late?.number ?? 0)
      nextIndex = Math.max(nextIndex, row.index + 1)
      current = undefined
    },
    pieces: () => (goneRows === 0 ? told.pieces() : undefined),
    adopt(piece) {
      told.adopt(piece)
      if (told.length === 0) return
      const last = told.rowAt(told.length - 1)
      nextIndex = last.index + indexesOf(last)
    },
    letGoAt(position, { beside, cleanIndex }) {
      if (!hasMediaBefore(told, position)) return undefined
      const index = position < told.length ? told.indexAt(position) : nextIndex
      const { longestSec } = told
      const segments = told.segmentsBefore(position)
      const breaks = told.discontinuitiesBefore(position)
      return {
        kind: 'let-go',
        index,
        cleanIndex,
        segments,
        breaks,
        beside,
        longestSec,
        lates: withGoneLates({
          lates: letGo?.lates ?? [],
          numbers: lates.flatMap((row) => (row.index < index ? (row.late?.number ?? 0) : [])),
          countsOf(number) {
            const view = asOf(number)
            const place = view.positionOf(index) ?? view.length
            return {
              segments: view.segmentsBefore(place) - segments,
              breaks: view.discontinuitiesBefore(place) - breaks,
            }
          },
        }),
      }
    },
    takeLetGo(row) {
      if (row.index <= (letGo?.index ?? 0)) return []
      const isBeginning = told.length === 0
      const position = firstWhere(0, told.length, (at) => told.indexAt(at) >= row.index)
      const gone: FileRow[] = []
      if (isBeginning) told = createSegmentIndex(row)
      else {
        const left = lates.filter(({ index }) => index >= row.index)
        const needed = neededBefore(told, position, left)
        const stays = new Set(needed)
        for (let at = 0; at < position; at += 1) {
          const isClean = told.kindAt(at) === 'segment' && told.indexAt(at) < row.cleanIndex
          const file = isClean || stays.has(at) ? undefined : fileRowAt(told, at)
          if (file !== undefined) gone.push(file)
        }
        for (const late of lates) {
          if (late.index < row.index && late.index >= row.cleanIndex) gone.push(late)
        }
        goneRows += position - needed.length + lates.length - left.length
        told = told.withoutBefore(position, needed, row)
        lates = left
        lateIndexes.clear()
        for (const { index } of left) lateIndexes.add(index)
      }
      letGo = row
      lastNumber = Math.max(lastNumber, row.lates.at(-1)?.number ?? 0)
      nextIndex = Math.max(nextIndex, row.index)
      views.clear()
      current = undefined
      return gone
    },
  }
}

function hasMediaBefore(told: SegmentIndex, position: number): boolean {
  for (let at = 0; at < position; at += 1) {
    const kind = told.kindAt(at)
    if (kind === 'segment' || kind === 'gap') return true
  }
  return false
}

function fileRowAt(told: SegmentIndex, position: number): FileRow | undefined {
  const kind = told.kindAt(position)
  if (kind === 'gap' || kind === 'discontinuity') return undefined
  const row = told.rowAt(position)
  return row.kind === 'gap' || row.kind === 'discontinuity' ? undefined : row
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
