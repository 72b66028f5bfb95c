import { describe, expect, it } from 'vitest'
import type { GapRow, Row, SegmentRow } from '../../../src-main/store/model'
import { createSegmentIndex } from '../../../src-main/store/segment-index'
import { createTrackIndex, latePlace } from '../../../src-main/store/track-index'
import {
  createRandom,
  sampleGap,
  sampleStartMs,
  segmentRow,
} from '../../support/fault-store-samples'

const SEC = 4

/** A row of the log that begins at second `number * SEC`. */
const at = (number: number) => sampleStartMs + number * SEC * 1000

const gapRow = (index: number, number: number, count: number): GapRow => ({
  kind: 'gap',
  index,
  ...sampleGap(number, { startMs: at(number), durationSec: SEC * count, count }),
})

const lateRow = (index: number, number: number, mark: Partial<SegmentRow['late']> = {}): Row =>
  segmentRow(index, {
    startMs: at(number),
    mediaSequence: 100 + number,
    late: { number: 1, apart: false, ...mark },
  })

const plainRow = (index: number, number: number): Row =>
  segmentRow(index, { startMs: at(number), mediaSequence: 100 + number })

const rowsOf = (index: { length: number; rowAt(position: number): Row }): Row[] =>
  Array.from({ length: index.length }, (_, position) => index.rowAt(position))

/** What the rows say, without the marks of late segments. */
const spoken = (rows: readonly Row[]) =>
  rows.map((row) =>
    row.kind === 'gap' || row.kind === 'segment'
      ? `${row.kind === 'gap' ? `gap of ${row.count}` : 'segment'} ${row.mediaSequence} at ${(row.startMs - sampleStartMs) / 1000} for ${row.durationSec}`
      : row.kind,
  )

describe('a track index with late segments', () => {
  it('puts a late segment into its place in a gap, and leaves the rest of the gap', () => {
    const index = createTrackIndex()
    for (const row of [plainRow(0, 0), gapRow(1, 1, 3), plainRow(4, 4)]) index.push(row)
    const before = index.current
    index.push(lateRow(2, 2))
    expect(spoken(rowsOf(index.current))).toEqual([
      'segment 100 at 0 for 4',
      'gap of 1 101 at 4 for 4',
      'segment 102 at 8 for 4',
      'gap of 1 103 at 12 for 4',
      'segment 104 at 16 for 4',
    ])
    expect(index.current.figures).toMatchObject({
      segments: 3,
      gaps: 2,
      gapSec: 8,
      durationSec: 12,
    })
    expect(index.current.lateNumber).toBe(1)
    // What was handed out before stays what it was, and the order of the log can still be had.
    expect(before.length).toBe(3)
    expect(index.asOf(0).length).toBe(3)
  })

  it('closes a gap when all of its segments have come, in whatever order', () => {
    const index = createTrackIndex()
    for (const row of [plainRow(0, 0), gapRow(1, 1, 3), plainRow(4, 4)]) index.push(row)
    index.push(lateRow(3, 3, { number: 1 }))
    index.push(lateRow(1, 1, { number: 2 }))
    index.push(lateRow(2, 2, { number: 3 }))
    expect(rowsOf(index.current).map(({ kind }) => kind)).toEqual(Array(5).fill('segment'))
    expect(index.current.figures).toMatchObject({
      segments: 5,
      gaps: 0,
      gapSec: 0,
      durationSec: 20,
    })
    expect(index.asOf(2).figures).toMatchObject({ segments: 4, gaps: 1, gapSec: 4 })
  })

  it('takes each late segment once, and none that was not missing', () => {
    const index = createTrackIndex()
    for (const row of [plainRow(0, 0), gapRow(1, 1, 1), plainRow(2, 2)]) index.push(row)
    index.push(lateRow(1, 1))
    expect(index.accepts(lateRow(1, 1))).toBe(false)
    expect(index.accepts(lateRow(2, 2))).toBe(false)
    expect(index.accepts(lateRow(7, 0))).toBe(false)
  })

  it('finds a late segment by index where the row of its gap was damaged on disk', () => {
    const index = createTrackIndex()
    for (const row of [plainRow(0, 0), plainRow(3, 3)]) index.push(row)
    index.push(lateRow(1, 1, { number: 1 }))
    index.push(lateRow(2, 2, { number: 2 }))
    expect(spoken(rowsOf(index.current))).toEqual([
      'segment 100 at 0 for 4',
      'segment 101 at 4 for 4',
      'segment 102 at 8 for 4',
      'segment 103 at 12 for 4',
    ])
    expect([0, 1, 2, 3].map((one) => index.current.positionOf(one))).toEqual([0, 1, 2, 3])
  })

  it('gives a late segment its index within the gap, or the part of it that is left', () => {
    const index = createTrackIndex()
    for (const row of [plainRow(0, 0), gapRow(1, 1, 3), plainRow(4, 4)]) index.push(row)
    const late = (number: number, gapIndex: number) => {
      const { kind: _kind, index: _index, ...gap } = gapRow(0, number, 1)
      return { ...gap, extension: 'ts' as const, initIndex: -1, gapIndex, apart: false }
    }
    expect(latePlace(index.current, late(2, 1))).toEqual({ index: 2, startMs: at(2) })
    index.push(lateRow(2, 2))
    expect(latePlace(index.current, late(3, 3))).toEqual({ index: 3, startMs: at(3) })
    expect(() => latePlace(index.current, late(2, 1))).toThrow(RangeError)
    expect(() => latePlace(index.current, { ...late(3, 3), epoch: 1 })).toThrow(RangeError)
  })

  it('leaves gaps alone that an earlier VSR gave one index for several segments', () => {
    const index = createTrackIndex()
    for (const row of [plainRow(0, 0), gapRow(1, 1, 3), plainRow(2, 4)]) index.push(row)
    const { kind: _kind, index: _index, ...gap } = gapRow(0, 2, 1)
    const late = { ...gap, extension: 'ts' as const, initIndex: -1, gapIndex: 1, apart: false }
    expect(() => latePlace(index.current, late)).toThrow(RangeError)
  })
})

