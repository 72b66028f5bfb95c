import { describe, expect, it } from 'vitest'
import { nearestFootageMs, planCompanion, planExport } from '../../../src-main/export/plan'
import { createSegmentIndex } from '../../../src-main/store/segment-index'
import type { Row } from '../../../src-main/store/model'

const T0 = 1_790_000_000_000

type Step =
  | {
      segment: number
      init?: number
      epoch?: number
      extension?: 'ts' | 'm4s' | 'aac'
      key?: number
    }
  | { gap: number }
  | 'discontinuity'
  | 'init'

/** Rows one behind the other from T0 on; lengths in seconds. */
function indexOf(steps: readonly Step[]) {
  const index = createSegmentIndex()
  let startMs = T0
  for (const [number, step] of steps.entries()) {
    const base = { index: number, epoch: 0, startMs }
    const sequence = { mediaSequence: number, discontinuitySequence: 0 }
    let row: Row
    if (step === 'discontinuity') {
      row = { ...base, kind: step, reason: 'source', mediaSequence: number, clock: 'source' }
    } else if (step === 'init') {
      row = { ...base, kind: step, extension: 'mp4', bytes: 1, checksum: 0 }
    } else if ('gap' in step) {
      row = {
        ...base,
        ...sequence,
        kind: 'gap',
        durationSec: step.gap,
        cause: 'network',
        count: 1,
      }
      startMs += step.gap * 1000
    } else {
      row = {
        ...base,
        ...sequence,
        kind: 'segment',
        epoch: step.epoch ?? 0,
        durationSec: step.segment,
        extension: step.extension ?? 'ts',
        bytes: 1,
        checksum: 0,
        initIndex: step.init ?? -1,
        ...(step.key === undefined ? {} : { keyIndex: step.key }),
      }
      startMs += step.segment * 1000
    }
    index.push(row)
  }
  return index
}

const fours = (count: number): Step[] => Array.from({ length: count }, () => ({ segment: 4 }))
const plan = (steps: readonly Step[], fromSec: number, toSec: number) =>
  planExport({ index: indexOf(steps), fromMs: T0 + fromSec * 1000, toMs: T0 + toSec * 1000 })
const shape = (steps: readonly Step[], fromSec: number, toSec: number) =>
  plan(steps, fromSec, toSec).runs.map((run) => ({
    rows: run.rows.map((row) => row.index),
    span: [(run.fromMs - T0) / 1000, (run.toMs - T0) / 1000],
  }))

