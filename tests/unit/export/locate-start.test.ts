import { describe, expect, it } from 'vitest'
import { companionOffsetSec, locateStart } from '../../../src-main/export/locate-start'
import type { MediaHead } from '../../../src-main/export/media-head'
import type { Run } from '../../../src-main/export/plan'
import type { SegmentRow } from '../../../src-main/store/model'

const T0 = 1_790_000_000_000
const row = (index: number): SegmentRow => ({
  kind: 'segment',
  index,
  epoch: 0,
  startMs: T0 + index * 4000,
  mediaSequence: index,
  discontinuitySequence: 0,
  durationSec: 4,
  extension: 'ts',
  bytes: 1,
  checksum: 0,
  initIndex: -1,
})

/** Media whose clock shows 1000 s at T0, with key frames at the given seconds after T0. */
const mediaWith = (keyFrames: readonly number[]) => (rows: readonly SegmentRow[]) => {
  const fromSec = ((rows[0]?.startMs ?? 0) - T0) / 1000
  const toSec = fromSec + rows.length * 4
  const head: MediaHead = {
    originSec: 1000 + fromSec,
    firstSec: 1000 + fromSec,
    keyFrames: keyFrames
      .filter((sec) => sec >= fromSec && sec < toSec)
      .map((sec) => ({ atSec: 1000 + sec, leadSec: 0.04 })),
  }
  return Promise.resolve(head)
}

async function locate(options: {
  keyFrames: readonly number[]
  before?: number[]
  rows: number[]
  wantedSec: number
}) {
  const run: Run = {
    fromMs: T0,
    toMs: T0,
    clippedAtEnd: false,
    rows: options.rows.map(row),
    before: (options.before ?? []).map(row),
  }
  const start = await locateStart({
    run,
    wantedMs: T0 + options.wantedSec * 1000,
    probe: mediaWith(options.keyFrames),
  })
  return {
    atSec: (start.atMs - T0) / 1000,
    mediaSec: start.mediaSec,
    first: start.rows[0]?.index,
    count: start.rows.length,
  }
}

describe('locateStart', () => {
  it('is the last key frame at or before the wanted instant', async () => {
    const keyFrames = [0, 2, 4, 6, 8]
    expect(await locate({ keyFrames, rows: [1, 2], wantedSec: 7 })).toEqual({
      atSec: 6,
      mediaSec: 1006,
      first: 1,
      count: 2,
    })
    expect((await locate({ keyFrames, rows: [1, 2], wantedSec: 6 })).atSec).toBe(6)
  })

  it('looks back as far as it must, and no further', async () => {
    const keyFrames = [1, 9]
    const found = await locate({ keyFrames, before: [0, 1], rows: [2], wantedSec: 8.5 })
    expect(found).toEqual({ atSec: 1, mediaSec: 1001, first: 0, count: 3 })
  })

  it('is the first key frame after, where there is none before', async () => {
    expect(await locate({ keyFrames: [6], rows: [1, 2], wantedSec: 4 })).toMatchObject({ atSec: 6 })
    expect(await locate({ keyFrames: [13], rows: [1, 2, 3], wantedSec: 4 })).toMatchObject({
      atSec: 13,
      first: 1,
    })
  })
})

describe('companionOffsetSec', () => {
  const start = { atMs: T0 + 6000, mediaSec: 1006 }

  it('trusts the media where both tracks share a clock', () => {
    const offset = companionOffsetSec({
      start,
      companionStartMs: T0 + 4010,
      companionFirstSec: 1003.98,
    })
    expect(offset).toBeCloseTo(2.02, 6)
  })

  it('trusts the log where they do not, and may be negative', () => {
    expect(companionOffsetSec({ start, companionStartMs: T0 + 4000, companionFirstSec: 0 })).toBe(2)
    expect(
      companionOffsetSec({ start, companionStartMs: T0 + 7000, companionFirstSec: 50_000 }),
    ).toBe(-1)
  })

  it('trusts the media although the log is a target duration off', () => {
    const late = { start, companionStartMs: T0 + 12_000, companionFirstSec: 1006 }
    expect(companionOffsetSec(late)).toBe(0)
  })

  it('trusts the log for packed audio, which has no timestamps', () => {
    const atZero = { atMs: T0, mediaSec: 1.4 }
    const packed = { start: atZero, companionStartMs: T0, companionFirstSec: undefined }
    expect(companionOffsetSec(packed)).toBe(0)
  })
})
