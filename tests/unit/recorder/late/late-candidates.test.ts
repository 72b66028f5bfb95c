import { describe, expect, it } from 'vitest'
import {
  gapOf,
  gapsSince,
  lateCandidates,
} from '../../../../src-main/recorder/late/late-candidates'
import type { Row } from '../../../../src-main/store/model'
import { createSegmentIndex } from '../../../../src-main/store/segment-index'
import { sampleGap, sampleSegment, segmentRow } from '../../../support/fault-store-samples'
import { mediaPlaylist, onlyStream } from '../../../support/playlists'

const SEC = 2
const startMs = (number: number) => 1000 + number * SEC * 1000

const segment = (number: number, patch: Partial<Row> = {}): Row =>
  segmentRow(number, {
    ...sampleSegment(number, { startMs: startMs(number), mediaSequence: number, durationSec: SEC }),
    ...(patch as object),
  })
const gap = (number: number, count: number): Row => ({
  kind: 'gap',
  index: number,
  ...sampleGap(number, {
    startMs: startMs(number),
    mediaSequence: number,
    durationSec: SEC * count,
    count,
  }),
})

function indexOf(...rows: readonly Row[]) {
  const index = createSegmentIndex()
  for (const row of rows) index.push(row)
  return index
}

const listing = (first: number, count: number, epoch = 0) => ({
  epoch,
  playlist: mediaPlaylist({ first, count, durationSec: SEC }),
  stream: onlyStream,
  requestedAtMs: 0,
})

describe('lateCandidates', () => {
  const index = indexOf(segment(0), gap(1, 3), segment(4), segment(5), gap(6, 1), segment(7))

  it('names what is missing and listed, oldest first, each at its place', () => {
    const late = lateCandidates(index, listing(2, 7))
    expect(late.map((one) => [one.segment.mediaSequence, one.startMs])).toEqual([
      [2, startMs(2)],
      [3, startMs(3)],
      [6, startMs(6)],
    ])
  })

  it('names nothing that is no longer listed, of another numbering, or not to be asked for', () => {
    expect(lateCandidates(index, listing(7, 3))).toEqual([])
    expect(lateCandidates(index, listing(2, 7, 1))).toEqual([])
    const { playlist, ...rest } = listing(2, 7)
    const segments = playlist.segments.map((one) => ({ ...one, gap: true }))
    expect(lateCandidates(index, { ...rest, playlist: { ...playlist, segments } })).toEqual([])
  })

  it('looks at no more of a long log than the window is long', () => {
    const long = indexOf(gap(0, 1), ...Array.from({ length: 200 }, (_, at) => segment(at + 1)))
    const looked: number[] = []
    const watched = {
      ...long,
      length: long.length,
      figures: long.figures,
      kindAt: (position: number) => {
        looked.push(position)
        return long.kindAt(position)
      },
    }
    expect(gapsSince(watched, { epoch: 0, first: 190, next: 201 })).toEqual([])
    expect(Math.min(...looked)).toBeGreaterThan(185)
  })

  it('finds the gap of a number, and none for what is stored or not there yet', () => {
    expect(gapOf(index, { epoch: 0, mediaSequence: 3 })?.index).toBe(1)
    expect(gapOf(index, { epoch: 0, mediaSequence: 4 })).toBeUndefined()
    expect(gapOf(index, { epoch: 0, mediaSequence: 9 })).toBeUndefined()
    expect(gapOf(index, { epoch: 1, mediaSequence: 3 })).toBeUndefined()
  })
})
