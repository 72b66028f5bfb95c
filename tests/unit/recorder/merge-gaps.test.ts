import { describe, expect, it } from 'vitest'
import { mergeGaps } from '../../../src-main/recorder/merge-gaps'
import type { NewGap } from '../../../src-main/store/model'

const gap = (patch: Partial<NewGap> = {}): NewGap => ({
  epoch: 0,
  startMs: 10_000,
  mediaSequence: 5,
  discontinuitySequence: 0,
  durationSec: 2,
  cause: 'not-found',
  count: 1,
  ...patch,
})

describe('mergeGaps', () => {
  it('makes one row of two that follow on each other', () => {
    expect(mergeGaps(gap(), gap({ mediaSequence: 6, startMs: 12_000 }))).toEqual(
      gap({ count: 2, durationSec: 4 }),
    )
  })

  it.each([
    { what: 'cause', patch: { cause: 'network' } },
    { what: 'epoch', patch: { epoch: 1 } },
    { what: 'number', patch: { mediaSequence: 8 } },
    { what: 'time', patch: { startMs: 14_000 } },
    { what: 'discontinuity', patch: { discontinuitySequence: 1 } },
  ] satisfies { what: string; patch: Partial<NewGap> }[])(
    'keeps gaps apart that differ in $what',
    ({ patch }) => {
      expect(mergeGaps(gap(), gap({ mediaSequence: 6, startMs: 12_000, ...patch }))).toBeUndefined()
    },
  )
})