describe('planExport', () => {
  it('takes exactly the segments that overlap the range', () => {
    expect(shape(fours(5), 5, 12)).toEqual([{ rows: [1, 2], span: [5, 12] }])
    expect(shape(fours(5), 4, 8.001)).toEqual([{ rows: [1, 2], span: [4, 8.001] }])
  })

  it('is clipped to the footage there is', () => {
    expect(shape(fours(2), -100, 100)).toEqual([{ rows: [0, 1], span: [0, 8] }])
    expect(plan(fours(2), 0, 8).runs[0]?.clippedAtEnd).toBe(false)
    expect(plan(fours(2), 0, 7).runs[0]?.clippedAtEnd).toBe(true)
  })

  it('has no runs outside the footage and inside a gap', () => {
    expect(shape(fours(2), 8, 20)).toEqual([])
    expect(shape(fours(2), -9, 0)).toEqual([])
    expect(shape([...fours(1), { gap: 10 }, ...fours(1)], 5, 13)).toEqual([])
  })

  it('F53 splits at a gap and counts what is missing inside the range', () => {
    const steps = [...fours(2), { gap: 6 }, ...fours(2)]
    expect(shape(steps, 0, 22).map((run) => run.rows)).toEqual([
      [0, 1],
      [3, 4],
    ])
    expect(plan(steps, 0, 22).gapsSkippedSec).toBe(6)
    expect(plan(steps, 0, 10).gapsSkippedSec).toBe(2)
    expect(plan(steps, 12, 22).gapsSkippedSec).toBe(2)
  })

  it('splits at discontinuities, epochs, changes of the initialization section and of the format', () => {
    expect(shape([...fours(1), 'discontinuity', ...fours(1)], 0, 9)).toHaveLength(2)
    expect(shape([...fours(1), { segment: 4, epoch: 1 }], 0, 9)).toHaveLength(2)
    expect(shape([...fours(1), { segment: 4, extension: 'm4s' }], 0, 9)).toHaveLength(2)
    const inits: Step[] = ['init', { segment: 4, init: 0 }, 'init', { segment: 4, init: 2 }]
    const { runs } = plan(inits, 0, 8)
    expect(runs.map((run) => run.init?.index)).toEqual([0, 2])
  })

  it('splits where encryption of fMP4 begins or ends, not where keys change', () => {
    const steps = (extension: 'ts' | 'm4s' | 'aac'): Step[] => [
      { segment: 4, extension },
      { segment: 4, extension, key: 90 },
      { segment: 4, extension, key: 91 },
      { segment: 4, extension },
    ]
    expect(shape(steps('m4s'), 0, 16).map(({ rows }) => rows)).toEqual([[0], [1, 2], [3]])
    for (const extension of ['ts', 'aac'] as const) {
      expect(shape(steps(extension), 0, 16)).toHaveLength(1)
    }
  })

  it('does not split at an initialization section that nothing uses yet', () => {
    expect(
      shape(['init', { segment: 4, init: 0 }, 'init', { segment: 4, init: 0 }], 0, 8),
    ).toHaveLength(1)
  })

  it('knows the segments before the range, up to where the stretch begins', () => {
    const before = (steps: readonly Step[], atSec: number) =>
      plan(steps, atSec, atSec + 1).runs[0]?.before.map((row) => row.index)
    expect(before(fours(4), 13)).toEqual([0, 1, 2])
    expect(before([...fours(2), 'discontinuity', ...fours(2)], 13)).toEqual([3])
    expect(before([...fours(2), { gap: 4 }, ...fours(1)], 13)).toEqual([])
    expect(before(fours(100), 399)).toHaveLength(12)
  })
})

describe('planCompanion', () => {
  const companion = (steps: readonly Step[], fromSec: number, toSec: number) =>
    planCompanion({
      index: indexOf(steps),
      fromMs: T0 + fromSec * 1000,
      toMs: T0 + toSec * 1000,
    }).map(({ rows }) => rows.map((row) => row.index))

  it('goes on across a gap, and takes the longer stretch at a discontinuity', () => {
    expect(companion([...fours(2), { gap: 4 }, ...fours(1)], 0, 16)).toEqual([[0, 1, 3]])
    expect(companion([...fours(1), 'discontinuity', ...fours(2)], 0, 12)).toEqual([[2, 3]])
    expect(companion(fours(1), 5, 9)).toEqual([])
  })

  it('takes packed audio in pieces, since its timestamps are not read on', () => {
    const packed = { segment: 4, extension: 'aac' as const }
    expect(companion([packed, packed, { gap: 4 }, packed], 0, 16)).toEqual([[0, 1], [3]])
    expect(companion([packed, 'discontinuity', packed], 0, 12)).toEqual([[0], [2]])
  })
})

describe('nearestFootageMs', () => {
  const nearest = (steps: readonly Step[], atSec: number) => {
    const fromMs = T0 + atSec * 1000
    const found = nearestFootageMs({ index: indexOf(steps), fromMs, toMs: fromMs + 1000 })
    return found === undefined ? undefined : (found - T0) / 1000
  }

  it('is the nearer end of what is stored', () => {
    expect(nearest(fours(2), -50)).toBe(0)
    expect(nearest(fours(2), 50)).toBe(8)
    expect(nearest([...fours(1), { gap: 20 }, ...fours(1)], 6)).toBe(4)
    expect(nearest([...fours(1), { gap: 20 }, ...fours(1)], 20)).toBe(24)
    expect(nearest([{ gap: 4 }], 0)).toBeUndefined()
  })
})
