import { describe, expect, it } from 'vitest'
import { healthOf } from '../../../src-main/observe/health'
import { totalsOf } from '../../../src-main/observe/library-totals'
import type { RecordingSummary } from '../../../src-preload/contract/model'

const recording = (
  id: string,
  state: RecordingSummary['state'],
  figures: Partial<RecordingSummary> = {},
): RecordingSummary => ({
  id,
  title: 'a secret title',
  sourceUrl: 'https://example.com/live.m3u8',
  state,
  startMs: 0,
  durationSec: 10,
  bytes: 100,
  segments: 5,
  gaps: 0,
  gapSec: 0,
  completeness: 1,
  live: true,
  pinned: false,
  keepWaiting: false,
  createdMs: 0,
  ...figures,
})

describe('healthOf', () => {
  it('gives no reason while everything runs', () => {
    const recordings = [recording('a1', 'recording'), recording('b2', 'stopped')]
    expect(healthOf({ recordings, storage: { freeBytes: 1e12, state: 'ok' } })).toEqual({
      reasons: [],
      details: { recordings: 2, running: 1, stalled: [], freeBytes: 1e12 },
    })
  })

  it('names stalled recordings by id, never by title, and a disk that runs full', () => {
    const { reasons } = healthOf({
      recordings: [recording('a1', 'stalled')],
      storage: { freeBytes: 20e6, state: 'full' },
    })
    expect(reasons).toHaveLength(3)
    expect(reasons[2]).toContain('pauses')
    expect(reasons[0]).toContain('a1')
    expect(reasons[1]).toContain('19 MB')
    expect(reasons.join()).not.toContain('secret')
  })
})

describe('totalsOf', () => {
  it('adds recordings up by state', () => {
    const recordings = [
      recording('a1', 'recording', { gaps: 2, gapSec: 4 }),
      recording('b2', 'stopped'),
      recording('c3', 'stopped'),
    ]
    expect(totalsOf(recordings)).toEqual({
      recordingsByState: { recording: 1, stopped: 2 },
      segments: 15,
      bytes: 300,
      gaps: 2,
      gapSec: 4,
    })
  })
})
