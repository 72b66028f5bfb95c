import {
  BLOCK_ROWS,
  blockOf,
  type Chunk,
  cell,
  chunkForAppend,
  chunkOf,
  chunkOfPiece,
  keyIndexAt,
  packLast,
  type Piece,
  piecesOf,
  placeOf,
} from './columns'
import { createFiguresSum, endMsOf } from './figures'
import { firstWhere } from './first-where'
import type { Figures, Row, SegmentIndex, SegmentRow } from './model'
import { holdsRow, readRow, writeRow } from './row-cells'
import { extensionCodes, kindCodes } from './row-codes'

/** The index of one track while its log is open: rows are added at the end only. */
export interface GrowingIndex extends SegmentIndex {
  /** Throws RangeError where the index does not grow or the start goes back: the caller made it so. */
  push(row: Row): void
  /** Whether `push` would take the row. */
  accepts(row: Row): boolean
  /** All rows as a file holds them. */
  pieces(): readonly Piece[]
  /**
   * As if the rows of a piece were pushed. Throws RangeError where they are no rows, do not follow, or the counts beside them are wrong; the
   * index is of no use then.
   */
  adopt(piece: Piece): void
}

/** A row comes after another when its index is greater and its start is not earlier. */
export const follows = (
  row: Pick<Row, 'index' | 'startMs'>,
  previous: Pick<Row, 'index' | 'startMs'>,
): boolean => row.index > previous.index && row.startMs >= previous.startMs

const SEGMENT = kindCodes.codeOf('segment')
const INIT = kindCodes.codeOf('init')

type PutCount = (column: Uint32Array | Float64Array, at: number, value: number) => void
const write: PutCount = (column, at, value) => {
  column[at] = value
}
const compare: PutCount = (column, at, value) => {
  if (column[at] !== value) throw new RangeError(`a count is wrong at place ${at} of a piece`)
}

const nothingCounted: { -readonly [K in keyof SegmentRow]: SegmentRow[K] } = {
  kind: 'segment',
  index: 0,
  epoch: 0,
  startMs: 0,
  durationSec: 0,
  mediaSequence: 0,
  discontinuitySequence: 0,
  extension: 'ts',
  bytes: 0,
  checksum: 0,
  initIndex: -1,
}

/**
 * Columns over the rows of one track: 30 to 45 bytes a row (4 more where segments need keys), nothing allocated by a read.
 *
 * Breaks: what stands between two segments counts once, be it one discontinuity row, several, gap
 * rows, or a mixture; so a playlist writer puts exactly one EXT-X-DISCONTINUITY there. A break is
 * counted from the segment that follows it on, and what stands before the first segment is none.
 */
