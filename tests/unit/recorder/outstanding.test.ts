import { describe, expect, it } from 'vitest'
import { createEdgeTracker, outstandingSec } from '../../../src-main/recorder/outstanding'
import { createFakeClock } from '../../support/fake-clock'

const calm = { edgeMs: 60_000, storedMs: 60_000, silentMs: 0, targetDurationSec: 6 }

describe('outstandingSec', () => {
  it.each([
    ['all is stored', {}, 0],
    ['the newest segments are on their way', { storedMs: 42_000 }, 0],
    ['a listing is due', { silentMs: 9000 }, 0],
    ['the source is silent', { silentMs: 9001 }, 3.001],
    ['more is listed than normal', { storedMs: 41_000 }, 19],
    ['the newest segment fails', { storedMs: 54_000, isTroubled: true }, 6],
    ['both', { storedMs: 54_000, silentMs: 36_000 }, 36],
    ['the store is ahead of the listing', { storedMs: 70_000, isTroubled: true }, 0],
  ])('when %s', (_when, change, expected) => {
    expect(outstandingSec({ ...calm, isTroubled: false, ...change })).toBeCloseTo(expected, 6)
  })
})

describe('createEdgeTracker', () => {
  it('counts the silence from the last news, and tells of the track that is furthest behind', async () => {
    const clock = createFakeClock()
    const edges = createEdgeTracker({ clock })
    const look = () => edges.outstandingSec({ storedMs: () => 60_000, isTroubled: false })
    edges.listed('v0', { edgeMs: 60_000, targetDurationSec: 6 })
    edges.listed('a0', { edgeMs: 60_000, targetDurationSec: 6 })
    await clock.advance(20_000)
    edges.listed('v0', { edgeMs: 66_000, targetDurationSec: 6 })
    edges.listed('a0', { edgeMs: 60_000, targetDurationSec: 6 })
    expect(look()).toBe(14)
    edges.forget('a0')
    expect(look()).toBe(0)
  })
})
