import { describe, expect, it } from 'vitest'
import type { PlaylistCursor } from '../../../../src-main/hls/follow/playlist-cursor'
import { followListing, type ListingPlace } from '../../../../src-main/hls/follow/follow-listing'
import type { MediaPlaylist } from '../../../../src-main/hls/playlist'
import { mediaPlaylist } from '../../../support/playlists'

const zeroMs = Date.UTC(2026, 0, 1)

/** How a place shows the programme: segment n is there under number n + shift. */
interface Place {
  readonly run: string
  readonly shift?: number
  readonly dated: boolean
  /** Its clock is so much ahead of the other one's. */
  readonly skewMs?: number
  readonly window?: number
}

/** The programme's segments up to and without `next`, as a place lists them. */
function listingOf(place: Place, next: number): MediaPlaylist {
  const { run, shift = 0, dated, skewMs = 0, window = 5 } = place
  const listing = mediaPlaylist({
    first: next - window + shift,
    count: window,
    run,
    host: `http://${run}`,
    patch: ({ mediaSequence }) =>
      dated ? { programDateTimeMs: zeroMs + (mediaSequence - shift) * 2000 + skewMs } : {},
  })
  return listing
}

/** Follows a track from place to place. @returns the programme's segments that were offered, by number, and the epochs. */
function follow(loads: readonly { place: Place; next: number; elapsedSec?: number }[]) {
  let cursor: PlaylistCursor | undefined
  let place: ListingPlace | undefined
  let newEpoch = 0
  const offered: number[] = []
  const kinds: string[] = []
  const stored = new Set<string>()
  let missed = 0
  for (const load of loads) {
    const followed = followListing({
      place,
      origin: load.place.run,
      cursor,
      playlist: listingOf(load.place, load.next),
      newEpoch,
      elapsedSec: load.elapsedSec ?? 2,
    })
    const { diff } = followed
    place = followed.place
    cursor = diff.cursor
    if (diff.kind === 'new-epoch') newEpoch += 1
    kinds.push(diff.kind)
    missed += diff.missed.reduce((sum, { count }) => sum + count, 0)
    for (const segment of diff.newSegments) {
      const key = `${diff.cursor.epoch}:${segment.mediaSequence}`
      expect(stored.has(key)).toBe(false)
      stored.add(key)
      const ownNumber = Number(/-(-?\d+)\.ts$/.exec(segment.uri)?.[1])
      offered.push(ownNumber - (load.place.shift ?? 0))
    }
  }
  return { offered, kinds, missed }
}

const a: Place = { run: 'a', dated: true }
const loadsOf = (b: Place) => [
  { place: a, next: 100 },
  { place: a, next: 101 },
  { place: b, next: 103 },
  { place: b, next: 104 },
  { place: a, next: 106 },
]
const whole = [97, 98, 99, 100, 101, 102, 103, 104, 105]

describe('followListing: on to another place', () => {
  it.each([
    { what: 'same numbers, same names', a, b: { ...a } },
    { what: 'same numbers, other names, with instants', a, b: { run: 'b', dated: true } },
    { what: 'other numbers, with instants', a, b: { run: 'b', dated: true, shift: 7000 } },
    { what: 'numbers one apart, with instants', a, b: { run: 'b', dated: true, shift: 1 } },
    { what: 'clocks a little apart', a, b: { run: 'b', dated: true, shift: 50, skewMs: 400 } },
    { what: 'a longer window', a, b: { run: 'b', dated: true, shift: -60, window: 30 } },
  ])('goes on in the same epoch, nothing twice and nothing missing: $what', ({ b }) => {
    const { offered, kinds, missed } = follow(loadsOf(b))
    expect(offered).toEqual(whole)
    expect(kinds).toEqual(['new-epoch', 'new', 'new', 'new', 'new'])
    expect(missed).toBe(0)
  })

  it.each([
    { what: 'same names', run: 'a' },
    { what: 'other names', run: 'b' },
  ])('believes equal numbers where no instants are told: $what', ({ run }) => {
    const undated = { run: 'a', dated: false }
    const b = { run, dated: false }
    const loads = loadsOf(b).map((load) => (load.place === a ? { ...load, place: undated } : load))
    const { offered, kinds } = follow(loads)
    expect(offered).toEqual(whole)
    expect(kinds.filter((kind) => kind === 'new-epoch')).toHaveLength(1)
  })

  it('begins a new epoch with what the time that went by brought, where nothing can be compared', () => {
    const undated = { run: 'a', dated: false }
    const b = { run: 'b', dated: false, shift: 70_000 }
    const { offered, kinds } = follow([
      { place: undated, next: 100 },
      { place: undated, next: 101 },
      { place: b, next: 103, elapsedSec: 4 },
      { place: b, next: 104 },
    ])
    expect(offered).toEqual([97, 98, 99, 100, 101, 102, 103])
    expect(kinds).toEqual(['new-epoch', 'new', 'new-epoch', 'new'])
  })

  it('waits for a place that is behind', () => {
    const { offered, kinds } = follow([
      { place: a, next: 100 },
      { place: { run: 'b', dated: true, shift: 300 }, next: 97 },
      { place: { run: 'b', dated: true, shift: 300 }, next: 101 },
    ])
    expect(kinds).toEqual(['new-epoch', 'stale', 'new'])
    expect(offered).toEqual([97, 98, 99, 100])
  })

  it('F06 counts what no place listed any more', () => {
    const { offered, missed } = follow([
      { place: a, next: 100 },
      { place: { run: 'b', dated: true, shift: 300 }, next: 120, elapsedSec: 40 },
    ])
    expect(offered).toEqual([97, 98, 99, 115, 116, 117, 118, 119])
    expect(missed).toBe(15)
  })

  it('F03 takes the numbers of a place that starts anew after a move', () => {
    const b = { run: 'b', dated: true, shift: 300 }
    const { offered, kinds } = follow([
      { place: a, next: 100 },
      { place: b, next: 101 },
      // The programme's own count goes on; this place has begun to number from 1 again, hours later.
      { place: { ...b, shift: -7000 }, next: 7006 },
      { place: { ...b, shift: -7000 }, next: 7007 },
    ])
    expect(kinds).toEqual(['new-epoch', 'new', 'new-epoch', 'new'])
    expect(offered).toEqual([97, 98, 99, 100, 7001, 7002, 7003, 7004, 7005, 7006])
  })

  it('F17 does not judge by an empty listing', () => {
    const { offered } = follow([
      { place: a, next: 100 },
      { place: { run: 'b', dated: true, window: 0 }, next: 101 },
      { place: { run: 'b', dated: true, shift: 9 }, next: 102 },
    ])
    expect(offered).toEqual([97, 98, 99, 100, 101])
  })

  it('offers everything once, whatever the way between two places with a date (500 histories)', () => {
    let state = 1
    const random = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((state / 2_147_483_648) * below)
    }
    for (let round = 0; round < 500; round += 1) {
      const places: Place[] = [
        { run: 'a', dated: true, window: 4 + random(8) },
        {
          run: random(2) === 0 ? 'a2' : 'b',
          dated: true,
          shift: random(3) === 0 ? random(20) - 10 : random(100_000),
          skewMs: random(1600) - 800,
          window: 4 + random(8),
        },
      ]
      let next = 1000
      const loads = Array.from({ length: 30 }, () => {
        next += random(4)
        const place = places[random(2)] ?? a
        return { place, next: next - random(2) }
      })
      const { offered, missed } = follow(loads)
      expect(missed).toBe(0)
      expect(offered).toEqual(offered.map((_, at) => (offered[0] ?? 0) + at))
    }
  })
})
