import { describe, expect, it } from 'vitest'
import { mediaSecAt, wallMsAt } from '../../../../src-renderer/player/media-clock'

/** Two segments, a gap of ten seconds on the wall clock, one more. */
const entries = [
  { start: 0, duration: 2, programDateTime: 100_000 },
  { start: 2, duration: 2, programDateTime: 102_000 },
  { start: 4, duration: 2, programDateTime: 114_000 },
]

describe('media clock', () => {
  it('ties media time to the wall clock within each segment', () => {
    expect(wallMsAt(entries, 0.5)).toBe(100_500)
    expect(wallMsAt(entries, 3)).toBe(103_000)
    expect(wallMsAt(entries, 4)).toBe(114_000)
  })

  it('stays at the ends outside of the playlist', () => {
    expect(wallMsAt(entries, -3)).toBe(100_000)
    expect(wallMsAt(entries, 99)).toBe(116_000)
    expect(mediaSecAt(entries, 0)).toBe(0)
    expect(mediaSecAt(entries, 999_999)).toBe(6)
  })

  it('goes back to media time', () => {
    expect(mediaSecAt(entries, 101_500)).toBe(1.5)
    expect(mediaSecAt(entries, 114_250)).toBe(4.25)
  })

  it('leads from inside a gap to what comes after it', () => {
    expect(mediaSecAt(entries, 108_000)).toBe(4)
  })

  it('says so where there is no wall clock', () => {
    expect(wallMsAt([], 1)).toBeUndefined()
    expect(mediaSecAt([{ start: 0, duration: 2, programDateTime: null }], 1)).toBeUndefined()
  })
})