/** A random log, and late segments for it. */
function randomHistory(seed: number) {
  const random = createRandom(seed)
  const told: Row[] = []
  const missing: { index: number; number: number }[] = []
  let next = 0
  let number = 0
  for (let step = 0; step < 30; step += 1) {
    const happens = random()
    if (happens < 0.5) {
      told.push(plainRow(next, number))
      next += 1
      number += 1
    } else if (happens < 0.8) {
      const count = 1 + Math.floor(random() * 3)
      told.push(gapRow(next, number, count))
      for (let one = 0; one < count; one += 1)
        missing.push({ index: next + one, number: number + one })
      next += count
      number += count
    } else {
      const row = { index: next, epoch: 0, startMs: at(number), mediaSequence: 100 + number }
      told.push({ kind: 'discontinuity', ...row, reason: 'source', clock: 'source' })
      next += 1
    }
  }
  const lates = missing
    .filter(() => random() < 0.6)
    .toSorted(() => random() - 0.5)
    .map((one) => lateRow(one.index, one.number, { apart: random() < 0.2 }))
  return { told, lates, random }
}

/** The same by rows alone: gaps that shrink and vanish, breaks counted from one segment to the next. */
function expected(rows: readonly Row[]) {
  const plain = createSegmentIndex()
  let breaks = 0
  let pending = false
  let segments = 0
  return rows.map((row, position) => {
    const { index } = row
    plain.push({ ...row, index: position })
    const apart = row.kind === 'segment' && (row.late?.apart ?? false)
    if (row.kind === 'segment') {
      if ((pending || apart) && segments > 0) breaks += 1
      pending = apart
      segments += 1
    } else if (row.kind === 'gap' || row.kind === 'discontinuity') pending = true
    const isSegment = row.kind === 'segment'
    return { index, before: isSegment ? { segments: segments - 1, breaks } : undefined, plain }
  })
}

describe('any log with any late segments', () => {
  it.each(Array.from({ length: 200 }, (_, seed) => seed))(
    'reads as if each segment had come in its turn (seed %i)',
    (seed) => {
      const { told, lates, random } = randomHistory(seed)
      const index = createTrackIndex()
      // Some come before the log has gone on.
      const cut = Math.floor(random() * told.length)
      for (const row of told.slice(0, cut)) index.push(row)
      let number = 0
      const push = (row: Row) => {
        number += 1
        index.push(
          row.kind === 'segment' ? { ...row, late: { apart: false, ...row.late, number } } : row,
        )
      }
      const early = lates.filter((late) => index.accepts(late))
      for (const late of early) push(late)
      const viewBefore = index.current
      for (const row of told.slice(cut)) index.push(row)
      for (const late of lates) if (!early.includes(late)) push(late)

      for (const view of [index.current, viewBefore]) {
        const shown = view === index.current ? lates : early
        const rows = rowsOf(view)
        const inTurn = expected(rows)
        // Every number is there once, as a segment or in a gap.
        const numbers = rows.flatMap((row) =>
          row.kind === 'segment'
            ? [row.mediaSequence]
            : row.kind === 'gap'
              ? Array.from({ length: row.count }, (_, one) => row.mediaSequence + one)
              : [],
        )
        expect(numbers).toEqual(numbers.map((_, one) => 100 + one))
        expect(rows.filter((row) => row.kind === 'segment' && row.late)).toHaveLength(shown.length)

        const { plain } = inTurn.at(-1) ?? { plain: undefined }
        const { endMs, ...figures } = view.figures
        expect(figures).toEqual({ ...plain?.figures, endMs: undefined })
        expect(endMs).toBe(plain?.figures.endMs)
        for (const [position, { index: own, before }] of inTurn.entries()) {
          const row = rows[position]
          expect(view.kindAt(position)).toBe(row?.kind)
          expect(view.indexAt(position)).toBe(own)
          expect(view.positionOf(own)).toBe(position)
          expect(view.startMsAt(position)).toBe(row?.startMs)
          if (before === undefined) continue
          expect(view.segmentsBefore(position)).toBe(before.segments)
          expect(view.discontinuitiesBefore(position), `breaks at ${position}`).toBe(before.breaks)
        }
        expect(view.segmentsBefore(view.length)).toBe(view.figures.segments)
        for (let ms = at(0) - 1000; ms < at(60); ms += 1700) {
          expect(view.firstEndingAfter(ms)).toBe(plain?.firstEndingAfter(ms))
          expect(view.firstStartingAt(ms)).toBe(plain?.firstStartingAt(ms))
        }
      }
    },
  )
})
