import { describe, expect, it } from 'vitest'
import { createBehindLive } from '../../../../src-renderer/player/behind-live'
import { createEdgeFollower, isAtLiveEdge } from '../../../../src-renderer/player/live-edge'
import { nextRate } from '../../../../src-renderer/player/playback-rates'
import { decideRecovery } from '../../../../src-renderer/player/recovery'

describe('live edge', () => {
  const edge = (behindSec: number, change: Partial<Parameters<typeof isAtLiveEdge>[0]> = {}) =>
    isAtLiveEdge({
      live: true,
      behindSec,
      targetDurationSec: 2,
      pausedMs: undefined,
      wasAtEdge: false,
      ...change,
    })

  it('is live within two target durations and two seconds of what is stored', () => {
    expect(edge(5.9)).toBe(true)
    expect(edge(6.1)).toBe(false)
    expect(edge(13.9, { targetDurationSec: 6 })).toBe(true)
  })

  it('does not flicker when a segment is stored, and is not live 12 s behind', () => {
    expect(edge(6.9, { wasAtEdge: true })).toBe(true)
    expect(edge(12, { wasAtEdge: true })).toBe(false)
  })

  it('is not live once paused for a second', () => {
    expect(edge(1, { pausedMs: 500, wasAtEdge: true })).toBe(true)
    expect(edge(1, { pausedMs: 1000, wasAtEdge: true })).toBe(false)
  })

  it('is never live in a recording that has ended', () => {
    expect(edge(0, { live: false })).toBe(false)
  })
})

describe('back to live after a stall', () => {
  const away = (nowMs: number) => ({ atEdge: false, nowMs })

  it('brings back who was live, once', () => {
    const follower = createEdgeFollower()
    follower.set(true)
    follower.stalled(60_000)
    expect(follower.takeJump({ atEdge: true, nowMs: 60_500 })).toBe(false)
    expect(follower.takeJump(away(62_000))).toBe(true)
    follower.stalled(70_000)
    expect(follower.takeJump(away(71_000))).toBe(false)
    follower.stalled(100_000)
    expect(follower.takeJump(away(101_000))).toBe(true)
  })

  it('leaves alone who went back or paused, and who did not stall', () => {
    const follower = createEdgeFollower()
    follower.set(true)
    expect(follower.takeJump(away(1000))).toBe(false)
    follower.stalled(1000)
    expect(follower.takeJump(away(20_000))).toBe(false)
    follower.set(false)
    follower.stalled(21_000)
    expect(follower.takeJump(away(22_000))).toBe(false)
  })
})

describe('how far behind live', () => {
  const at = { id: 'a', atMs: 90_000, edgeMs: 100_000, running: true }

  it('counts up between two segments, and never back when one comes', () => {
    const behind = createBehindLive()
    expect(behind.sec({ ...at, nowMs: 0 })).toBe(10)
    expect(behind.sec({ ...at, nowMs: 3000 })).toBe(13)
    expect(behind.sec({ ...at, edgeMs: 102_000, nowMs: 3200 })).toBe(13)
    expect(behind.sec({ ...at, edgeMs: 102_000, nowMs: 6200 })).toBe(15)
  })

  it('stands still when nothing runs', () => {
    const behind = createBehindLive()
    behind.sec({ ...at, nowMs: 0 })
    expect(behind.sec({ ...at, nowMs: 3000, running: false })).toBe(10)
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
