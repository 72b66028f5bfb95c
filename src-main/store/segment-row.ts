import { z } from 'zod'
import { gapCauseSchema } from '../../src-preload/contract/model'
import { fromLetGoLine, LET_GO_ROW_VERSION, letGoLine, toLetGoLine } from './let-go-line'
import type { GapRow, LogRow, SegmentRow } from './model'
import { clockCodes, extensionCodes, reasonCodes } from './row-codes'
import { openLine, sealLine } from './sealed-line'

/** Version of the rows that every build can read. */
export const ROW_VERSION = 1
/**
 * Version of keys and of the segments that need one: a build that knows nothing of them must not take such a
 * segment for one in the clear.
 */
const KEYED_ROW_VERSION = 2
/** Version of late segments: a build that knows nothing of them would take one for a row out of order, and throw it out. */
const LATE_ROW_VERSION = 3
/** Version of gaps whose cause an earlier build does not know: it would throw them out. */
const LOST_ROW_VERSION = 4
/** A row of a later version makes this build refuse the log. */
const LATEST_ROW_VERSION = LET_GO_ROW_VERSION
export const UINT32_MAX = 0xffff_ffff
/** The last instant that a Date can name. */
export const LAST_MS = 8_640_000_000_000_000
/** Longest segment or gap. */
export const MOST_SEC = 1e10

const uint32 = z.number().int().min(0).max(UINT32_MAX)
const index = uint32
const epoch = uint32
const startMs = z.number().int().min(0).max(LAST_MS)
const durationSec = z.number().min(0).max(MOST_SEC)
/** -1 where the source numbers nothing. */
const sequence = z.number().int().min(-1)
const version = z.literal(ROW_VERSION)
const keyedVersion = z.literal(KEYED_ROW_VERSION)
const extension = z.enum(extensionCodes.words)

/** One line of a log is one of these arrays with its CRC-32 as the last element. */
const segmentLine = z.tuple([
  version,
  z.literal('s'),
  index,
  epoch,
  startMs,
  durationSec,
  sequence,
  sequence,
  extension,
  uint32,
  uint32,
  z.number().int().min(-1).max(0x7fff_ffff),
])
const keyedSegmentLine = z.tuple([
  keyedVersion,
  z.literal('s'),
  index,
  epoch,
  startMs,
  durationSec,
  sequence,
  sequence,
  extension,
  uint32,
  uint32,
  z.number().int().min(-1).max(0x7fff_ffff),
  z.number().int().min(0).max(0x7fff_ffff),
])
const lateSegmentLine = z.tuple([
  z.literal(LATE_ROW_VERSION),
  z.literal('s'),
  index,
  epoch,
  startMs,
  durationSec,
  sequence,
  sequence,
  extension,
  uint32,
  uint32,
  z.number().int().min(-1).max(0x7fff_ffff),
  z.number().int().min(-1).max(0x7fff_ffff),
  z.number().int().min(1).max(UINT32_MAX),
  z.union([z.literal(0), z.literal(1)]),
])
const keyLine = z.tuple([
  keyedVersion,
  z.literal('k'),
  index,
  epoch,
  startMs,
  z.string().regex(/^([0-9a-f]{32})?$/),
  uint32,
  uint32,
])
const gapLine = z.tuple([
  version,
  z.literal('g'),
  index,
  epoch,
  startMs,
  durationSec,
  sequence,
  sequence,
  gapCauseSchema.exclude(['damaged']),
  uint32,
])
const lostGapLine = z.tuple([
  z.literal(LOST_ROW_VERSION),
  z.literal('g'),
  index,
  epoch,
  startMs,
  durationSec,
  sequence,
  sequence,
  z.literal('damaged'),
  uint32,
])
const initLine = z.tuple([
  version,
  z.literal('i'),
  index,
  epoch,
  startMs,
  extension,
  uint32,
  uint32,
])
const discontinuityLine = z.tuple([
  version,
  z.literal('d'),
  index,
  epoch,
  startMs,
  z.enum(reasonCodes.words),
  sequence,
  z.enum(clockCodes.words),
])
const lineSchema = z.union([
  segmentLine,
  gapLine,
  lostGapLine,
  initLine,
  discontinuityLine,
  keyedSegmentLine,
  lateSegmentLine,
  keyLine,
  letGoLine,
])
type Line = z.infer<typeof lineSchema>
type SegmentLine = z.infer<typeof segmentLine | typeof keyedSegmentLine | typeof lateSegmentLine>
type GapLine = z.infer<typeof gapLine | typeof lostGapLine>

