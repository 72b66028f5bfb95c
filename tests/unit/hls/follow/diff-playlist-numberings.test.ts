import { describe, expect, it } from 'vitest'
import { diffPlaylist } from '../../../../src-main/hls/follow/diff-playlist'
import type { PlaylistCursor } from '../../../../src-main/hls/follow/playlist-cursor'
import type { MediaPlaylist } from '../../../../src-main/hls/playlist'
import { mediaPlaylist } from '../../../support/playlists'
import { follow, newNumbers, stored } from '../../../support/follow-playlists'

const zeroMs = Date.UTC(2026, 0, 1)

describe('diffPlaylist: older copies and new numberings', () => {
  it.each([{ zero: undefined }, { zero: zeroMs }])(
    'F03 starts an epoch when the numbers fall back (program date-time: $zero)',
    ({ zero }) => {
      const clock = (offsetSec: number) =>
        zero === undefined ? {} : { zeroMs: zero + offsetSec * 1000 }
      const [, , reset, next] = follow([
        mediaPlaylist({ first: 1415, count: 4, ...clock(0) }),
        mediaPlaylist({ first: 1416, count: 4, ...clock(0) }),
        mediaPlaylist({ first: 2, count: 2, run: 'b', ...clock(1418 * 2) }),
        mediaPlaylist({ first: 2, count: 3, run: 'b', ...clock(1418 * 2) }),
      ])
      expect(reset?.kind).toBe('new-epoch')
      expect(newNumbers(reset)).toEqual([2, 3])
      expect(newNumbers(next)).toEqual([4])
      expect(next?.cursor.epoch).toBe(1)
    },
  )

  it('F03 sees a restart with the same names and a short window after a few loads, and misses nothing of it', () => {
    const diffs = follow([
      mediaPlaylist({ first: 2, count: 5 }),
      mediaPlaylist({ first: 3, count: 5 }),
      mediaPlaylist({ first: 0, count: 1 }),
      mediaPlaylist({ first: 0, count: 2 }),
      mediaPlaylist({ first: 0, count: 3 }),
    ])
    expect(diffs.slice(2).map(({ kind }) => kind)).toEqual(['stale', 'stale', 'new-epoch'])
    expect(newNumbers(diffs.at(-1))).toEqual([0, 1, 2])
  })

  it('F04 recognises the numbering that was left, which an edge still shows', () => {
    const before = mediaPlaylist({ first: 155, count: 8 })
    const after = mediaPlaylist({ first: 2, count: 2, run: 'b' })
    const late = mediaPlaylist({ first: 156, count: 8 })
    const next = mediaPlaylist({ first: 2, count: 3, run: 'b' })
    const diffs = follow([before, before, after, before, after, late, next])
    expect(stored(diffs)).toEqual(
      [160, 161, 162].map((n) => `0:${n}`).concat('1:2', '1:3', '2:163', '3:4'),
    )
  })

  it('F03 F04 takes a listing far behind for an older copy as long as nobody can have made it anew', () => {
    const slides = Array.from({ length: 30 }, (_, first) => mediaPlaylist({ first, count: 5 }))
    const back = [...slides, mediaPlaylist({ first: 0, count: 5 })]
    expect(follow(back, 2).at(-1)?.kind).toBe('stale')
    expect(follow(back, 10).at(-1)?.kind).toBe('new-epoch')
    const [, , longWindow] = follow([
      mediaPlaylist({ first: 0, count: 5 }),
      mediaPlaylist({ first: 1, count: 20 }),
      mediaPlaylist({ first: 0, count: 13 }),
    ])
    expect(longWindow?.kind).toBe('stale')
  })

  it('F03 sees by the names that the same numbers are other media', () => {
    const diffs = follow([
      mediaPlaylist({ first: 0, count: 3 }),
      mediaPlaylist({ first: 0, count: 4 }),
      mediaPlaylist({ first: 0, count: 5, run: 'b' }),
    ])
    expect(stored(diffs).slice(-5)).toEqual(['1:0', '1:1', '1:2', '1:3', '1:4'])
  })

  it('F03 believes a nearby fall without any other sign after a few loads', () => {
    const fallen = mediaPlaylist({ first: 20, count: 3, run: 'b' })
    const kinds = follow([mediaPlaylist({ first: 27, count: 3 }), fallen, fallen, fallen]).map(
      ({ kind }) => kind,
    )
    expect(kinds).toEqual(['new-epoch', 'stale', 'stale', 'new-epoch'])
  })

  it('F04 waits with a listing among the numbers that were jumped over: an edge may show them later', () => {
    const jump = [0, 1, 60].map((first) => mediaPlaylist({ first, count: 5 }))
    const among = mediaPlaylist({ first: 30, count: 5 })
    const [late, next] = follow([...jump, among, mediaPlaylist({ first: 61, count: 5 })]).slice(3)
    expect(late?.kind).toBe('stale')
    expect(newNumbers(next)).toEqual([65])
    expect(next?.cursor.epoch).toBe(0)
    const stays = follow([...jump, among, among, among]).slice(3)
    expect(stays.map(({ kind }) => kind)).toEqual(['stale', 'stale', 'new-epoch'])
  })

  it('F03 F04 knows an older copy again while a new numbering is in doubt', () => {
    const begun = (count: number) => mediaPlaylist({ first: 15, count, run: 'b' })
    const diffs = follow([
      ...[0, 1, 20, 22].map((first) => mediaPlaylist({ first, count: 6 })),
      begun(1),
      begun(2),
      mediaPlaylist({ first: 20, count: 6 }),
      ...[3, 4, 5, 6].map(begun),
    ])
    expect(diffs[6]?.kind).toBe('stale')
    expect(stored(diffs.slice(6))).toEqual(['1:15', '1:16', '1:17', '1:18', '1:19', '1:20'])
  })

  it('F03 takes from a new numbering what its window lost while it was in doubt', () => {
    const begun = (first: number) => mediaPlaylist({ first, count: 3, run: 'b' })
    const ours = [18, 19, 20].map((first) => mediaPlaylist({ first, count: 3 }))
    const atOnce = follow([...ours, begun(10), begun(11), begun(12)])
    expect(newNumbers(atOnce.at(-1))).toEqual([10, 11, 12, 13, 14])
    const goesOn = mediaPlaylist({ first: 21, count: 3 })
    const inTurn = follow([...ours, begun(10), goesOn, begun(11), begun(12), begun(12)])
    expect(newNumbers(inTurn.at(-1))).toEqual([10, 11, 12, 13, 14])
  })

  it('F04 knows older copies again after one that was in doubt, however many come', () => {
    const ours = [0, 1, 2, 6].map((first) => mediaPlaylist({ first, count: 5 }))
    const short = mediaPlaylist({ first: 5, count: 2 })
    const older = mediaPlaylist({ first: 4, count: 5 })
    const next = mediaPlaylist({ first: 7, count: 5 })
    const diffs = follow([...ours, short, next, older, older, older, older])
    expect(diffs.slice(-4).map(({ kind }) => kind)).toEqual(['stale', 'stale', 'stale', 'stale'])
  })

  it('F03 takes only what is new from a listing that was renumbered', () => {
    const before = mediaPlaylist({ first: 1000, count: 4, zeroMs })
    const renumbered = before.segments.map((s) => ({ ...s, mediaSequence: s.mediaSequence - 990 }))
    const extra = { ...renumbered[0], uri: 'http://edge1/a-1004.ts', mediaSequence: 14 }
    const [, diff] = follow([
      before,
      {
        ...before,
        mediaSequence: 10,
        segments: [
          ...renumbered,
          {
            ...extra,
            durationSec: 2,
            discontinuitySequence: 0,
            discontinuity: false,
            gap: false,
            programDateTimeMs: zeroMs + 2_008_000,
          },
        ],
      },
    ])
    expect(diff?.cursor.epoch).toBe(1)
    expect(newNumbers(diff)).toEqual([14])
  })

  it('F03 starts an epoch when the numbers leap as no outage could make them', () => {
    const [, diff] = follow([
      mediaPlaylist({ first: 100, count: 3 }),
      mediaPlaylist({ first: 1_700_000_000, count: 3 }),
    ])
    expect(diff?.kind).toBe('new-epoch')
    expect(diff?.missed).toEqual([])
  })

  it.each([{ zero: undefined }, { zero: zeroMs }])(
    'F04 takes nothing twice from edges that are 5 apart (program date-time: $zero)',
    ({ zero }) => {
      const clock = zero === undefined ? {} : { zeroMs: zero }
      const loads: MediaPlaylist[] = []
      for (let first = 50; first < 90; first += 1) {
        loads.push(mediaPlaylist({ first, count: 5, ...clock }))
        loads.push(mediaPlaylist({ first: first - 5, count: 5, host: 'http://edge2', ...clock }))
      }
      const diffs = follow(loads)
      const all = stored(diffs)
      expect(new Set(all).size).toBe(all.length)
      expect(all).toEqual(Array.from({ length: 42 }, (_, at) => `0:${52 + at}`))
      expect(diffs.filter(({ kind }) => kind === 'stale').length).toBe(40)
    },
  )

  it('F04 stays with its numbering when only an edge that lags is left', () => {
    const loads = Array.from({ length: 12 }, (_, at) =>
      mediaPlaylist({ first: 95 + at, count: 5, host: 'http://edge2' }),
    )
    const fresh = [99, 100].map((first) => mediaPlaylist({ first, count: 5 }))
    expect(stored(follow([...fresh, ...loads]))).toEqual(
      Array.from({ length: 10 }, (_, at) => `0:${101 + at}`),
    )
  })
})

