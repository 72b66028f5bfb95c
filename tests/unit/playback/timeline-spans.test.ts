import { describe, expect, it } from 'vitest'
import { clocksOf, spansWithin } from '../../../src-main/playback/timeline-spans'
import { createSegmentIndex } from '../../../src-main/store/segment-index'
import type { SpanRow } from '../../../src-main/store/model'

const row = (id: string, startMs: number, more: Partial<SpanRow> = {}): SpanRow => ({
  id,
  kind: 'other',
  label: id,
  epoch: 0,
  startMs,
  ...more,
})

describe('spans of the timeline', () => {
  it('are those that lie on the recording, by their start', () => {
    const rows = [
      row('late', 60, { endMs: 70 }),
      row('inside', 30, { endMs: 40 }),
      row('begun', 5, { endMs: 11 }),
      row('over', 5, { endMs: 10 }),
      row('moment', 20, { endMs: 20 }),
    ]
    const spans = spansWithin(rows, { startMs: 10, endMs: 50 })
    expect(spans.map(({ id }) => id)).toEqual(['begun', 'moment', 'inside'])
  })

  it('are open until their end has come, at the latest where it was planned', () => {
    const extent = { startMs: 0, endMs: 50 }
    const [told, coming, never, unknown] = spansWithin(
      [
        row('a', 1, { endMs: 20 }),
        row('b', 2, { plannedEndMs: 60 }),
        row('c', 3, { plannedEndMs: 40 }),
        row('d', 4),
      ],
      extent,
    )
    expect(told).toMatchObject({ toMs: 20, open: false })
    expect(coming).toMatchObject({ toMs: 60, open: true })
    expect(never).toMatchObject({ toMs: 40, open: false })
    expect(unknown).toMatchObject({ open: true })
    expect(unknown?.toMs).toBeUndefined()
  })
})

describe('clocks of the timeline', () => {
  it('are told where they change', () => {
    const index = createSegmentIndex()
    for (const [at, clock] of (['source', 'source', 'arrival', 'source'] as const).entries()) {
      const place = { index: index.length, epoch: at, startMs: at * 10, mediaSequence: 0 }
      index.push({ kind: 'discontinuity', ...place, reason: 'epoch', clock })
      index.push({
        kind: 'discontinuity',
        ...place,
        index: index.length,
        reason: 'init-change',
        clock: 'source',
      })
    }
    expect(clocksOf(index)).toEqual([
      { fromMs: 0, clock: 'source' },
      { fromMs: 20, clock: 'arrival' },
      { fromMs: 30, clock: 'source' },
    ])
  })
})
