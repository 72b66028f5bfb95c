import type { GapRow, SegmentRow } from '../model'
import { decodeRow, encodeRow } from '../segment-row'
import { isLate, type LostRows } from './lost-rows'

const NEWLINE = 10
/** Longer than what stands before the index of any row. */
const HEAD_BYTES = 32

/** The log as it is, but for the rows that are lost: all other lines stay byte for byte. Pure. */
export function logWithout(log: Uint8Array, lost: LostRows): Buffer {
  const bytes = Buffer.from(log.buffer, log.byteOffset, log.byteLength)
  const parts: Uint8Array[] = []
  let keptFrom = 0
  let from = 0
  while (from < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, from)
    const to = newline < 0 ? bytes.length : newline + 1
    const instead = lineInstead(bytes, from, to, lost)
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
function lineInstead(log: Buffer, from: number, to: number, lost: LostRows): string | undefined {
  const head = /^\[\d+,"[a-z]+",(\d+),/.exec(
    log.toString('latin1', from, Math.min(to, from + HEAD_BYTES)),
  )
  const index = Number(head?.[1])
  if (!lost.told.has(index) && !lost.late.has(index)) return undefined
  const row = decodeRow(log.toString('latin1', from, to - 1))
  if (typeof row === 'string' || row.kind === 'gap' || row.kind === 'discontinuity')
    return undefined
  if (isLate(row)) return lost.late.has(index) ? '' : undefined
  if (!lost.told.has(index)) return undefined
  return row.kind === 'segment' ? encodeRow(gapInsteadOf(row)) : ''
}

/** It has the segment's index and place, so that the segment can still be stored late where its source has it. */
function gapInsteadOf(segment: SegmentRow): GapRow {
  const { index, epoch, startMs, durationSec, mediaSequence, discontinuitySequence } = segment
  const place = { index, epoch, startMs, durationSec, mediaSequence, discontinuitySequence }
  return { kind: 'gap', ...place, cause: 'damaged', count: 1 }
}
