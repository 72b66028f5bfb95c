import { describe, expect, it } from 'vitest'
import { createSuspensionWatch } from '../../../src-main/recorder/suspension'
import { createFakeClock } from '../../support/fake-clock'

function setUp() {
  const clock = createFakeClock()
  const watch = createSuspensionWatch(clock)
  const away: number[] = []
  watch.onWake((awayMs) => away.push(awayMs))
  const ending = new AbortController()
  const running = watch.run(ending.signal)
  return { clock, watch, away, end: async () => (ending.abort(), await running) }
}

/** True once the sleep is over. */
const sleepThrough = (sleeping: Promise<void>) => {
  const state = { over: false }
  void sleeping.then(() => {
    state.over = true
  })
  return state
}

describe('createSuspensionWatch', () => {
  it.each([
    [
      'the process was stopped',
      (clock: ReturnType<typeof createFakeClock>) => clock.suspend(60_000),
    ],
    [
      'the machine slept, and its monotonic clock with it',
      async (clock: ReturnType<typeof createFakeClock>) => {
        clock.setWall(60_000)
        await clock.advance(2000)
      },
    ],
  ])('F29 notices that %s, and ends what waits', async (_what, suspend) => {
    const { clock, watch, away, end } = setUp()
    const sleep = sleepThrough(watch.clock.sleep(600_000))
    await clock.advance(10_000)
    expect(sleep.over).toBe(false)
    await suspend(clock)
    await clock.advance(2000)
    expect(away).toHaveLength(1)
    expect(away[0]).toBeGreaterThanOrEqual(58_000)
    expect(watch.wakes()).toBe(1)
    expect(sleep.over).toBe(true)
    await end()
  })

  it('F27 does not take a wall clock that is set back for a sleep', async () => {
    const { clock, away, end } = setUp()
    clock.setWall(-86_400_000)
    await clock.advance(60_000)
    expect(away).toEqual([])
    await end()
  })

  it('sleeps as long as it is asked to, and no longer than its signal lets it', async () => {
    const { clock, watch, end } = setUp()
    const sleep = sleepThrough(watch.clock.sleep(5000))
    await clock.advance(4999)
    expect(sleep.over).toBe(false)
    await clock.advance(1)
    expect(sleep.over).toBe(true)
    const ending = new AbortController()
    const refused = watch.clock.sleep(5000, ending.signal)
    ending.abort(new Error('enough'))
    await expect(refused).rejects.toThrow('enough')
    await expect(watch.clock.sleep(5000, ending.signal)).rejects.toThrow('enough')
    await end()
  })
})
