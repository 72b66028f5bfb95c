import { crc32 } from 'node:zlib'
import type { SegmentRow } from './model'
import { extensionCodes } from './row-codes'
import { LAST_MS, ROW_VERSION, UINT32_MAX } from './segment-row'

const COMMA = 44
const MINUS = 45
const DOT = 46
const ZERO = 48
const CLOSE = 93
const NEWLINE = 10

const PREFIX = Buffer.from(`[${ROW_VERSION},"s",`)
const extensions = extensionCodes.words.map((word) => ({ word, bytes: Buffer.from(`"${word}",`) }))

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

const startsWith = (bytes: Uint8Array, at: number, expected: Uint8Array): boolean => {
  for (let i = 0; i < expected.length; i += 1) if (bytes[at + i] !== expected[i]) return false
  return true
}

/** 0 to 9, or more for anything that is no digit. */
const digitAt = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) - ZERO) >>> 0

/** Apart from the scanning loop: a closure over its counter would make the loop ten times slower. */
const extensionAt = (bytes: Uint8Array, at: number): (typeof extensions)[number] | undefined =>
  extensions.find((extension) => startsWith(bytes, at, extension.bytes))

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
  const values = new Float64Array(CRC + 1)

  /** Puts all numbers of the line into `values`; returns the position of its `]`, or -1. */
  const scan = (bytes: Uint8Array, from: number, to: number): number => {
    let at = from
    for (let field = 0; field <= CRC; field += 1) {
      const negative = bytes[at] === MINUS
      if (negative) at += 1
      const first = at
      let value = 0
      let digit = digitAt(bytes, at)
      while (digit < 10 && at < to) {
        value = value * 10 + digit
        at += 1
        digit = digitAt(bytes, at)
      }
      // More digits than a number can hold, or `007`, are for the strict reader to judge.
      if (at === first || at - first > 15) return -1
      if (bytes[first] === ZERO && at - first > 1) return -1
      if (field === DURATION && bytes[at] === DOT) {
        const dot = at
        at += 1
        digit = digitAt(bytes, at)
        while (digit < 10 && at < to) {
          value = value * 10 + digit
          at += 1
          digit = digitAt(bytes, at)
        }
        if (at === dot + 1 || at - first > 16) return -1
        value /= 10 ** (at - dot - 1)
      }
      if (negative) value = -value
      if (!(value >= (LOWEST[field] ?? 0) && value <= (HIGHEST[field] ?? 0))) return -1
      values[field] = value
      if (field === CRC) return bytes[at] === CLOSE ? at : -1
      if (bytes[at] !== COMMA) return -1
      at += 1
      if (field === DISCONTINUITY_SEQUENCE) {
        const found = extensionAt(bytes, at)
        if (found === undefined) return -1
        row.extension = found.word
        at += found.bytes.length
      }
    }
    return -1
  }
  const lastComma = (bytes: Uint8Array, end: number): number => {
    let at = end
    while (bytes[at] !== COMMA) at -= 1
    return at
  }
  const numberAt = (field: number): number => values[field] ?? 0

  return {
    row,
    read(bytes, from, to) {
      if (!startsWith(bytes, from, PREFIX)) return -1
      const end = scan(bytes, from + PREFIX.length, to - 1)
      if (end < 0 || bytes[end + 1] !== NEWLINE) return -1
      if (crc32(bytes.subarray(from, lastComma(bytes, end))) !== numberAt(CRC)) return -1
      row.index = numberAt(0)
      row.epoch = numberAt(1)
      row.startMs = numberAt(2)
      row.durationSec = numberAt(DURATION)
      row.mediaSequence = numberAt(4)
      row.discontinuitySequence = numberAt(DISCONTINUITY_SEQUENCE)
      row.bytes = numberAt(6)
      row.checksum = numberAt(7)
      row.initIndex = numberAt(8)
      return end + 2
    },
  }
}
