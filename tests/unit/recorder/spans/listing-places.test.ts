import { describe, expect, it } from 'vitest'
import type { PlanItem } from '../../../../src-main/recorder/plan'
import {
  createInstantMap,
  createListingPlaces,
} from '../../../../src-main/recorder/spans/listing-places'
import { createSegmentIndex } from '../../../../src-main/store/segment-index'
import type { MediaSegment } from '../../../../src-main/hls/playlist'
import { mediaPlaylist, onlyStream } from '../../../support/playlists'

const planned = (segments: readonly MediaSegment[], startMs: number): PlanItem[] =>
  segments.map((segment, at) => ({
    kind: 'segment',
    planned: { epoch: 0, startMs: startMs + at * 2000, segment, stream: onlyStream },
  }))

const starts = (places: ReturnType<typeof createListingPlaces>, first: number, count = 5) =>
  places.place(mediaPlaylist({ first, count })).map(({ startMs }) => startMs)

describe('places of listed segments', () => {
  it('counts those before the recording back, and remembers those of earlier loads', () => {
    const places = createListingPlaces(createSegmentIndex())
    const first = mediaPlaylist({ first: 10, count: 5 })
    expect(places.place(first)).toEqual([])
    places.follow({ epoch: 0, playlist: first, items: planned(first.segments.slice(-3), 100_000) })
    expect(starts(places, 10)).toEqual([96_000, 98_000, 100_000, 102_000, 104_000])
    const second = mediaPlaylist({ first: 12, count: 5 })
    // The source stood still for a while: its segments are not where adding up would put them.
    places.follow({
      epoch: 0,
      playlist: second,
      items: planned(second.segments.slice(-2), 200_000),
    })
    expect(starts(places, 12)).toEqual([100_000, 102_000, 104_000, 200_000, 202_000])
  })

  it('forgets them in a new epoch, whose numbers mean other segments', () => {
    const places = createListingPlaces(createSegmentIndex())
    const { segments } = mediaPlaylist({ first: 10, count: 5 })
    places.follow({
      epoch: 0,
      playlist: mediaPlaylist({ first: 10, count: 5 }),
      items: planned(segments, 0),
    })
    const anew = mediaPlaylist({ first: 12, count: 2, run: 'b' })
    places.follow({ epoch: 1, playlist: anew, items: planned(anew.segments, 500_000) })
    expect(starts(places, 12, 3)).toEqual([500_000, 502_000, 504_000])
  })

  it('goes on from the log after a restart', () => {
    const index = createSegmentIndex()
    const base = { epoch: 3, discontinuitySequence: 0, durationSec: 2 }
    index.push({
      kind: 'discontinuity',
      index: 0,
      epoch: 3,
      startMs: 7000,
      reason: 'epoch',
      mediaSequence: 20,
      clock: 'arrival',
    })
    index.push({
      kind: 'gap',
      index: 1,
      ...base,
      startMs: 7000,
      mediaSequence: 20,
      cause: 'timeout',
      count: 1,
    })
    index.push({
      kind: 'segment',
      index: 2,
      ...base,
      startMs: 9000,
      mediaSequence: 21,
      extension: 'ts',
      bytes: 1,
      checksum: 1,
      initIndex: -1,
    })
    const places = createListingPlaces(index)
    places.follow({ epoch: 3, playlist: mediaPlaylist({ first: 20, count: 2 }), items: [] })
    expect(starts(places, 20, 3)).toEqual([7000, 9000, 11_000])
  })
})

describe('from the clock of the source to the timeline', () => {
  const placed = (instantsMs: readonly (number | undefined)[], startsMs: readonly number[]) => {
    const { segments } = mediaPlaylist({ first: 0, count: instantsMs.length })
    return segments.map((segment, at) => {
      const programDateTimeMs = instantsMs[at]
      return {
        segment: programDateTimeMs === undefined ? segment : { ...segment, programDateTimeMs },
        startMs: startsMs[at] ?? 0,
      }
    })
  }

  it('counts on from the segment in which the instant lies, beyond the ends too', () => {
    const map = createInstantMap(placed([50_000, 52_000], [1_000_000, 1_002_000]))
    expect(map(51_500)).toBe(1_001_500)
    expect(map(49_000)).toBe(999_000)
    expect(map(60_000)).toBe(1_010_000)
  })

  it('follows a clock that jumps, and never passes the next segment', () => {
    const map = createInstantMap(placed([50_000, 90_000], [1_000_000, 1_002_000]))
    expect(map(70_000)).toBe(1_002_000)
    expect(map(91_000)).toBe(1_003_000)
  })

  it('knows nothing where the source tells no time', () => {
    expect(createInstantMap(placed([undefined], [0]))(5)).toBeUndefined()
    expect(createInstantMap(placed([undefined, 8000], [0, 2000]))(9000)).toBe(3000)
  })
})
