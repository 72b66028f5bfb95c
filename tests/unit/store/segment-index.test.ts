import { describe, expect, it } from 'vitest'
import { endMsOf } from '../../../src-main/store/figures'
import type { Row } from '../../../src-main/store/model'
import { createSegmentIndex } from '../../../src-main/store/segment-index'
import {
  assortedRows,
  assortedStartMs,
  discontinuityRow,
  initRow,
} from '../../support/assorted-rows'
import { createRandom, sampleGap, segmentRow } from '../../support/fault-store-samples'

/** Breaks as a playlist writer would mark them: walks the rows up to a position and counts. */
function breaksSeen(rows: readonly Row[], position: number): number {
  let breaks = 0
  let afterSegment = false
  let between = false
  for (const row of rows.slice(0, position + 1)) {
    if (row.kind === 'segment') {
      if (afterSegment && between) breaks += 1
      afterSegment = true
      between = false
    } else if (row.kind !== 'init' && row.kind !== 'key') between = true
  }
  return breaks
}

const covers = (row: Row): row is Extract<Row, { durationSec: number }> =>
  row.kind === 'segment' || row.kind === 'gap'
const orLength = (found: number, rows: readonly Row[]): number => (found < 0 ? rows.length : found)

describe('segment index', () => {
  it('is the same over many chunks, whose columns may be those of the chunk before', () => {
    const random = createRandom(77)
    const steady = (patch: Parameters<typeof segmentRow>[1] = {}) =>
      Array.from({ length: 9000 }, () => segmentRow(0, patch))
    const keyed = { keyIndex: 3, epoch: 2, discontinuitySequence: 5 }
    const rows = [...steady(), ...assortedRows(9000, random), ...steady(), ...steady(keyed)]
    const inOrder = rows.map((row, at) => ({
      ...row,
      index: at,
      startMs: assortedStartMs + at * 4000,
    }))
    const index = createSegmentIndex()
    for (const row of inOrder) index.push(row)
    let segments = 0
    let breaks = 0
    let between = false
    for (const [at, row] of inOrder.entries()) {
      if (row.kind === 'segment') {
        if (between && segments > 0) breaks += 1
        between = false
      }
      if (row.kind === 'gap' || row.kind === 'discontinuity') between = true
      const found = [index.rowAt(at), index.segmentsBefore(at), index.discontinuitiesBefore(at)]
      const isSame = JSON.stringify(found) === JSON.stringify([row, segments, breaks])
      if (!isSame) expect([at, ...found]).toEqual([at, row, segments, breaks])
      if (row.kind === 'segment') segments += 1
    }
    const ms = inOrder[20_000]?.startMs ?? 0
    expect(index.firstStartingAt(ms)).toBe(20_000)
  })

  it('agrees with plain walks over the rows, whatever the rows', () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = createRandom(seed)
      const rows = assortedRows(seed * 60, random)
      const index = createSegmentIndex()
      for (const row of rows) index.push(row)
      expect(index.length).toBe(rows.length)
      expect(index.longestSec).toBe(
        Math.max(0, ...rows.map((row) => (row.kind === 'segment' ? row.durationSec : 0))),
      )
      for (const [at, row] of rows.entries()) {
        expect(index.rowAt(at)).toEqual(row)
        expect([index.kindAt(at), index.startMsAt(at), index.indexAt(at)]).toEqual([
          row.kind,
          row.startMs,
          row.index,
        ])
        expect(index.extensionAt(at)).toBe('extension' in row ? row.extension : undefined)
        expect(index.initIndexAt(at)).toBe('initIndex' in row ? row.initIndex : -1)
        expect(index.keyIndexAt(at)).toBe('keyIndex' in row ? row.keyIndex : -1)
        expect(index.durationSecAt(at)).toBe(covers(row) ? row.durationSec : 0)
        expect(index.positionOf(row.index)).toBe(at)
        expect(index.segmentsBefore(at)).toBe(
          rows.slice(0, at).filter(({ kind }) => kind === 'segment').length,
        )
        expect(index.discontinuitiesBefore(at)).toBe(breaksSeen(rows, at))
      }
      for (let round = 0; round < 100; round += 1) {
        const ms = assortedStartMs + Math.floor(random() * seed * 60 * 2500) - 1000
        expect(index.firstStartingAt(ms)).toBe(
          orLength(
            rows.findIndex((row) => row.startMs >= ms),
            rows,
          ),
        )
        expect(index.firstEndingAfter(ms)).toBe(
          orLength(
            rows.findIndex((row) => covers(row) && endMsOf(row.startMs, row.durationSec) > ms),
            rows,
          ),
        )
      }
    }
  })

  it('counts what stands between two segments as one break, and nothing before the first', () => {
    const index = createSegmentIndex()
    const start = assortedStartMs
    index.push(discontinuityRow(0, start))
    index.push({ kind: 'gap', index: 1, ...sampleGap(0, { startMs: start }) })
    index.push(segmentRow(2, { startMs: start }))
    index.push(discontinuityRow(3, start))
    index.push({ kind: 'gap', index: 4, ...sampleGap(0, { startMs: start }) })
    index.push(initRow(5, start))
    index.push(discontinuityRow(6, start))
    index.push(segmentRow(7, { startMs: start }))
    index.push(segmentRow(8, { startMs: start }))
    index.push(discontinuityRow(9, start))
    expect(Array.from({ length: 11 }, (_, at) => index.discontinuitiesBefore(at))).toEqual([
      0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1,
    ])
    expect(index.segmentsBefore(10)).toBe(3)
  })

  it('keeps figures as rows come', () => {
    const index = createSegmentIndex()
    expect(index.figures).toEqual({ durationSec: 0, bytes: 0, segments: 0, gaps: 0, gapSec: 0 })
    index.push(discontinuityRow(0, 1000))
    index.push(segmentRow(1, { startMs: 2000, durationSec: 4.004, bytes: 10 }))
    index.push({ kind: 'gap', index: 2, ...sampleGap(0, { startMs: 6004, durationSec: 8 }) })
    index.push(initRow(3, 14_004))
    index.push(segmentRow(4, { startMs: 14_004, durationSec: 0.1, bytes: 20 }))
    expect(index.figures).toEqual({
      startMs: 2000,
      endMs: 14_104,
      durationSec: 4.104,
      bytes: 730,
      segments: 2,
      gaps: 1,
      gapSec: 8,
    })
  })

  it('refuses rows that go back', () => {
    const index = createSegmentIndex()
    index.push(segmentRow(5))
    const { startMs } = segmentRow(5)
    expect(() => index.push(segmentRow(5))).toThrow(RangeError)
    expect(() => index.push(segmentRow(6, { startMs: startMs - 1 }))).toThrow(RangeError)
    expect(() => index.rowAt(1)).toThrow(RangeError)
    expect(index.length).toBe(1)
  })

  it('P3 holds 100 000 rows in at most 64 bytes each and finds a time in microseconds', () => {
    const index = createSegmentIndex()
    const before = process.memoryUsage().arrayBuffers
    for (let at = 0; at < 100_000; at += 1) index.push(segmentRow(at))
    const perRow = (process.memoryUsage().arrayBuffers - before) / 100_000
    expect(perRow).toBeGreaterThan(0)
    expect(perRow).toBeLessThanOrEqual(64)
    const last = segmentRow(99_999)
    expect(index.firstEndingAfter(last.startMs)).toBe(99_999)
    expect(index.positionOf(99_999)).toBe(99_999)
    expect(index.positionOf(100_000)).toBeUndefined()
  })
})
