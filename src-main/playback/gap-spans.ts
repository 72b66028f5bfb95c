import type { GapCause } from '../../src-preload/contract/model'
import type { GapRow, SegmentIndex } from '../store/model'
import { isSameGap } from '../store/one-gap'
import { keptPerIndex } from './kept'
import { nextBesideSegments } from './next-row'

/** A gap as a person is told of it. Instants in unix ms. */
export interface GapSpan {
  readonly fromMs: number
  readonly toMs: number
  readonly cause: GapCause
  readonly firstMediaSequence: number
  readonly count: number
}

interface Gaps {
  readonly spans: GapSpan[]
  /** The last gap row, and its position. */
  last: { readonly row: GapRow; readonly position: number } | undefined
}

const keptGaps = keptPerIndex<Gaps>(
  () => ({ spans: [], last: undefined }),
  (found, index, position) => {
    const row = index.rowAt(position)
    if (row.kind !== 'gap') return
    const last = found.last?.position === position - 1 ? found.last.row : undefined
    const { spans } = found
    const toMs = Math.round(row.startMs + row.durationSec * 1000)
    const before = spans.at(-1)
    if (before !== undefined && isSameGap(last, row)) {
      spans[spans.length - 1] = { ...before, toMs, count: before.count + row.count }
    } else {
      const { cause, count, mediaSequence: firstMediaSequence } = row
      spans.push({ fromMs: Math.round(row.startMs), toMs, cause, firstMediaSequence, count })
    }
    found.last = { row, position }
  },
  (_found, index, from) => nextBesideSegments(index, from),
)

/** The gaps of a track in the order of time; rows that are one gap are one. */
export const gapSpans = (index: SegmentIndex): GapSpan[] => [...keptGaps(index).spans]
