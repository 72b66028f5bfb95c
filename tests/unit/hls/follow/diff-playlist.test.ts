import { describe, expect, it } from 'vitest'
import { diffPlaylist } from '../../../../src-main/hls/follow/diff-playlist'
import type { PlaylistCursor } from '../../../../src-main/hls/follow/playlist-cursor'
import type { MediaPlaylist } from '../../../../src-main/hls/playlist'
import { mediaPlaylist } from '../../../support/playlists'
import { follow, newNumbers, stored } from '../../../support/follow-playlists'

const zeroMs = Date.UTC(2026, 0, 1)

describe('diffPlaylist: where it begins', () => {
  it('begins three segments before the live edge', () => {
    const [diff] = follow([mediaPlaylist({ first: 10, count: 6 })])
    expect(newNumbers(diff)).toEqual([13, 14, 15])
    expect(diff?.kind).toBe('new-epoch')
  })

  it.each([
    { what: 'VOD', extra: { endList: true } },
    { what: 'EVENT', extra: { playlistType: 'EVENT' as const } },
  ])('takes $what from the start', ({ extra }) => {
    const [diff] = follow([mediaPlaylist({ first: 0, count: 6, ...extra })])
    expect(newNumbers(diff)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('F17 waits while nothing is listed, and then begins at the edge', () => {
    const empty = mediaPlaylist({ first: 7, count: 0 })
    const [first, second, third] = follow([empty, empty, mediaPlaylist({ first: 7, count: 1 })])
    expect([first?.kind, second?.kind, third?.kind]).toEqual(['same', 'same', 'new-epoch'])
    expect(newNumbers(third)).toEqual([7])
  })
})

describe('diffPlaylist: after the source has ended', () => {
  const ended = mediaPlaylist({ first: 0, count: 5, endList: true })
  const cursorOf = (playlist: MediaPlaylist) => follow([playlist])[0]?.cursor
  const after = (playlist: MediaPlaylist, elapsedSec = 300) =>
    diffPlaylist({ cursor: cursorOf(ended), playlist, newEpoch: 1, elapsedSec, afterEnd: true })

  it('takes nothing from the same listing, however often it is looked at', () => {
    expect(after(ended)).toMatchObject({ kind: 'same', newSegments: [] })
  })

  it.each([
    { what: 'other names from 0', next: mediaPlaylist({ first: 0, count: 2, run: 'b' }) },
    { what: 'the same names from 0', next: mediaPlaylist({ first: 0, count: 2 }) },
    { what: 'the same names, as many as before', next: mediaPlaylist({ first: 0, count: 5 }) },
    { what: 'numbers that go on', next: mediaPlaylist({ first: 5, count: 2 }) },
    { what: 'numbers far away', next: mediaPlaylist({ first: 9000, count: 3 }) },
  ])('F23 begins a new epoch with $what, and misses nothing', ({ next }) => {
    const diff = after(next)
    expect(diff.kind).toBe('new-epoch')
    expect(newNumbers(diff)).toEqual(next.segments.map(({ mediaSequence }) => mediaSequence))
    expect(diff.missed).toEqual([])
    expect(diff.cursor.epoch).toBe(1)
  })

  it('F23 misses nothing before a new start that tells the time and is seen late', () => {
    const dated = { ...mediaPlaylist({ first: 0, count: 5, zeroMs }), endList: true }
    const playlist = mediaPlaylist({ first: 40, count: 5, run: 'b', zeroMs: zeroMs + 400_000 })
    const cursor = cursorOf(dated)
    const diff = diffPlaylist({ cursor, playlist, newEpoch: 1, elapsedSec: 400, afterEnd: true })
    expect(diff).toMatchObject({ kind: 'new-epoch', missed: [] })
  })

  it('F04 takes nothing from an edge that has not seen the end yet', () => {
    expect(after(mediaPlaylist({ first: 0, count: 4 }), 6).newSegments).toEqual([])
  })
})

describe('diffPlaylist: after a restart of VSR', () => {
  /** Only numbers are on disk where the source tells no time. */
  const resumed: PlaylistCursor = {
    epoch: 0,
    firstMediaSequence: 0,
    nextMediaSequence: 40,
    marks: [{ mediaSequence: 39, name: '' }],
    namesAreStable: false,
    windowLength: 0,
    doubt: undefined,
    earlier: [],
  }

  it.each([{ endList: true }, { playlistType: 'EVENT' as const }])(
    'goes on where it was in a listing that is kept whole (%o), however long it was away',
    (extra) => {
      const playlist = mediaPlaylist({ first: 0, count: 100, ...extra })
      const diff = diffPlaylist({ cursor: resumed, playlist, newEpoch: 1, elapsedSec: 86_400 })
      expect(diff.kind).toBe('new')
      expect(newNumbers(diff)).toEqual(Array.from({ length: 60 }, (_, at) => 40 + at))
    },
  )
})

describe('diffPlaylist: one numbering', () => {
  it('offers only what is new', () => {
    const diffs = follow([
      mediaPlaylist({ first: 1, count: 3 }),
      mediaPlaylist({ first: 1, count: 3 }),
      mediaPlaylist({ first: 2, count: 3 }),
      mediaPlaylist({ first: 4, count: 3 }),
    ])
    expect(diffs.map(newNumbers)).toEqual([[1, 2, 3], [], [4], [5, 6]])
    expect(diffs.map(({ kind }) => kind)).toEqual(['new-epoch', 'same', 'new', 'new'])
  })

  it.each([{ zero: undefined }, { zero: zeroMs }])(
    'F06 reports what was jumped over (program date-time: $zero)',
    ({ zero }) => {
      const clock = zero === undefined ? {} : { zeroMs: zero }
      const [, diff] = follow([
        mediaPlaylist({ first: 10, count: 3, ...clock }),
        mediaPlaylist({ first: 36, count: 3, ...clock }),
      ])
      expect(diff?.missed).toEqual([{ firstMediaSequence: 13, count: 23 }])
      expect(newNumbers(diff)).toEqual([36, 37, 38])
      expect(diff?.cursor.epoch).toBe(0)
    },
  )

  it('F05 offers each segment of a 5 h window once over 1000 reloads', () => {
    const all = mediaPlaylist({ first: 0, count: 5500, durationSec: 4, playlistType: 'EVENT' })
    const windowAt = (reload: number) => ({
      ...all,
      mediaSequence: reload,
      segments: all.segments.slice(reload, reload + 4500),
    })
    const first = { cursor: undefined, playlist: windowAt(0), newEpoch: 0, elapsedSec: 4 }
    let { cursor } = diffPlaylist(first)
    let offered = 0
    for (let reload = 1; reload <= 1000; reload += 1) {
      const playlist = windowAt(reload)
      const diff = diffPlaylist({ cursor, playlist, newEpoch: 1, elapsedSec: 4 })
      expect(diff.missed).toEqual([])
      offered += diff.newSegments.length
      cursor = diff.cursor
    }
    expect(offered).toBe(1000)
    expect(cursor.marks.length).toBeLessThanOrEqual(256)
  })

  it('knows segments again whose URLs carry a new token at each load', () => {
    const load = (first: number, token: string) =>
      mediaPlaylist({
        first,
        count: 4,
        patch: ({ mediaSequence }) => ({ uri: `http://x/${mediaSequence}.ts?token=${token}` }),
      })
    const diffs = follow([load(0, 'a'), load(1, 'b'), load(2, 'c')])
    expect(diffs.map(({ cursor }) => cursor.epoch)).toEqual([0, 0, 0])
    expect(diffs.map(newNumbers)).toEqual([[1, 2, 3], [4], [5]])
  })

  it('does not take names that change at each load for new media', () => {
    const load = (first: number, run: string) => mediaPlaylist({ first, count: 4, run })
    const diffs = follow([load(0, 'a'), load(1, 'b'), load(2, 'c')])
    expect(stored(diffs)).toEqual(['0:1', '0:2', '0:3', '0:4', '0:5'])
  })
})
