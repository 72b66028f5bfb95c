import { describe, expect, it } from 'vitest'
import { createSeekQueue } from '../../../../src-renderer/player/seek-queue'

function setUp() {
  const state = { nowMs: 0, seeking: false, seeks: [] as number[] }
  const queue = createSeekQueue({
    nowMs: () => state.nowMs,
    isSeeking: () => state.seeking,
    seek: (sec) => {
      state.seeking = true
      state.seeks.push(sec)
    },
  })
  return { state, queue }
}

describe('seek queue', () => {
  it('lets a seek finish and then goes to the newest wish only', () => {
    const { state, queue } = setUp()
    for (const sec of [1, 2, 3]) queue.go(sec)
    expect(state.seeks).toEqual([1])
    expect(queue.waitingSec()).toBe(3)
    expect(queue.settled()).toBe(false)
    expect(state.seeks).toEqual([1, 3])
    expect(queue.settled()).toBe(true)
  })

  it('does not wait for a seek that takes too long', () => {
    const { state, queue } = setUp()
    queue.go(1)
    state.nowMs = 300
    queue.go(2)
    expect(state.seeks).toEqual([1, 2])
    expect(queue.waitingSec()).toBeUndefined()
  })

  it('forgets what waits when the picture is taken away', () => {
    const { state, queue } = setUp()
    queue.go(1)
    queue.go(2)
    queue.clear()
    expect(queue.settled()).toBe(true)
    expect(state.seeks).toEqual([1])
  })
})
