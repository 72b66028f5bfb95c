import { describe, expect, it } from 'vitest'
import type { RecordingSummary, Timeline } from '../../../../src-preload/contract/model'
import { extendTimeline } from '../../../../src-renderer/stores/extend-timeline'
import { createTimelineStore } from '../../../../src-renderer/stores/timeline-store'
import { createFakeTransport, recordingOf, settle, timelineOf } from '../fake-transport'

const before = recordingOf()
const grown = recordingOf({ endMs: 1_012_000, durationSec: 12 })

describe('growth of the timeline', () => {
  it('extends the last footage by what was stored', () => {
    const step = extendTimeline(timelineOf(), before, grown)
    expect(step).toMatchObject({
      kind: 'extended',
      timeline: { endMs: 1_012_000, footage: [{ fromMs: 1_000_000, toMs: 1_012_000 }] },
    })
  })

  it('is the same while nothing was stored', () => {
    expect(extendTimeline(timelineOf(), before, before)).toEqual({ kind: 'same' })
  })

  it('never runs past the stored end, though the timeline was newer than its summary', () => {
    const step = extendTimeline(
      timelineOf({ endMs: 1_012_000, footage: [{ fromMs: 1_000_000, toMs: 1_012_000 }] }),
      before,
      grown,
    )
    expect(step).toMatchObject({ kind: 'extended', timeline: { endMs: 1_012_000 } })
  })

  it.each([
    ['a gap was added', timelineOf(), recordingOf({ ...grown, gaps: 1 })],
    ['a gap was filled in part', timelineOf(), { ...before, gapSec: before.gapSec + 2 }],
    [
      'more time went by than was stored',
      timelineOf(),
      recordingOf({ endMs: 1_030_000, durationSec: 12 }),
    ],
    ['the start moved', timelineOf(), recordingOf({ ...grown, startMs: 999_000 })],
    [
      'it ended with a gap',
      timelineOf({ footage: [{ fromMs: 1_000_000, toMs: 1_005_000 }] }),
      grown,
    ],
  ] as [string, Timeline, RecordingSummary][])('asks anew when %s', (_name, timeline, now) => {
    expect(extendTimeline(timeline, before, now)).toEqual({ kind: 'stale' })
  })
})

describe('timeline store', () => {
  function setUp() {
    let summary = before
    let answer = timelineOf()
    const transport = createFakeTransport({ 'recordings.timeline': () => answer })
    const timeline = createTimelineStore({ transport, summaryOf: () => summary })
    return {
      transport,
      timeline,
      shown: () => timeline.store.getState().timeline,
      update: (now: RecordingSummary, truth: Timeline) => {
        summary = now
        answer = truth
        timeline.apply({ type: 'recording.updated', recording: now })
      },
    }
  }

  it('reads once and grows by events', async () => {
    const { transport, timeline, shown, update } = setUp()
    timeline.open('rec00001')
    await settle()
    update(grown, timelineOf())
    await settle()
    expect(shown()?.endMs).toBe(1_012_000)
    expect(transport.calls).toHaveLength(1)
  })

  it('reads anew when a gap came', async () => {
    const { timeline, shown, update } = setUp()
    timeline.open('rec00001')
    await settle()
    const gap = { fromMs: 1_010_000, toMs: 1_012_000, cause: 'timeout', count: 1 } as const
    update(
      recordingOf({ endMs: 1_012_000, gaps: 1 }),
      timelineOf({ endMs: 1_012_000, gaps: [gap] }),
    )
    await settle()
    expect(shown()?.gaps).toEqual([gap])
  })

  it('shows nothing of the recording before while the next one is read', async () => {
    const { timeline, shown } = setUp()
    timeline.open('rec00001')
    await settle()
    timeline.open('rec00002')
    expect(shown()).toBeUndefined()
  })

  it('shows nothing while nothing is stored', async () => {
    const { transport, timeline, shown } = setUp()
    transport.answers['recordings.timeline'] = () => timelineOf({ footage: [] })
    timeline.open('rec00001')
    await settle()
    expect(shown()).toBeUndefined()
  })
})
