import type { GapCause } from '../../src-preload/contract/model'
import type { GapRow, SegmentIndex } from '../store/model'
import { isSameGap } from '../store/one-gap'

/** A gap as a person is told of it. Instants in unix ms. */
export interface GapSpan {
  readonly fromMs: number
  readonly toMs: number
  readonly cause: GapCause
  readonly firstMediaSequence: number
  readonly count: number
}

/** The gaps of a track in the order of time; rows that are one gap are one. */
export function gapSpans(index: SegmentIndex): GapSpan[] {
  const spans: GapSpan[] = []
  let last: GapRow | undefined
  for (let position = 0; position < index.length; position += 1) {
    const row = index.kindAt(position) === 'gap' ? index.rowAt(position) : undefined
    if (row?.kind !== 'gap') {
      last = undefined
      continue
    }
    const toMs = Math.round(row.startMs + row.durationSec * 1000)
    const before = spans.at(-1)
    if (before !== undefined && isSameGap(last, row)) {
      spans[spans.length - 1] = { ...before, toMs, count: before.count + row.count }
    } else {
      const { cause, count, mediaSequence: firstMediaSequence } = row
      spans.push({ fromMs: Math.round(row.startMs), toMs, cause, firstMediaSequence, count })
    }
    last = row
  }
  return spans
}
