import {
  BLOCK_ROWS,
  blockOf,
  CHUNK_ROWS,
  type Chunk,
  cell,
  chunkForAppend,
  chunkOf,
  chunkOfPiece,
  copyOfChunk,
  createChunk,
  keyIndexAt,
  packLast,
  type Piece,
  piecesOf,
  placeOf,
} from './columns'
import { createFiguresSum, endMsOf, type FiguresState, withoutFirst } from './figures'
import { firstWhere } from './first-where'
import type { Figures, Gone, LetGoRow, Row, SegmentIndex, SegmentRow } from './model'
import { holdsRow, readRow, writeRow } from './row-cells'
import { extensionCodes, kindCodes } from './row-codes'

/** The index of one track while its log is open: rows are added at the end only. */
export interface GrowingIndex extends SegmentIndex {
  /** Throws RangeError where the index does not grow or the start goes back: the caller made it so. */
  push(row: Row): void
  /** Whether `push` would take the row. */
  accepts(row: Row): boolean
  /** All rows as a file holds them; undefined where some were let go: what is left shares columns with what was there. */
  pieces(): readonly Piece[] | undefined
  /**
   * As if the rows of a piece were pushed. Throws RangeError where they are no rows, do not follow, or the counts beside them are wrong; the
   * index is of no use then.
   */
  adopt(piece: Piece): void
  /**
   * What is left without the rows before a position; O(rows before it). It shares columns with this one, which must not be pushed to from then on.
   *
   * @param position of a segment, or `length`.
   * @param needed positions before it, ascending, of rows without media that stay.
   */
  withoutBefore(position: number, needed: readonly number[], row: LetGoRow): GrowingIndex
}

/** What an index begins with. */
interface Beginning {
  readonly chunks: Chunk[]
  /** Number of the place in the chunks that position 0 has, and of the one behind the last row. */
  readonly first: number
  readonly end: number
  readonly segments: number
  readonly breaks: number
  readonly breakPending: boolean
  readonly last: { readonly index: number; readonly startMs: number; readonly endMs: number }
  readonly longestSec: number
  readonly sum?: FiguresState
  readonly gone: Gone
}

/** A row comes after another when its index is greater and its start is not earlier. */
export const follows = (
  row: Pick<Row, 'index' | 'startMs'>,
  previous: Pick<Row, 'index' | 'startMs'>,
): boolean => row.index > previous.index && row.startMs >= previous.startMs

/** Of a recording that has let go of nothing. */
const nothingGone: Gone = { before: 0, breaks: 0, beside: 0 }

const goneOf = ({ index, breaks, beside }: LetGoRow): Gone => ({ before: index, breaks, beside })

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
 *
 * @param begun what stands at the beginning of the log, where the recording's own was let go.
 */
export function createSegmentIndex(begun?: LetGoRow): GrowingIndex {
  return createIndex({
    chunks: [],
    first: 0,
    end: 0,
    segments: begun?.segments ?? 0,
    breaks: begun?.breaks ?? 0,
    breakPending: false,
    last: { index: -1, startMs: 0, endMs: Number.NEGATIVE_INFINITY },
    longestSec: begun?.longestSec ?? 0,
    gone: begun === undefined ? nothingGone : goneOf(begun),
  })
}

