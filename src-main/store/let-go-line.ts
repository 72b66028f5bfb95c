import { z } from 'zod'
import type { GoneLates, LetGoRow } from './model'

/** Version of the rows that let go of others: a build that knows nothing of them would look for files that are gone. */
export const LET_GO_ROW_VERSION = 5

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
/** `lates` is written flat, three numbers for each: a line has no brackets but its own, so that two that were joined can be told apart. */
const NUMBERS_PER_LATE = 3

export const letGoLine = z
  .tuple(
    [
      z.literal(LET_GO_ROW_VERSION),
      z.literal('t'),
      count.max(0xffff_ffff),
      count.max(0xffff_ffff),
      count,
      count,
      count,
      z.number().min(0).max(1e10),
    ],
    z.number().int(),
  )
  .refine((line) => (line.length - 8) % NUMBERS_PER_LATE === 0)
type Line = z.infer<typeof letGoLine>

export function toLetGoLine(row: LetGoRow): Line {
  const { index, cleanIndex, segments, breaks, beside, longestSec, lates } = row
  const flat = lates.flatMap((late) => [late.number, late.segments, late.breaks])
  return [LET_GO_ROW_VERSION, 't', index, cleanIndex, segments, breaks, beside, longestSec, ...flat]
}

export function fromLetGoLine(line: Line): LetGoRow {
  const [, , index, cleanIndex, segments, breaks, beside, longestSec, ...flat] = line
  const lates: GoneLates[] = []
  for (let at = 0; at < flat.length; at += NUMBERS_PER_LATE) {
    const [number = 0, lateSegments = 0, lateBreaks = 0] = flat.slice(at)
    lates.push({ number, segments: lateSegments, breaks: lateBreaks })
  }
  return { kind: 'let-go', index, cleanIndex, segments, breaks, beside, longestSec, lates }
}
