import { describe, expect, it } from 'vitest'
import { isAtLiveEdge } from '../../../../src-renderer/player/live-edge'
import { nextRate } from '../../../../src-renderer/player/playback-rates'
import { decideRecovery } from '../../../../src-renderer/player/recovery'

describe('live edge', () => {
  const edge = (behindSec: number, change: Partial<Parameters<typeof isAtLiveEdge>[0]> = {}) =>
    isAtLiveEdge({
      live: true,
      positionSec: 100 - behindSec,
      edgeSec: 100,
      targetDurationSec: 2,
      wasAtEdge: false,
      ...change,
    })

  it('is live within the cushion of the player and not further back', () => {
    expect(edge(5)).toBe(true)
    expect(edge(9)).toBe(false)
  })

  it('stays live over a hiccup', () => {
    expect(edge(9, { wasAtEdge: true })).toBe(true)
    expect(edge(20, { wasAtEdge: true })).toBe(false)
  })

  it('is never live in a recording that has ended', () => {
    expect(edge(0, { live: false })).toBe(false)
  })
})

describe('speeds', () => {
  it('steps up and down the list and stops at its ends', () => {
    expect(nextRate(1, 1)).toBe(1.25)
    expect(nextRate(1, -1)).toBe(0.75)
    expect(nextRate(16, 1)).toBe(16)
    expect(nextRate(0.25, -1)).toBe(0.25)
  })

  it('finds its way back from a speed that is not in the list', () => {
    expect(nextRate(1.1, 1)).toBe(1.25)
    expect(nextRate(1.1, -1)).toBe(1)
  })
})

describe('recovery of the player', () => {
  it('waits longer each time, up to a bound, and gives up in the end', () => {
    const waits: number[] = []
    for (let attempts = 0; ; attempts += 1) {
      const step = decideRecovery('network', attempts)
      if (step.action === 'give-up') break
      waits.push(step.delayMs)
    }
    expect(waits.length).toBeGreaterThan(4)
    expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    expect(Math.max(...waits)).toBeLessThanOrEqual(5000)
  })

  it('answers a decoder that fails with a new decoder first', () => {
    expect(decideRecovery('media', 0).action).toBe('recover-media')
    expect(decideRecovery('media', 2).action).toBe('reload')
  })
})
