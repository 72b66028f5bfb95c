import { describe, expect, it } from 'vitest'
import {
  firstEndingAfter,
  gapAt,
  isHole,
  LANE_PX,
  placeTip,
  RULER_PX,
  zoneAt,
} from '../../../../src-renderer/timeline/hit-test'

const view = { fromMs: 0, toMs: 100_000, widthPx: 1000 }
const inLane = RULER_PX + 10
const zone = (xPx: number, yPx: number, range?: { fromMs: number; toMs: number }) =>
  zoneAt({ xPx, yPx, view, range })

describe('hit test', () => {
  it('tells ruler, lane and overview apart by height', () => {
    expect(zone(10, RULER_PX - 1)).toBe('ruler')
    expect(zone(10, RULER_PX)).toBe('lane')
    expect(zone(10, RULER_PX + LANE_PX)).toBe('overview')
  })

  it('catches the handles of the range within reach, the nearer one first', () => {
    const range = { fromMs: 20_000, toMs: 50_000 }
    expect(zone(205, inLane, range)).toBe('handle-in')
    expect(zone(494, inLane, range)).toBe('handle-out')
    expect(zone(300, inLane, range)).toBe('lane')
    expect(zone(205, 5, range)).toBe('ruler')
    expect(zone(204, inLane, { fromMs: 20_000, toMs: 20_500 })).toBe('handle-out')
  })

  it('finds the gap at an instant, and widens those too narrow to point at', () => {
    const gaps = [
      { fromMs: 1000, toMs: 2000, cause: 'network', count: 1 },
      { fromMs: 5000, toMs: 5010, cause: 'timeout', count: 1 },
    ] as const
    expect(gapAt(gaps, 1500, 0)?.cause).toBe('network')
    expect(gapAt(gaps, 3000, 0)).toBeUndefined()
    expect(gapAt(gaps, 5040, 0)).toBeUndefined()
    expect(gapAt(gaps, 5040, 100)?.cause).toBe('timeout')
    expect(gapAt(gaps, 4960, 100)?.cause).toBe('timeout')
    expect(gapAt([], 1, 100)).toBeUndefined()
  })

  it('knows where nothing was recorded at all', () => {
    const timeline = {
      startMs: 0,
      endMs: 30_000,
      footage: [
        { fromMs: 0, toMs: 10_000 },
        { fromMs: 20_000, toMs: 30_000 },
      ],
    }
    expect(isHole(timeline, 5000)).toBe(false)
    expect(isHole(timeline, 15_000)).toBe(true)
    expect(isHole(timeline, 40_000)).toBe(false)
  })

  it('finds the first span that ends after an instant', () => {
    const spans = [{ toMs: 10 }, { toMs: 20 }, { toMs: 30 }]
    expect(firstEndingAfter(spans, 0)).toBe(0)
    expect(firstEndingAfter(spans, 10)).toBe(1)
    expect(firstEndingAfter(spans, 30)).toBe(3)
  })
})

describe('the tip', () => {
  const place = (xPx: number, at: 'ruler' | 'lane', tipPx = 80) =>
    placeTip({ xPx, zone: at, tipPx, widthPx: 1000 })

  it('lies beside the pointer, on the side where there is room', () => {
    expect(place(500, 'lane').leftPx).toBeGreaterThan(500)
    expect(place(980, 'lane').leftPx + 80).toBeLessThan(980)
    expect(place(10, 'lane', 995).leftPx).toBe(0)
  })

  it('stays within the timeline and leaves the ruler free while it is read', () => {
    expect(place(500, 'ruler').topPx).toBeGreaterThanOrEqual(RULER_PX)
    expect(place(500, 'lane').topPx).toBeGreaterThanOrEqual(0)
  })
})