export function createSegmentIndex(): GrowingIndex {
  const chunks: Chunk[] = []
  const sum = createFiguresSum()
  let length = 0
  let segments = 0
  let breaks = 0
  let breakPending = false
  // An object's numbers change in place; a variable that closures share would be allocated anew each time.
  const last = { index: -1, startMs: 0, endMs: Number.NEGATIVE_INFINITY }
  const longest = { segmentSec: 0 }
  let figures: Figures | undefined
  const counted = { ...nothingCounted }

  const chunkAt = (position: number): Chunk => {
    const chunk = position < length ? chunks[chunkOf(position)] : undefined
    if (chunk === undefined) throw new RangeError(`no row at position ${position} of ${length}`)
    return chunk
  }
  const startMsAt = (position: number): number => cell(chunkAt(position).startMs, placeOf(position))
  const indexAt = (position: number): number => cell(chunkAt(position).index, placeOf(position))
  const endsAfter = (position: number, ms: number): boolean => {
    const chunk = chunkAt(position)
    const at = placeOf(position)
    return (
      cell(chunk.kind, at) < INIT &&
      endMsOf(cell(chunk.startMs, at), cell(chunk.durationSec, at)) > ms
    )
  }
  const blockEndMs = (block: number): number => {
    const first = block * BLOCK_ROWS
    return cell(chunkAt(first).blockEndMs, blockOf(placeOf(first)))
  }

  const accepts = (row: Row): boolean => follows(row, last)
  /** What is counted of a segment, the same object each time. */
  const countedAt = (chunk: Chunk, at: number): SegmentRow => {
    counted.index = cell(chunk.index, at)
    counted.startMs = cell(chunk.startMs, at)
    counted.durationSec = cell(chunk.durationSec, at)
    counted.bytes = cell(chunk.size, at)
    return counted
  }

  /**
   * The counters of a row are those before it, but a segment's break is counted with the segment.
   * @param put notes a count in a column.
   */
  const count = (row: Row, chunk: Chunk, at: number, put: PutCount): void => {
    if (row.kind === 'segment' && breakPending) {
      if (segments > 0) breaks += 1
      breakPending = false
    }
    put(chunk.segmentsBefore, at, segments)
    put(chunk.breaksBefore, at, breaks)
    if (row.kind === 'segment') {
      segments += 1
      longest.segmentSec = Math.max(longest.segmentSec, row.durationSec)
    }
    if (row.kind === 'gap' || row.kind === 'discontinuity') breakPending = true
    if (row.kind === 'segment' || row.kind === 'gap') {
      last.endMs = Math.max(last.endMs, endMsOf(row.startMs, row.durationSec))
    }
    sum.add(row)
    last.index = row.index
    last.startMs = row.startMs
    length += 1
  }

  return {
    get length() {
      return length
    },
    get figures() {
      figures ??= sum.current()
      return figures
    },
    get longestSec() {
      return longest.segmentSec
    },
    lateNumber: 0,
    kindAt: (position) => kindCodes.wordAt(cell(chunkAt(position).kind, placeOf(position))),
    startMsAt,
    durationSecAt: (position) => cell(chunkAt(position).durationSec, placeOf(position)),
    indexAt,
    initIndexAt(position) {
      const chunk = chunkAt(position)
      const at = placeOf(position)
      return cell(chunk.kind, at) === SEGMENT ? cell(chunk.initIndex, at) : -1
    },
    keyIndexAt(position) {
      const chunk = chunkAt(position)
      const at = placeOf(position)
      return cell(chunk.kind, at) === SEGMENT ? keyIndexAt(chunk, at) : -1
    },
    extensionAt(position) {
      const chunk = chunkAt(position)
      const at = placeOf(position)
      const kind = cell(chunk.kind, at)
      return kind === SEGMENT || kind === INIT
        ? extensionCodes.wordAt(cell(chunk.detail, at))
        : undefined
    },
    segmentsBefore: (position) =>
      position >= length ? segments : cell(chunkAt(position).segmentsBefore, placeOf(position)),
    discontinuitiesBefore: (position) =>
      position >= length ? breaks : cell(chunkAt(position).breaksBefore, placeOf(position)),
    firstEndingAfter(ms) {
      const blocks = Math.ceil(length / BLOCK_ROWS)
      const block = firstWhere(0, blocks, (at) => blockEndMs(at) > ms)
      for (let at = block * BLOCK_ROWS; at < length; at += 1) if (endsAfter(at, ms)) return at
      return length
    },
    firstStartingAt: (ms) => firstWhere(0, length, (at) => startMsAt(at) >= ms),
    positionOf(index) {
      const position = firstWhere(0, length, (at) => indexAt(at) >= index)
      return position < length && indexAt(position) === index ? position : undefined
    },
    rowAt: (position) => readRow(chunkAt(position), placeOf(position)),
    accepts,
    push(row) {
      if (!accepts(row)) throw new RangeError(`row ${row.index} does not follow the row before it`)
      const chunk = chunkForAppend(chunks, length)
      const at = placeOf(length)
      writeRow(chunk, at, row)
      count(row, chunk, at, write)
      chunk.blockEndMs[blockOf(at)] = last.endMs
      if (placeOf(length) === 0) packLast(chunks)
      figures = undefined
    },
    pieces: () => piecesOf(chunks, length),
    adopt(piece) {
      if (placeOf(length) !== 0) throw new RangeError('a piece follows full ones only')
      const chunk = chunkOfPiece(piece, chunks.at(-1))
      chunks.push(chunk)
      for (let at = 0; at < piece.rows; at += 1) {
        if (!holdsRow(chunk, at)) throw new RangeError(`no row at place ${at} of a piece`)
        const row = cell(chunk.kind, at) === SEGMENT ? countedAt(chunk, at) : readRow(chunk, at)
        if (!accepts(row)) throw new RangeError(`row ${row.index} does not follow`)
        count(row, chunk, at, compare)
        const endsBlock = at === piece.rows - 1 || blockOf(at + 1) > blockOf(at)
        if (endsBlock) compare(chunk.blockEndMs, blockOf(at), last.endMs)
      }
      figures = undefined
    },
  }
}
