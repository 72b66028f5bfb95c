import { crc32Range } from './crc32-range'
import type { SegmentRow } from './model'
import { extensionCodes } from './row-codes'
import { LAST_MS, ROW_VERSION, UINT32_MAX } from './segment-row'

const COMMA = 44
const MINUS = 45
const DOT = 46
const ZERO = 48
const NINE = 57
const CLOSE = 93
const NEWLINE = 10

const PREFIX = Buffer.from(`[${ROW_VERSION},"s",`)
const extensions = extensionCodes.words.map((word) => Buffer.from(`"${word}",`))
const POWERS_OF_TEN = Float64Array.from({ length: 17 }, (_, power) => 10 ** power)

/** The numbers of a line in their order, the extension left out, with what each may be. */
const SAFE = Number.MAX_SAFE_INTEGER
const DURATION = 3
const DISCONTINUITY_SEQUENCE = 5
const CRC = 9
const LOWEST = Float64Array.of(0, 0, 0, 0, -1, -1, 0, 0, -1, 0)
const HIGHEST = Float64Array.of(
  UINT32_MAX,
  UINT32_MAX,
  LAST_MS,
  1e10,
  SAFE,
  SAFE,
  UINT32_MAX,
  UINT32_MAX,
  0x7fff_ffff,
  UINT32_MAX,
)
/** Behind the numbers: the extension's code, and where the text ends that the CRC is over. */
const EXTENSION = 10
const CRC_END = 11

type Writable<T> = { -readonly [K in keyof T]: T[K] }

export interface SegmentLineReader {
  /** The row of the last successful `read`; the same object each time. */
  readonly row: SegmentRow
  /**
   * Reads the segment line that starts at `from` and ends, newline included, before `to`. Returns the
   * position after it, or -1 for anything else than a plain, whole, undamaged segment line: ask
   * `decodeRow` about that.
   */
  read(bytes: Uint8Array, from: number, to: number): number
}

/**
 * Reads segment lines in one pass, without making an object or a string of any: opening a log is
 * mostly this. It must agree with `decodeRow`; a property test holds it to that.
 */
export function createSegmentLineReader(): SegmentLineReader {
  const row: Writable<SegmentRow> = {
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
  const values = new Float64Array(CRC_END + 1)
  const valueAt = (field: number): number => values[field] ?? 0
  return {
    row,
    read(bytes, from, to) {
      if (!startsWith(bytes, from, PREFIX)) return -1
      const end = scanLine(bytes, from + PREFIX.length, values)
      if (end < 0 || end + 1 >= to || bytes[end + 1] !== NEWLINE) return -1
      if (crc32Range(bytes, from, valueAt(CRC_END)) !== valueAt(CRC)) return -1
      row.index = valueAt(0)
      row.epoch = valueAt(1)
      row.startMs = valueAt(2)
      row.durationSec = valueAt(DURATION)
      row.mediaSequence = valueAt(4)
      row.discontinuitySequence = valueAt(DISCONTINUITY_SEQUENCE)
      row.extension = extensionCodes.wordAt(valueAt(EXTENSION))
      row.bytes = valueAt(6)
      row.checksum = valueAt(7)
      row.initIndex = valueAt(8)
      return end + 2
    },
  }
}

/** Puts what stands behind the prefix into `values`; returns the position of the line's `]`, or -1. */
function scanLine(bytes: Uint8Array, from: number, values: Float64Array): number {
  let at = from
  for (let field = 0; field < CRC; field += 1) {
    at = scanNumber(bytes, at, field, values)
    if (at < 0 || bytes[at] !== COMMA) return -1
    at += 1
    if (field === DISCONTINUITY_SEQUENCE) {
      const code = extensionAt(bytes, at)
      if (code < 0) return -1
      values[EXTENSION] = code
      at += extensions[code]?.length ?? 0
    }
  }
  values[CRC_END] = at - 1
  at = scanNumber(bytes, at, CRC, values)
  return at >= 0 && bytes[at] === CLOSE ? at : -1
}

/** Puts the number that stands there into its place in `values`; returns the position behind it, or -1. */
function scanNumber(bytes: Uint8Array, from: number, field: number, values: Float64Array): number {
  let at = from
  let byte = bytes[at] ?? 0
  const negative = byte === MINUS
  if (negative) {
    at += 1
    byte = bytes[at] ?? 0
  }
  const first = at
  let value = 0
  while (byte >= ZERO && byte <= NINE) {
    value = value * 10 + (byte - ZERO)
    at += 1
    byte = bytes[at] ?? 0
  }
  // More digits than a number can hold, or `007`, are for the strict reader to judge.
  if (at === first || at - first > 15) return -1
  if (bytes[first] === ZERO && at - first > 1) return -1
  if (field === DURATION && byte === DOT) {
    const dot = at
    at += 1
    byte = bytes[at] ?? 0
    while (byte >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO)
      at += 1
      byte = bytes[at] ?? 0
    }
    if (at === dot + 1 || at - first > 16) return -1
    value /= POWERS_OF_TEN[at - dot - 1] ?? 1
  }
  if (negative) value = -value
  if (!(value >= (LOWEST[field] ?? 0) && value <= (HIGHEST[field] ?? 0))) return -1
  values[field] = value
  return at
}

/** Code of the extension that stands there in quotation marks, a comma behind it; -1 for none. */
function extensionAt(bytes: Uint8Array, at: number): number {
  for (let code = 0; code < extensions.length; code += 1) {
    if (startsWith(bytes, at, extensions[code] ?? PREFIX)) return code
  }
  return -1
}

function startsWith(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i += 1) if (bytes[at + i] !== expected[i]) return false
  return true
}