/** Seconds as they are stored: whole microseconds. */
export const roundSec = (seconds: number): number => Math.round(seconds * 1e6) / 1e6

function toLine(row: LogRow): Line {
  switch (row.kind) {
    case 'let-go':
      return toLetGoLine(row)
    case 'segment':
      return toSegmentLine(row)
    case 'gap':
      return toGapLine(row)
    case 'init':
      return [
        ROW_VERSION,
        'i',
        row.index,
        row.epoch,
        row.startMs,
        row.extension,
        row.bytes,
        row.checksum,
      ]
    case 'key':
      return [
        KEYED_ROW_VERSION,
        'k',
        row.index,
        row.epoch,
        row.startMs,
        row.iv ?? '',
        row.bytes,
        row.checksum,
      ]
    case 'discontinuity':
      return [
        ROW_VERSION,
        'd',
        row.index,
        row.epoch,
        row.startMs,
        row.reason,
        row.mediaSequence,
        row.clock,
      ]
  }
}

function toGapLine(row: GapRow): GapLine {
  const { index, epoch, startMs, durationSec, mediaSequence, discontinuitySequence } = row
  const { cause, count } = row
  const place = [index, epoch, startMs, durationSec, mediaSequence, discontinuitySequence] as const
  return cause === 'damaged'
    ? [LOST_ROW_VERSION, 'g', ...place, cause, count]
    : [ROW_VERSION, 'g', ...place, cause, count]
}

function toSegmentLine(row: SegmentRow): SegmentLine {
  const { index, epoch, startMs, durationSec, mediaSequence, discontinuitySequence } = row
  const { extension, bytes, checksum, initIndex, keyIndex, late } = row
  const values = [
    's',
    index,
    epoch,
    startMs,
    durationSec,
    mediaSequence,
    discontinuitySequence,
    extension,
    bytes,
    checksum,
    initIndex,
  ] as const
  if (late !== undefined) {
    return [LATE_ROW_VERSION, ...values, keyIndex ?? -1, late.number, late.apart ? 1 : 0]
  }
  return keyIndex === undefined
    ? [ROW_VERSION, ...values]
    : [KEYED_ROW_VERSION, ...values, keyIndex]
}

function fromLine(line: Line): LogRow {
  if (line[1] === 't') return fromLetGoLine(line)
  const base = { index: line[2], epoch: line[3], startMs: line[4] }
  switch (line[1]) {
    case 's':
      return {
        kind: 'segment',
        ...base,
        durationSec: line[5],
        mediaSequence: line[6],
        discontinuitySequence: line[7],
        extension: line[8],
        bytes: line[9],
        checksum: line[10],
        initIndex: line[11],
        ...fromLineEnd(line),
      }
    case 'g':
      return {
        kind: 'gap',
        ...base,
        durationSec: line[5],
        mediaSequence: line[6],
        discontinuitySequence: line[7],
        cause: line[8],
        count: line[9],
      }
    case 'i':
      return { kind: 'init', ...base, extension: line[5], bytes: line[6], checksum: line[7] }
    case 'k':
      return {
        kind: 'key',
        ...base,
        ...(line[5] === '' ? {} : { iv: line[5] }),
        bytes: line[6],
        checksum: line[7],
      }
    case 'd':
      return {
        kind: 'discontinuity',
        ...base,
        reason: line[5],
        mediaSequence: line[6],
        clock: line[7],
      }
  }
}

/** What stands behind the numbers that every segment has. */
function fromLineEnd(line: SegmentLine): Pick<SegmentRow, 'keyIndex' | 'late'> {
  switch (line.length) {
    case 12:
      return {}
    case 13:
      return { keyIndex: line[12] }
    case 15: {
      const late = { number: line[13], apart: line[14] === 1 }
      return line[12] < 0 ? { late } : { keyIndex: line[12], late }
    }
  }
}

/** One line of the log, newline included: at most 120 bytes, but for what needs a key, came late or lets go of others. */
export const encodeRow = (row: LogRow): string => sealLine(toLine(row))

/** What one line is: a row, damaged, or written by a newer VSR. */
export type DecodedRow = LogRow | 'damaged' | 'too-new'

/** Reads one line without its newline. A log with a version that is higher than those above is refused, never trimmed. */
export function decodeRow(line: string): DecodedRow {
  const values = openLine(line)
  if (values === undefined) return 'damaged'
  if (typeof values[0] === 'number' && values[0] > LATEST_ROW_VERSION) return 'too-new'
  const read = lineSchema.safeParse(values)
  return read.success ? fromLine(read.data) : 'damaged'
}
