import { describe, expect, it } from 'vitest'
import type { LetGoRow, Row, SegmentIndex } from '../../../src-main/store/model'
import { decodeRow, encodeRow } from '../../../src-main/store/segment-row'
import { createTrackIndex, type TrackIndex } from '../../../src-main/store/track-index'
import {
  createRandom,
  sampleGap,
  sampleStartMs,
  segmentRow,
} from '../../support/fault-store-samples'

const rowsOf = (index: SegmentIndex): Row[] =>
  Array.from({ length: index.length }, (_, position) => index.rowAt(position))

/** A log of all kinds of rows, with late segments in some of its gaps, in the order in which they came. */
function randomLog(count: number, random: () => number): Row[] {
  const rows: Row[] = []
  const missing: { index: number; startMs: number }[] = []
  let index = 0
  let startMs = sampleStartMs
  let init = -1
  let key = -1
  let late = 0
  const add = (row: Row, took = 1) => {
    rows.push(row)
    index += took
  }
  const base = () => ({ index, epoch: 0, startMs })
  for (let step = 0; step < count; step += 1) {
    const what = random()
    if (step === 0 || what < 0.03) {
      const reason = step === 0 || random() < 0.5 ? 'epoch' : 'source'
      add({ kind: 'discontinuity', ...base(), reason, mediaSequence: 0, clock: 'source' })
    } else if (what < 0.06) {
      init = index
      add({ kind: 'init', ...base(), extension: 'mp4', bytes: 700, checksum: 1 })
    } else if (what < 0.1) {
      key = index
      add({ kind: 'key', ...base(), bytes: 16, checksum: 2 })
    } else if (what < 0.2) {
      const segments = 1 + Math.floor(random() * 3)
      const durationSec = 4 * segments
      for (let one = 0; one < segments; one += 1) {
        missing.push({ index: index + one, startMs: startMs + one * 4000 })
      }
      add(
        { ...sampleGap(0, { startMs, durationSec, count: segments }), kind: 'gap', index },
        segments,
      )
      startMs += durationSec * 1000
    } else if (what < 0.25 && missing.length > 0) {
      const [place] = missing.splice(Math.floor(random() * missing.length), 1)
      if (place === undefined || place.startMs + 4000 > startMs) continue
      late += 1
      rows.push(
        segmentRow(place.index, { ...place, late: { number: late, apart: random() < 0.5 } }),
      )
    } else {
      const keyed = key >= 0 && random() < 0.5 ? { keyIndex: key } : {}
      add(segmentRow(index, { startMs, durationSec: 3 + random(), initIndex: init, ...keyed }))
      startMs += 4000
    }
  }
  return rows
}

function indexOf(rows: readonly Row[]): TrackIndex {
  const index = createTrackIndex()
  for (const row of rows) if (index.accepts(row)) index.push(row)
  return index
}

/** Positions of the segments that are told. */
const segmentsOf = ({ told }: TrackIndex): number[] =>
  rowsOf(told).flatMap(({ kind }, at) => (kind === 'segment' ? [at] : []))

/** What a player is told of the first rows from an index on. */
function toldFrom(view: SegmentIndex, index: number) {
  return rowsOf(view).flatMap((row, at) =>
    row.index < index
      ? []
      : [
          {
            row,
            segments: view.segmentsBefore(at),
            breaks: row.kind === 'segment' ? view.discontinuitiesBefore(at) : undefined,
          },
        ],
  )
}

function letGo(index: TrackIndex, position: number): LetGoRow {
  const row = index.letGoAt(position, { beside: 0, cleanIndex: 0 })
  if (row === undefined) throw new Error('there is nothing to let go of')
  // As it comes back from the disk.
  const read = decodeRow(encodeRow(row).trimEnd())
  if (read === 'damaged' || read === 'too-new' || read.kind !== 'let-go') throw new Error('damaged')
  expect(read).toEqual(row)
  index.takeLetGo(read)
  return read
}

describe('an index whose beginning was let go', () => {
  it('goes on counting where it was: whatever was let go, in how many steps, to whoever knew which late segments', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = createRandom(seed)
      const rows = randomLog(seed % 20 === 0 ? 9000 : 120, random)
      const half = Math.floor(rows.length / 2)
      const whole = indexOf(rows)
      const trimmed = indexOf(rows.slice(0, half))
      const spots = segmentsOf(trimmed)
      const some = spots[Math.floor(random() * spots.length)] ?? 0
      if (some > 2) letGo(trimmed, spots.filter((spot) => spot <= some / 2).at(-1) ?? some)
      const again = trimmed.told.positionOf(indexOf(rows.slice(0, half)).told.indexAt(some)) ?? 0
      const row = trimmed.letGoAt(again, { beside: 0, cleanIndex: 0 })
      if (row !== undefined) letGo(trimmed, again)
      const from = trimmed.told.gone.before
      for (const one of rows.slice(half)) if (trimmed.accepts(one)) trimmed.push(one)
      // A late segment for a gap that is gone has no place any more.
      const came = new Set(trimmed.lates.map(({ index }) => index))
      const expected = indexOf(
        rows.filter((one) => {
          const isLate = one.kind === 'segment' && one.late !== undefined
          return !isLate || one.index < from || came.has(one.index)
        }),
      )
      for (const number of [0, 1, 3, 1000]) {
        const view = trimmed.asOf(number)
        const before = expected.asOf(number)
        const isKnown = number === 0 || number === 1000 || (trimmed.letGo?.lates.length ?? 0) < 32
        if (isKnown && !hasLateOverlap(rows, half, from)) {
          expect(toldFrom(view, from)).toEqual(toldFrom(before, from))
        }
        expect(rowsOf(view).filter(({ index }) => index >= from)).toEqual(
          rowsOf(before).filter(({ index }) => index >= from),
        )
      }
      expectAsFresh(trimmed)
      expect(trimmed.nextIndex).toBe(whole.nextIndex)
      expect(trimmed.told.longestSec).toBe(whole.told.longestSec)
    }
  })
})

/** Figures and searches are those of an index that never had more. */
function expectAsFresh(trimmed: TrackIndex): void {
  const fresh = createTrackIndex()
  for (const row of [...rowsOf(trimmed.told), ...trimmed.lates]) fresh.push(row)
  const [ours, theirs] = [trimmed.current, fresh.current]
  expect(ours.figures).toEqual(theirs.figures)
  expect(ours.length).toBe(theirs.length)
  for (let position = 0; position < ours.length; position += Math.ceil(ours.length / 50)) {
    const startMs = ours.startMsAt(position)
    for (const ms of [startMs - 1, startMs, startMs + 1500]) {
      expect(ours.firstEndingAfter(ms)).toBe(theirs.firstEndingAfter(ms))
      expect(ours.firstStartingAt(ms)).toBe(theirs.firstStartingAt(ms))
    }
    const index = ours.indexAt(position)
    expect(ours.positionOf(index)).toBe(position)
    expect(ours.positionOf(index + 1)).toBe(theirs.positionOf(index + 1))
  }
}

/** Late segments that came after the cut for gaps before it count for those only who never let go. */
function hasLateOverlap(rows: readonly Row[], half: number, from: number): boolean {
  return rows
    .slice(half)
    .some((row) => row.kind === 'segment' && row.late !== undefined && row.index < from)
}
