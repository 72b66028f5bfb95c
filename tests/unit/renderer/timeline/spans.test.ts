import { describe, expect, it } from 'vitest'
import type { Span } from '../../../../src-preload/contract/model'
import {
  clockOf,
  isArrivalTime,
  shownPart,
  spanLabel,
  spansAt,
} from '../../../../src-renderer/timeline/spans'
import { timelineOf } from '../fake-transport'

const span = (change: Partial<Span>): Span => ({
  id: 'a',
  kind: 'other',
  label: '',
  fromMs: 1_002_000,
  open: false,
  ...change,
})

describe('spans on the timeline', () => {
  it('are shown as far as they lie on the recording', () => {
    const extent = { startMs: 100, endMs: 200 }
    const part = (fromMs: number, toMs?: number) => {
      const shown = shownPart({ fromMs, ...(toMs === undefined ? {} : { toMs }) }, extent)
      return [shown.fromMs, shown.toMs]
    }
    expect(part(50, 150)).toEqual([100, 150])
    expect(part(150, 250)).toEqual([150, 200])
    expect(part(150)).toEqual([150, 200])
    expect(part(50, 60)).toEqual([100, 100])
  })

  it('are found under the pointer, those on top first, moments too', () => {
    const timeline = timelineOf({
      spans: [
        span({ id: 'programme', kind: 'programme', fromMs: 0 }),
        span({ id: 'ad', kind: 'ad', toMs: 1_004_000 }),
        span({ id: 'moment', fromMs: 1_006_000, toMs: 1_006_000 }),
      ],
    })
    const at = (ms: number) => spansAt(timeline, ms, 200).map(({ id }) => id)
    expect(at(1_003_000)).toEqual(['ad', 'programme'])
    expect(at(1_005_000)).toEqual(['programme'])
    expect(at(1_006_090)).toEqual(['moment', 'programme'])
    expect(at(1_020_000)).toEqual([])
  })

  it('have the name of the source, else that of their kind', () => {
    expect(spanLabel({ kind: 'ad', label: 'splice-1' })).toBe('splice-1')
    expect(spanLabel({ kind: 'ad', label: '' })).toBe('Ad break')
  })
})

describe('whose clock it is', () => {
  const clocks = [
    { fromMs: 10, clock: 'source' as const },
    { fromMs: 20, clock: 'arrival' as const },
  ]

  it('is told for each instant', () => {
    expect([5, 10, 19, 20, 99].filter((ms) => isArrivalTime(clocks, ms))).toEqual([20, 99])
    expect(isArrivalTime(clocks.slice(1), 5)).toBe(true)
    expect(isArrivalTime([], 5)).toBe(false)
  })

  it('is told for the whole', () => {
    expect(clockOf(clocks)).toBe('mixed')
    expect(clockOf(clocks.slice(1))).toBe('arrival')
    expect(clockOf(clocks.slice(0, 1))).toBe('source')
    expect(clockOf([])).toBe('source')
  })
})
