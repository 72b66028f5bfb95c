import { describe, expect, it } from 'vitest'
import { diffPlaylist, type PlaylistCursor } from '../../../../src-main/hls/follow/diff-playlist'
import type { MediaPlaylist } from '../../../../src-main/hls/playlist'
import { mediaPlaylist } from '../../../support/playlists'
import { createRandom } from '../../../support/random'

const zeroMs = Date.UTC(2026, 0, 1)

/** Loads one playlist after the other, as the poller does. */
function follow(playlists: readonly MediaPlaylist[], elapsedSec = 2) {
  let cursor: PlaylistCursor | undefined
  let newEpoch = 0
  return playlists.map((playlist) => {
    const diff = diffPlaylist({ cursor, playlist, newEpoch, elapsedSec })
    cursor = diff.cursor
    if (diff.kind === 'new-epoch') newEpoch += 1
    return diff
  })
}

const numbers = (diff: ReturnType<typeof follow>[number] | undefined) =>
  diff?.newSegments.map((segment) => segment.mediaSequence)
const stored = (diffs: ReturnType<typeof follow>) =>
  diffs.flatMap((diff) => diff.newSegments.map((s) => `${diff.cursor.epoch}:${s.mediaSequence}`))

describe('diffPlaylist: where it begins', () => {
  it('begins three segments before the live edge', () => {
    const [diff] = follow([mediaPlaylist({ first: 10, count: 6 })])
    expect(numbers(diff)).toEqual([13, 14, 15])
    expect(diff?.kind).toBe('new-epoch')
  })

  it.each([
    { what: 'VOD', extra: { endList: true } },
    { what: 'EVENT', extra: { playlistType: 'EVENT' as const } },
  ])('takes $what from the start', ({ extra }) => {
    const [diff] = follow([mediaPlaylist({ first: 0, count: 6, ...extra })])
    expect(numbers(diff)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('F17 waits while nothing is listed, and then begins at the edge', () => {
    const empty = mediaPlaylist({ first: 7, count: 0 })
    const [first, second, third] = follow([empty, empty, mediaPlaylist({ first: 7, count: 1 })])
    expect([first?.kind, second?.kind, third?.kind]).toEqual(['same', 'same', 'new-epoch'])
    expect(numbers(third)).toEqual([7])
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
    expect(numbers(diff)).toEqual(next.segments.map(({ mediaSequence }) => mediaSequence))
    expect(diff.missed).toBeUndefined()
    expect(diff.cursor.epoch).toBe(1)
  })

  it('F04 takes nothing from an edge that has not seen the end yet', () => {
    expect(after(mediaPlaylist({ first: 0, count: 4 }), 6).newSegments).toEqual([])
  })
})

describe('diffPlaylist: after a restart of VSR', () => {
  /** Only numbers are on disk where the source tells no time. */
  const resumed: PlaylistCursor = {
    epoch: 0,
    nextMediaSequence: 40,
    marks: [{ mediaSequence: 39, name: '' }],
    namesAreStable: false,
    windowLength: 0,
    strangeReloads: 0,
    earlier: [],
  }

  it.each([{ endList: true }, { playlistType: 'EVENT' as const }])(
    'goes on where it was in a listing that is kept whole (%o), however long it was away',
    (extra) => {
      const playlist = mediaPlaylist({ first: 0, count: 100, ...extra })
      const diff = diffPlaylist({ cursor: resumed, playlist, newEpoch: 1, elapsedSec: 86_400 })
      expect(diff.kind).toBe('new')
      expect(numbers(diff)).toEqual(Array.from({ length: 60 }, (_, at) => 40 + at))
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
    expect(diffs.map(numbers)).toEqual([[1, 2, 3], [], [4], [5, 6]])
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
      expect(diff?.missed).toEqual({ firstMediaSequence: 13, count: 23 })
      expect(numbers(diff)).toEqual([36, 37, 38])
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
      expect(diff.missed).toBeUndefined()
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
    expect(diffs.map(numbers)).toEqual([[1, 2, 3], [4], [5]])
  })

  it('does not take names that change at each load for new media', () => {
    const load = (first: number, run: string) => mediaPlaylist({ first, count: 4, run })
    const diffs = follow([load(0, 'a'), load(1, 'b'), load(2, 'c')])
    expect(stored(diffs)).toEqual(['0:1', '0:2', '0:3', '0:4', '0:5'])
  })
})

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
      expect(numbers(reset)).toEqual([2, 3])
      expect(numbers(next)).toEqual([4])
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
    expect(numbers(diffs.at(-1))).toEqual([0, 1, 2])
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
    expect(numbers(diff)).toEqual([14])
  })

  it('F03 starts an epoch when the numbers leap as no outage could make them', () => {
    const [, diff] = follow([
      mediaPlaylist({ first: 100, count: 3 }),
      mediaPlaylist({ first: 1_700_000_000, count: 3 }),
    ])
    expect(diff?.kind).toBe('new-epoch')
    expect(diff?.missed).toBeUndefined()
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
    nextMediaSequence,
    marks,
    namesAreStable: false,
    windowLength: 0,
    strangeReloads: 0,
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

/** A source that slides, jumps and starts over, and edges of it that lag. Everything it made is known. */
function createSource(random: () => number, withClock: boolean) {
  const pick = (below: number) => Math.floor(random() * below)
  const windowSize = 3 + pick(6)
  let run = 0
  let firstOfRun = 100 + pick(50)
  let next = firstOfRun
  let offsetMs = -next * 2000
  const listing = (lag: number) => {
    const last = next - 1 - lag
    const first = Math.max(firstOfRun, last - windowSize + 1)
    const clock = withClock ? { zeroMs: zeroMs + offsetMs } : {}
    return mediaPlaylist({ first, count: last - first + 1, run: `run${run}`, ...clock })
  }
  return {
    windowSize,
    listing,
    /** Another edge's copy, 3 behind: only where the source has run long enough to have a full window there. */
    olderListing: () => (next - 3 - windowSize > firstOfRun ? listing(3) : undefined),
    get run() {
      return run
    },
    get last() {
      return next - 1
    },
    advance(count: number) {
      next += count
    },
    /** Numbers from near 0 again; the clock goes on. */
    startOver() {
      firstOfRun = pick(3)
      offsetMs += (next - firstOfRun) * 2000
      run += 1
      next = firstOfRun + 1 + pick(2)
    },
    step() {
      const chance = random()
      // Two restarts within a few loads look like one where there is no clock.
      if (chance < 0.08 && next - firstOfRun > 12) this.startOver()
      else if (chance < 0.2) this.advance(windowSize + pick(20))
      else if (chance < 0.8) this.advance(pick(3))
    },
  }
}

describe('diffPlaylist: any history', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'F03 F04 F05 F06 offers everything once and in order, or reports it missed (seed %i)',
    (seed) => {
      const random = createRandom(seed)
      const source = createSource(random, seed % 2 === 0)
      /** `run` and number of all that was offered or reported, in the order of the log. */
      const log: { run: number; number: number }[] = []
      let cursor: PlaylistCursor | undefined
      let newEpoch = 0
      const load = (playlist: MediaPlaylist) => {
        const diff = diffPlaylist({ cursor, playlist, newEpoch, elapsedSec: 2 })
        if (diff.kind === 'new-epoch') newEpoch += 1
        cursor = diff.cursor
        const { run } = source
        for (let at = 0; at < (diff.missed?.count ?? 0); at += 1) {
          log.push({ run, number: (diff.missed?.firstMediaSequence ?? 0) + at })
        }
        for (const { mediaSequence } of diff.newSegments) log.push({ run, number: mediaSequence })
      }

      source.advance(source.windowSize + 3)
      load(source.listing(0))
      for (let step = 0; step < 80; step += 1) {
        source.step()
        load(source.listing(0))
        const older = random() < 0.3 ? source.olderListing() : undefined
        if (older !== undefined) load(older)
      }

      // In each run the numbers go up by one, without a hole and without a repetition.
      const firstOf = new Map<number, number>()
      for (const [at, { run, number }] of log.entries()) {
        const before = log[at - 1]
        if (before?.run === run) expect(number, `run ${run}`).toBe(before.number + 1)
        else firstOf.set(run, number)
      }
      expect([...firstOf.keys()]).toEqual([...firstOf.keys()].sort((a, b) => a - b))
      expect(log.at(-1)).toEqual({ run: source.run, number: source.last })
    },
  )
})
