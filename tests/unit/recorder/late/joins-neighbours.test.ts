import { describe, expect, it } from 'vitest'
import {
  changedEncodingSince,
  joinsNeighbours,
} from '../../../../src-main/recorder/late/joins-neighbours'
import type { Row, SegmentRow } from '../../../../src-main/store/model'
import { createSegmentIndex } from '../../../../src-main/store/segment-index'
import { sampleGap, segmentRow } from '../../../support/fault-store-samples'

function setUp(before: Partial<SegmentRow>, after: Partial<SegmentRow>, last?: Row) {
  const index = createSegmentIndex()
  index.push(segmentRow(0, before))
  index.push({ kind: 'gap', index: 1, ...sampleGap(1) })
  index.push(segmentRow(2, after))
  if (last !== undefined) index.push(last)
  return index
}
const late = { discontinuitySequence: 3, initIndex: 5 }

describe('joinsNeighbours', () => {
  it.each<[string, Partial<SegmentRow>, Partial<SegmentRow>, boolean]>([
    ['both go on', late, late, true],
    ['another initialization section before', { ...late, initIndex: 4 }, late, false],
    ['another one after', late, { ...late, initIndex: 6 }, false],
    ['a discontinuity between', late, { ...late, discontinuitySequence: 4 }, false],
  ])('%s', (_what, before, after, expected) => {
    expect(joinsNeighbours(setUp(before, after), 1, late)).toBe(expected)
  })

  it('has nothing to fit at the end of the log', () => {
    const index = createSegmentIndex()
    index.push({ kind: 'gap', index: 0, ...sampleGap(0) })
    expect(joinsNeighbours(index, 0, late)).toBe(true)
  })

  it('knows where another variant stream has begun since', () => {
    const { startMs } = segmentRow(3)
    const changed: Row = {
      kind: 'discontinuity',
      index: 3,
      epoch: 0,
      startMs,
      reason: 'variant-change',
      mediaSequence: 103,
      clock: 'source',
    }
    expect(changedEncodingSince(setUp(late, late), 1)).toBe(false)
    expect(changedEncodingSince(setUp(late, late, changed), 1)).toBe(true)
  })
})
