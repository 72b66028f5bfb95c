import { describe, expect, it } from 'vitest'
import { readTrackPosition } from '../../../src-main/recorder/track-position'
import type { Row } from '../../../src-main/store/model'
import { createSegmentIndex } from '../../../src-main/store/segment-index'

const startMs = Date.UTC(2026, 0, 1)

function indexOf(rows: readonly Partial<Row>[]) {
  const index = createSegmentIndex()
  const defaults = {
    epoch: 0,
    mediaSequence: 0,
    discontinuitySequence: 0,
    durationSec: 2,
    extension: 'ts',
    bytes: 1,
    checksum: 1,
    initIndex: -1,
    startMs,
  }
  // Rows of a kind carry only that kind's fields once they are read back.
  for (const [at, row] of rows.entries()) index.push({ ...defaults, ...row, index: at } as Row)
  return index
}

const epochRow = (
  epoch: number,
  mediaSequence: number,
  clock: 'source' | 'arrival',
): Partial<Row> => ({
  kind: 'discontinuity',
  reason: 'epoch',
  epoch,
  mediaSequence,
  clock,
})

describe('readTrackPosition', () => {
  it('expects the same number behind a gap whose numbers nobody knows', () => {
    const index = indexOf([
      epochRow(0, 900, 'arrival'),
      { kind: 'segment', mediaSequence: 900 },
      {
        kind: 'gap',
        mediaSequence: 901,
        count: 0,
        durationSec: 60,
        startMs: startMs + 2000,
        cause: 'restart',
      },
    ])
    const { cursor, timeline } = readTrackPosition({ index, nowMs: startMs + 62_000 })
    expect(cursor?.nextMediaSequence).toBe(901)
    expect(timeline.nextStartMs).toBe(startMs + 62_000)
  })

  it('begins anew where nothing is stored', () => {
    const position = readTrackPosition({ index: indexOf([]), nowMs: startMs })
    expect(position).toMatchObject({ cursor: undefined, newEpoch: 0, awaySec: undefined })
  })

  it('goes on behind the last segment of the last epoch', () => {
    const index = indexOf([
      epochRow(0, 900, 'arrival'),
      { kind: 'segment', mediaSequence: 900 },
      epochRow(1, 5, 'source'),
      { kind: 'segment', epoch: 1, mediaSequence: 5 },
      {
        kind: 'segment',
        epoch: 1,
        mediaSequence: 6,
        startMs: startMs + 2000,
        discontinuitySequence: 3,
      },
    ])
    const position = readTrackPosition({ index, nowMs: startMs + 64_000 })
    expect(position).toMatchObject({
      cursor: { epoch: 1, nextMediaSequence: 7 },
      timeline: { nextStartMs: startMs + 4000, clock: 'source', discontinuitySequence: 3 },
      newEpoch: 2,
      awaySec: 60,
    })
    expect(position.cursor?.marks).toEqual([
      { mediaSequence: 5, name: '', programDateTimeMs: startMs },
      { mediaSequence: 6, name: '', programDateTimeMs: startMs + 2000 },
    ])
  })

  it('goes on behind a gap of several segments, and trusts no instants of arrival', () => {
    const index = indexOf([
      epochRow(0, 0, 'arrival'),
      { kind: 'segment' },
      {
        kind: 'gap',
        mediaSequence: 1,
        count: 4,
        durationSec: 8,
        cause: 'network',
        startMs: startMs + 2000,
      },
    ])
    const position = readTrackPosition({ index, nowMs: startMs })
    expect(position.cursor?.nextMediaSequence).toBe(5)
    expect(position.timeline.nextStartMs).toBe(startMs + 10_000)
    expect(position.cursor?.marks[0]?.programDateTimeMs).toBeUndefined()
    expect(position.awaySec).toBe(0)
  })

  it('begins with the epoch where it ended right after its first row', () => {
    const position = readTrackPosition({
      index: indexOf([epochRow(2, 40, 'source')]),
      nowMs: startMs,
    })
    expect(position).toMatchObject({ cursor: { epoch: 2, nextMediaSequence: 40 }, newEpoch: 3 })
  })
})
