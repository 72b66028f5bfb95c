import { describe, expect, it } from 'vitest'
import {
  progressLine,
  startedLine,
  stateWord,
  summaryLine,
} from '../../../../src-main/api/cli/record-lines'
import type { RecordingSummary } from '../../../../src-preload/contract/model'

const waiting: RecordingSummary = {
  id: 'rec00001',
  title: 'News',
  sourceUrl: 'https://example.test/news.m3u8',
  state: 'resolving',
  reason: {
    sinceMs: 0,
    cause: { code: 'not_live', message: 'The stream has not started yet.' },
    nextTryMs: 10_000,
  },
  startMs: 0,
  durationSec: 0,
  bytes: 0,
  segments: 0,
  gaps: 0,
  gapSec: 0,
  completeness: 1,
  live: true,
  pinned: false,
  keepWaiting: false,
  createdMs: 0,
}

describe('lines of vsr record', () => {
  it('tells a source that ended from a recording that was stopped', () => {
    const { reason: _over, ...rest } = waiting
    expect(summaryLine({ ...rest, state: 'stopped' })).toMatch(/^stopped: /)
    expect(summaryLine({ ...rest, state: 'stopped', sourceEnded: true })).toMatch(/^ended: /)
  })

  it('says that it waits, and when it tries next, instead of figures of nothing', () => {
    expect(stateWord(waiting)).toBe('waiting')
    expect(progressLine(waiting, 5500)).toBe(
      'waiting · next try in 5 s · The stream has not started yet.',
    )
    expect(progressLine(waiting, 10_000)).toContain('trying now')
  })

  it('says for how long nothing new has come, before anybody can say that something is wrong', () => {
    const reason = { sinceMs: 0, quietSinceMs: 2000, nextTryMs: 17_000 }
    const quiet = { ...waiting, state: 'recording' as const, segments: 3, reason }
    expect(progressLine(quiet, 14_000)).toContain('nothing new for 12 s · next try in 3 s')
  })

  it('keeps the figures of what is stored while it waits for the next start', () => {
    const stored = { ...waiting, segments: 3, durationSec: 6, bytes: 2000 }
    expect(progressLine(stored, 0)).toContain('00:06 · 2.0 kB')
  })

  it('says what the sound beside the picture lacks', () => {
    const stored = { ...waiting, state: 'recording' as const, segments: 3, soundGapSec: 50.2 }
    expect(progressLine(stored, 0)).toContain(' · sound lacks 50 s')
    expect(progressLine({ ...stored, soundGapSec: 0.2 }, 0)).not.toContain('lacks')
  })

  it('says from the start what it waits for', () => {
    expect(startedLine(waiting, { waitForLive: true })).toContain('as soon as it is live')
    expect(startedLine({ ...waiting, keepWaiting: true }, { waitForLive: false })).toContain(
      'waits for it to start again',
    )
  })

  it('calls nothing stored by its name, not complete', () => {
    expect(summaryLine({ ...waiting, state: 'stopped' })).toBe('stopped: rec00001 · nothing stored')
    expect(summaryLine({ ...waiting, state: 'stopped', segments: 1 })).toContain('100.0 % complete')
  })
})
