import { describe, expect, it } from 'vitest'
import type { MediaPlaylist } from '../../../src-main/hls/playlist'
import {
  alignedStartMs,
  createEpochStarts,
  type EpochStart,
  isWholeListing,
} from '../../../src-main/recorder/epoch-starts'
import { mediaPlaylist } from '../../support/playlists'

const T0 = Date.UTC(2026, 0, 1)

/** Seconds after T0 at which the epoch begins. */
function alignedSec(options: {
  playlist: MediaPlaylist
  firstAt?: number
  other: EpochStart
  arrivalSec: number
}): number {
  const first = options.playlist.segments[options.firstAt ?? 0]
  if (first === undefined) throw new Error('no such segment')
  const { playlist, other } = options
  const arrivalMs = T0 + options.arrivalSec * 1000
  return (alignedStartMs({ others: [other], playlist, first, arrivalMs }) - T0) / 1000
}

describe('alignedStartMs', () => {
  it('F24 begins complete listings together, however much later one arrives', () => {
    const playlist = mediaPlaylist({ first: 0, count: 10, endList: true })
    const other = { mediaSequence: 0, startMs: T0, isWhole: true }
    expect(alignedSec({ playlist, other, arrivalSec: 40 })).toBe(0)
  })

  it('F24 puts equal numbers of live listings at equal times', () => {
    const playlist = mediaPlaylist({ first: 100, count: 6, durationSec: 6 })
    const other = { mediaSequence: 103, startMs: T0, isWhole: false }
    expect(alignedSec({ playlist, firstAt: 3, other, arrivalSec: 5 })).toBe(0)
    expect(alignedSec({ playlist, firstAt: 4, other, arrivalSec: 9 })).toBe(6)
    expect(alignedSec({ playlist, firstAt: 2, other, arrivalSec: -3 })).toBe(-6)
  })

  it('goes by arrival where the numbers cannot mean the same', () => {
    const playlist = mediaPlaylist({ first: 100, count: 6, durationSec: 2 })
    const elsewhere = { mediaSequence: 7000, startMs: T0, isWhole: false }
    expect(alignedSec({ playlist, firstAt: 3, other: elsewhere, arrivalSec: 1 })).toBe(1)
    const chance = { mediaSequence: 100, startMs: T0, isWhole: false }
    expect(alignedSec({ playlist, firstAt: 5, other: chance, arrivalSec: 1 })).toBe(1)
  })

  it('F24 counts arrival on the clock of a track with dates, however wrong that goes', () => {
    const playlist = mediaPlaylist({ first: 100, count: 6, durationSec: 6 })
    const hour = 3600
    const dated = { startMs: T0 + hour * 1000, isWhole: false, aheadMs: (hour - 2) * 1000 }
    const sameNumber = { ...dated, mediaSequence: 103 }
    expect(alignedSec({ playlist, firstAt: 3, other: sameNumber, arrivalSec: 5 })).toBe(hour)
    const otherNumbers = { ...dated, mediaSequence: 7000 }
    expect(alignedSec({ playlist, firstAt: 3, other: otherNumbers, arrivalSec: 5 })).toBe(hour + 3)
  })

  it('F24 begins a complete listing with one that has dates', () => {
    const playlist = mediaPlaylist({ first: 0, count: 10, endList: true })
    const other = { mediaSequence: 0, startMs: T0 - 9e9, isWhole: true, aheadMs: -9e9 }
    expect(alignedSec({ playlist, other, arrivalSec: 40 })).toBe(-9e6)
  })

  it('does not take a complete listing for the beginning of a live one', () => {
    const playlist = mediaPlaylist({ first: 0, count: 3, endList: true })
    const live = { mediaSequence: 0, startMs: T0, isWhole: false }
    expect(alignedSec({ playlist, other: live, arrivalSec: 2 })).toBe(2)
  })
})

describe('createEpochStarts', () => {
  it('tells each track the latest of the others only', () => {
    const starts = createEpochStarts()
    const start = (mediaSequence: number) => ({ mediaSequence, startMs: T0, isWhole: false })
    starts.note('v0', start(1))
    starts.note('a0', start(2))
    starts.note('v0', start(3))
    expect(starts.others('a0')).toEqual([start(3)])
    expect(starts.others('v0')).toEqual([start(2)])
  })
})

describe('isWholeListing', () => {
  it('needs the end and the beginning', () => {
    const whole = mediaPlaylist({ first: 4, count: 3, endList: true })
    const [first, second] = whole.segments
    if (first === undefined || second === undefined) throw new Error('two segments')
    expect(isWholeListing(whole, first)).toBe(true)
    expect(isWholeListing(whole, second)).toBe(false)
    expect(isWholeListing({ ...whole, endList: false }, first)).toBe(false)
  })
})
