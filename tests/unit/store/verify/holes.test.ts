import { describe, expect, it } from 'vitest'
import type { Row } from '../../../../src-main/store/model'
import { createSegmentIndex } from '../../../../src-main/store/segment-index'
import { holesOf } from '../../../../src-main/store/verify/holes'
import { sampleGap, sampleSegment, segmentRow } from '../../../support/fault-store-samples'

function holes(rows: readonly Row[]) {
  const index = createSegmentIndex()
  for (const row of rows) index.push(row)
  return holesOf(index)
}
const gapRow = (index: number, count = 1): Row => ({
  kind: 'gap',
  index,
  ...sampleGap(index, { count, durationSec: 4 * count }),
})
/** Of the media sequence number of its index, as `segmentRow` is. */
const row = (index: number, patch = {}) => segmentRow(index, patch)

describe('holes of a log', () => {
  it('are where indexes and numbers of segments are left out', () => {
    const { startMs } = sampleSegment(2)
    expect(holes([row(0), row(1), row(4), row(5)])).toEqual([
      {
        before: 4,
        gap: {
          kind: 'gap',
          index: 2,
          epoch: 0,
          startMs,
          durationSec: 8,
          mediaSequence: 102,
          discontinuitySequence: 0,
          cause: 'damaged',
          count: 2,
        },
      },
    ])
  })

  it('are not where every index is there, be it that of a gap of several segments', () => {
    expect(holes([row(0), gapRow(1, 3), row(4), row(5)])).toEqual([])
  })

  it('are found behind and before a gap', () => {
    expect(holes([row(0), gapRow(1, 2), row(4)])).toMatchObject([
      { before: 4, gap: { index: 3, mediaSequence: 103, count: 1 } },
    ])
    expect(holes([row(0), gapRow(2)])).toMatchObject([{ before: 2, gap: { index: 1, count: 1 } }])
  })

  it('are not where a row without footage is gone', () => {
    const after = { mediaSequence: 102, startMs: sampleSegment(2).startMs }
    expect(holes([row(0), row(1), row(3, after)])).toEqual([])
  })

  it('cannot be told between two epochs, and where nothing is numbered', () => {
    expect(holes([row(0), row(3, { epoch: 1 })])).toEqual([])
    expect(holes([row(0, { mediaSequence: -1 }), row(3, { mediaSequence: -1 })])).toEqual([])
  })
})
