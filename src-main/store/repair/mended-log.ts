import type { FileRow, GapRow, SegmentRow } from '../model'
import { type DecodedRow, decodeRow, encodeRow } from '../segment-row'
import type { Hole } from '../verify/holes'
import { isLate, type LostRows } from './lost-rows'

const NEWLINE = 10
/** Longer than what stands before the index of any row. */
const HEAD_BYTES = 32

interface Changes {
  readonly lost: LostRows
  /** By the index of the row that they stand before. */
  readonly gaps: ReadonlyMap<number, GapRow>
}

/** The log as it is, but for rows that are lost, and with gaps in its holes: all other lines stay byte for byte. Pure. */
export function mendedLog(log: Uint8Array, lost: LostRows, holes: readonly Hole[]): Buffer {
  const changes = { lost, gaps: new Map(holes.map(({ before, gap }) => [before, gap])) }
  const bytes = Buffer.from(log.buffer, log.byteOffset, log.byteLength)
  const parts: Uint8Array[] = []
  let keptFrom = 0
  let from = 0
  while (from < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, from)
    const to = newline < 0 ? bytes.length : newline + 1
    const instead = textInstead(bytes, from, to, changes)
    if (instead !== undefined) {
      parts.push(bytes.subarray(keptFrom, from), Buffer.from(instead))
      keptFrom = to
    }
    from = to
  }
  parts.push(bytes.subarray(keptFrom))
  return Buffer.concat(parts)
}

/** What takes the place of a line; undefined where it stays. */
function textInstead(
  log: Buffer,
  from: number,
  to: number,
  { lost, gaps }: Changes,
): string | undefined {
  const head = /^\[\d+,"[a-z]+",(\d+),/.exec(
    log.toString('latin1', from, Math.min(to, from + HEAD_BYTES)),
  )
  const index = Number(head?.[1])
  if (!lost.told.has(index) && !lost.late.has(index) && !gaps.has(index)) return undefined
  const row = decodeRow(log.toString('latin1', from, to - 1))
  const gap = isTold(row) ? gaps.get(index) : undefined
  const own = isFileRow(row) ? ownInstead(row, lost) : undefined
  if (gap === undefined) return own
  return encodeRow(gap) + (own ?? log.toString('latin1', from, to))
}

const isFileRow = (row: DecodedRow): row is FileRow => typeof row === 'object' && 'checksum' in row

/** Whether it is one of the rows in order: neither late nor about others. */
const isTold = (row: DecodedRow): boolean =>
  typeof row === 'object' && 'epoch' in row && !(isFileRow(row) && isLate(row))

function ownInstead(row: FileRow, lost: LostRows): string | undefined {
  if (isLate(row)) return lost.late.has(row.index) ? '' : undefined
  if (!lost.told.has(row.index)) return undefined
  return row.kind === 'segment' ? encodeRow(gapInsteadOf(row)) : ''
}

/** It has the segment's index and place, so that the segment can still be stored late where its source has it. */
function gapInsteadOf(segment: SegmentRow): GapRow {
  const { index, epoch, startMs, durationSec, mediaSequence, discontinuitySequence } = segment
  const place = { index, epoch, startMs, durationSec, mediaSequence, discontinuitySequence }
  return { kind: 'gap', ...place, cause: 'damaged', count: 1 }
}
