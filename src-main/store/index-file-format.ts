import { endianness } from 'node:os'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { CHUNK_ROWS, COLUMNS, memoryBytes, type Piece } from './columns'
import { causeCodes, clockCodes, extensionCodes, kindCodes, reasonCodes } from './row-codes'
import { openLine, sealLine } from './sealed-line'

/** Of the file beside a log. */
export const INDEX_FILE_NAME = 'segments.index'
/** The name that it has while it is written; what a crash leaves of it is written over. */
export const NEW_INDEX_FILE_NAME = `${INDEX_FILE_NAME}.new`

const MARK = 'vsr-index'
const FORMAT_VERSION = 1
/** A head is never longer. */
export const MOST_HEAD_BYTES = 512

/** What the numbers in the columns mean: an index file of other columns, words or byte order is none. */
const MEANING = crc32(
  JSON.stringify([
    COLUMNS.map(([name, Type]) => [name, Type.name]),
    CHUNK_ROWS,
    [kindCodes, extensionCodes, causeCodes, reasonCodes, clockCodes].map(({ words }) => words),
    endianness(),
  ]),
)

const count = z.number().int().nonnegative()
const headSchema = z.tuple([
  z.literal(MARK),
  z.literal(FORMAT_VERSION),
  z.literal(MEANING),
  count,
  count,
  count,
  count,
])
const tableSchema = z.array(z.tuple([count, count, count, count]))

/** The first line of an index file. */
export interface IndexHead {
  /** How much of the log it stands for, in bytes. */
  readonly logBytes: number
  /** CRC-32 of that much of the log. */
  readonly logCrc: number
  /** Of the line behind this one: the table of the pieces. */
  readonly tableBytes: number
  /** Of the lines behind the table: rows that have no place in columns. */
  readonly linesBytes: number
}

export const encodeHead = ({ logBytes, logCrc, tableBytes, linesBytes }: IndexHead): Buffer =>
  Buffer.from(sealLine([MARK, FORMAT_VERSION, MEANING, logBytes, logCrc, tableBytes, linesBytes]))

/** @param line without its newline. @returns undefined for anything else than an undamaged head of this format. */
export function decodeHead(line: string): IndexHead | undefined {
  const read = headSchema.safeParse(openLine(line))
  if (!read.success) return undefined
  const [, , , logBytes, logCrc, tableBytes, linesBytes] = read.data
  return { logBytes, logCrc, tableBytes, linesBytes }
}

/** A piece without its memory, whose CRC-32 it names instead. */
export interface PieceHead extends Omit<Piece, 'memory'> {
  readonly crc: number
}

export const encodeTable = (pieces: readonly PieceHead[]): Buffer =>
  Buffer.from(sealLine(pieces.map(({ rows, capacity, own, crc }) => [rows, capacity, own, crc])))

/** @returns undefined for a table that is damaged. */
export function decodeTable(line: string): readonly PieceHead[] | undefined {
  const read = tableSchema.safeParse(openLine(line))
  return read.success
    ? read.data.map(([rows, capacity, own, crc]) => ({ rows, capacity, own, crc }))
    : undefined
}

/** Bytes of all that stands behind the head. */
export const bytesBehindHead = (
  { tableBytes, linesBytes }: IndexHead,
  pieces: readonly PieceHead[],
): number =>
  pieces.reduce(
    (sum, { capacity, own }) => sum + memoryBytes(capacity, own),
    tableBytes + linesBytes,
  )
