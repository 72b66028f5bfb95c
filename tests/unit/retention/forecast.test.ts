import { describe, expect, it } from 'vitest'
import type { RetentionLimits } from '../../../src-main/retention/decide-retention'
import { forecastOf } from '../../../src-main/retention/forecast'
import { heldRecording } from '../../../src-main/retention/held-recording'

const HOUR_MS = 3_600_000
const NOW_MS = 1000 * HOUR_MS
const GB = 1e9
const limits: RetentionLimits = {
  maxAgeMs: 0,
  maxRecordingBytes: 0,
  maxLibraryBytes: 0,
  headroomBytes: 2 * GB,
  deletesForSpace: false,
  trashMs: 72 * HOUR_MS,
}
/** One that has been recorded for ten hours, a gigabyte each. */
const running = (change: { pinned?: boolean } = {}) =>
  heldRecording({
    recording: {
      id: 'live',
      meta: { pinned: change.pinned ?? false, pinnedSpans: [] },
      figures: {
        startMs: NOW_MS - 10 * HOUR_MS,
        endMs: NOW_MS,
        durationSec: 36_000,
        bytes: 10 * GB,
        segments: 1,
        gaps: 0,
        gapSec: 0,
      },
    },
    isRunning: true,
    inUseFromMs: undefined,
  })
const rates = new Map([['live', GB]])
const forecast = (
  change: Partial<RetentionLimits>,
  state: {
    pinned?: boolean
    freeBytes?: number
    trash?: readonly { id: string; deletedMs: number; bytes: number }[]
  } = {},
) =>
  forecastOf(
    {
      recordings: [running(state)],
      trash: state.trash ?? [],
      freeBytes: state.freeBytes ?? 11 * GB,
    },
    { ...limits, ...change },
    rates,
    NOW_MS,
  )

describe('what comes', () => {
  it('says when recording will pause, as fast as it goes', () => {
    expect(forecast({})).toEqual({
      bytesPerHour: GB,
      letGoBytes: 0,
      fullMs: NOW_MS + 10 * HOUR_MS,
    })
  })

  it('the trash makes room first, and is part of what goes', () => {
    const trash = [{ id: 'deleted', deletedMs: NOW_MS, bytes: 5 * GB }]
    expect(forecast({}, { trash })).toEqual({
      bytesPerHour: GB,
      letGoBytes: 5 * GB,
      fullMs: NOW_MS + 15 * HOUR_MS,
    })
  })

  it('is never full where the oldest footage makes room, and says how much will', () => {
    const told = forecast({ deletesForSpace: true })
    expect(told).not.toHaveProperty('fullMs')
    // 24 GB come, and 9 fit above the headroom.
    expect(told.letGoBytes / GB).toBeGreaterThanOrEqual(15)
    expect(told.letGoBytes / GB).toBeLessThan(17)
  })

  it('is full after all where what would make room is pinned', () => {
    const told = forecast({ deletesForSpace: true }, { pinned: true })
    expect(told).toEqual({ bytesPerHour: GB, letGoBytes: 0, fullMs: NOW_MS + 10 * HOUR_MS })
  })

  it('is not full where the age of footage keeps it small enough', () => {
    expect(forecast({ maxAgeMs: 8 * HOUR_MS })).not.toHaveProperty('fullMs')
    expect(forecast({ maxAgeMs: 800 * HOUR_MS }).fullMs).toBe(NOW_MS + 10 * HOUR_MS)
  })

  it('has nothing to say of a disk that nobody knows, or while nothing comes', () => {
    const state = { recordings: [running()], trash: [], freeBytes: undefined }
    expect(forecastOf(state, limits, rates, NOW_MS)).not.toHaveProperty('fullMs')
    expect(forecastOf({ ...state, freeBytes: GB }, limits, new Map(), NOW_MS)).not.toHaveProperty(
      'fullMs',
    )
  })
})