describe('diffPlaylist: after a restart, with numbers and instants only', () => {
  const resumed = (marks: PlaylistCursor['marks'], nextMediaSequence: number): PlaylistCursor => ({
    epoch: 3,
    firstMediaSequence: 0,
    nextMediaSequence,
    marks,
    namesAreStable: false,
    windowLength: 0,
    doubt: undefined,
    earlier: [],
  })

  it.each([
    { what: 'goes on where the listing still overlaps', first: 98, away: 6, epoch: 3, news: 3 },
    { what: 'goes on behind a hole', first: 110, away: 30, epoch: 3, news: 5 },
    {
      what: 'starts anew when the numbers do not fit the time',
      first: 4000,
      away: 30,
      epoch: 4,
      news: 5,
    },
  ])('$what', ({ first, away, epoch, news }) => {
    const cursor = resumed([{ mediaSequence: 99, name: '' }], 100)
    const playlist = mediaPlaylist({ first, count: 5 })
    const diff = diffPlaylist({ cursor, playlist, newEpoch: 4, elapsedSec: away })
    expect(diff.cursor.epoch).toBe(epoch)
    expect(diff.newSegments).toHaveLength(news)
  })

  it('sees by the instants that a new session uses the same numbers', () => {
    const cursor = resumed([{ mediaSequence: 5, name: '', programDateTimeMs: zeroMs }], 6)
    const playlist = mediaPlaylist({ first: 4, count: 5, zeroMs: zeroMs + 3_600_000 })
    const diff = diffPlaylist({ cursor, playlist, newEpoch: 4, elapsedSec: 3600 })
    expect(diff.kind).toBe('new-epoch')
    expect(diff.newSegments).toHaveLength(5)
  })
})