function createIndex(beginning: Beginning): GrowingIndex {
  const { chunks, first, gone } = beginning
  const sum = createFiguresSum(beginning.sum)
  let { segments, breaks, breakPending } = beginning
  let length = beginning.end - first
  // An object's numbers change in place; a variable that closures share would be allocated anew each time.
  const last = { ...beginning.last }
  const longest = { segmentSec: beginning.longestSec }
  let figures: Figures | undefined
  const counted = { ...nothingCounted }

  const chunkAt = (position: number): Chunk => {
    const chunk = position < length ? chunks[chunkOf(first + position)] : undefined
    if (chunk === undefined) throw new RangeError(`no row at position ${position} of ${length}`)
    return chunk
  }
  const placeAt = (position: number): number => placeOf(first + position)
  const startMsAt = (position: number): number => cell(chunkAt(position).startMs, placeAt(position))
  const indexAt = (position: number): number => cell(chunkAt(position).index, placeAt(position))
  const endsAfter = (position: number, ms: number): boolean => {
    const chunk = chunkAt(position)
    const at = placeAt(position)
    return (
      cell(chunk.kind, at) < INIT &&
      endMsOf(cell(chunk.startMs, at), cell(chunk.durationSec, at)) > ms
    )
  }
  const blockEndMs = (block: number): number => {
    const place = block * BLOCK_ROWS
    const column = chunks[chunkOf(place)]?.blockEndMs
    return column === undefined ? Number.NaN : cell(column, blockOf(placeOf(place)))
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
    const isLeft = row.index >= gone.before
    if (isLeft && (row.kind === 'gap' || row.kind === 'discontinuity')) breakPending = true
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
    gone,
    kindAt: (position) => kindCodes.wordAt(cell(chunkAt(position).kind, placeAt(position))),
    startMsAt,
    durationSecAt: (position) => cell(chunkAt(position).durationSec, placeAt(position)),
    indexAt,
    initIndexAt(position) {
      const chunk = chunkAt(position)
      const at = placeAt(position)
      return cell(chunk.kind, at) === SEGMENT ? cell(chunk.initIndex, at) : -1
    },
    keyIndexAt(position) {
      const chunk = chunkAt(position)
      const at = placeAt(position)
      return cell(chunk.kind, at) === SEGMENT ? keyIndexAt(chunk, at) : -1
    },
    extensionAt(position) {
      const chunk = chunkAt(position)
      const at = placeAt(position)
      const kind = cell(chunk.kind, at)
      return kind === SEGMENT || kind === INIT
        ? extensionCodes.wordAt(cell(chunk.detail, at))
        : undefined
    },
    segmentsBefore: (position) =>
      position >= length ? segments : cell(chunkAt(position).segmentsBefore, placeAt(position)),
    discontinuitiesBefore: (position) =>
      position >= length ? breaks : cell(chunkAt(position).breaksBefore, placeAt(position)),
    firstEndingAfter(ms) {
      const blocks = Math.ceil((first + length) / BLOCK_ROWS)
      const block = firstWhere(0, blocks, (at) => blockEndMs(at) > ms)
      let at = Math.min(length, Math.max(0, block * BLOCK_ROWS - first))
      while (at < length && !endsAfter(at, ms)) at += 1
      return at
    },
    firstStartingAt: (ms) => firstWhere(0, length, (at) => startMsAt(at) >= ms),
    positionOf(index) {
      const position = firstWhere(0, length, (at) => indexAt(at) >= index)
      return position < length && indexAt(position) === index ? position : undefined
    },
    rowAt: (position) => readRow(chunkAt(position), placeAt(position)),
    accepts,
    push(row) {
      if (!accepts(row)) throw new RangeError(`row ${row.index} does not follow the row before it`)
      const chunk = chunkForAppend(chunks, first + length)
      const at = placeAt(length)
      writeRow(chunk, at, row)
      count(row, chunk, at, write)
      chunk.blockEndMs[blockOf(at)] = last.endMs
      if (placeAt(length) === 0) packLast(chunks)
      figures = undefined
    },
    pieces: () => (beginning.end === 0 ? piecesOf(chunks, length) : undefined),
    adopt(piece) {
      if (placeAt(length) !== 0) throw new RangeError('a piece follows full ones only')
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
    withoutBefore(position, needed, row) {
      const goneSum = createFiguresSum()
      const stays = new Set(needed)
      for (let at = 0; at < position; at += 1) {
        if (stays.has(at)) continue
        const [chunk, place] = [chunkAt(at), placeAt(at)]
        const isSegment = cell(chunk.kind, place) === SEGMENT
        goneSum.add(isSegment ? countedAt(chunk, place) : readRow(chunk, place))
      }
      const rows = needed.map((at) => readRow(chunkAt(at), placeAt(at)))
      const placed = placeNeeded({ chunks, from: first + position, rows, counts: row })
      // What is gone rarely ends behind what is left.
      const isEndLeft = goneSum.state.endMs < sum.state.endMs
      return createIndex({
        chunks: placed.chunks,
        first: placed.first,
        end: placed.from + length - position,
        segments,
        breaks,
        breakPending,
        last,
        longestSec: longest.segmentSec,
        sum: withoutFirst(sum.state, goneSum.state, {
          startMs: startMsFrom(position),
          endMs: isEndLeft ? sum.state.endMs : endMsFrom(position),
        }),
        gone: goneOf(row),
      })
    },
  }

  /** Of the first segment or gap from a position on. */
  function startMsFrom(position: number): number {
    for (let at = position; at < length; at += 1) {
      if (cell(chunkAt(at).kind, placeAt(at)) < INIT) return startMsAt(at)
    }
    return Number.POSITIVE_INFINITY
  }

  /** Of the segments and gaps from a position on, the last end. */
  function endMsFrom(position: number): number {
    let endMs = Number.NEGATIVE_INFINITY
    for (let at = position; at < length; at += 1) {
      const chunk = chunkAt(at)
      if (cell(chunk.kind, placeAt(at)) >= INIT) continue
      endMs = Math.max(endMs, endMsOf(startMsAt(at), cell(chunk.durationSec, placeAt(at))))
    }
    return endMs
  }
}

/**
 * Columns in which rows stand right before a place, the chunks before it left out. They take the places of others, so the first chunk is a
 * copy; where it has too few places, there is one more before it.
 */
function placeNeeded(options: {
  readonly chunks: readonly Chunk[]
  readonly from: number
  readonly rows: readonly Row[]
  readonly counts: Pick<LetGoRow, 'segments' | 'breaks'>
}): { readonly chunks: Chunk[]; readonly first: number; readonly from: number } {
  const { rows, counts } = options
  const [partly, ...others] = options.chunks.slice(chunkOf(options.from))
  const chunks = partly === undefined ? [] : [copyOfChunk(partly), ...others]
  let from = placeOf(options.from)
  while (from < rows.length) {
    chunks.unshift(createChunk(CHUNK_ROWS))
    from += CHUNK_ROWS
  }
  const first = from - rows.length
  for (const [number, row] of rows.entries()) {
    const at = placeOf(first + number)
    const chunk = chunks[chunkOf(first + number)]
    if (chunk === undefined) continue
    writeRow(chunk, at, row)
    chunk.segmentsBefore[at] = counts.segments
    chunk.breaksBefore[at] = counts.breaks
  }
  return { chunks, first, from }
}
