import { describe, expect, it } from 'vitest'
import { tickedLengthSec } from '../../../../src-renderer/player/ticked-length'

describe('the ticking length', () => {
  const start = { id: 'a', durationSec: 10, atMs: 0, shownSec: 10 }
  const step = (seen: typeof start, durationSec: number, nowMs: number, running = true) =>
    tickedLengthSec({ seen, id: 'a', durationSec, nowMs, running })

  it('goes on between two segments and never back', () => {
    const later = step(start, 10, 3000)
    expect(later.shownSec).toBe(13)
    expect(step(later, 12, 3500).shownSec).toBe(13)
    expect(step(step(later, 12, 3500), 12, 6000).shownSec).toBe(14.5)
  })

  it('does not run ahead for ever', () => {
    expect(step(start, 10, 600_000).shownSec).toBe(20)
  })

  it('is what is stored once it does not run', () => {
    expect(step(step(start, 10, 3000), 12, 4000, false).shownSec).toBe(12)
  })

  it('changes nothing when nothing changed', () => {
    expect(step(start, 10, 0)).toBe(start)
    expect(step(start, 10, 5000, false)).toBe(start)
  })
})
