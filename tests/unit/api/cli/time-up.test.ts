import { describe, expect, it } from 'vitest'
import { type RecordingLimit, timeUp } from '../../../../src-main/api/cli/time-up'
import type { Clock } from '../../../../src-main/ports/clock'
import { createFakeClock } from '../../../support/fake-clock'

const HOUR_MS = 3_600_000
/** What a timer of Node's can wait for at most. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

function watch(limit: RecordingLimit, clock: Clock) {
  const ended = new AbortController()
  const watched = { up: false, end: () => ended.abort() }
  const waiting = timeUp({ clock, limit, signal: ended.signal }).then(() => {
    watched.up = true
  })
  return { watched, waiting }
}

describe('timeUp', () => {
  it('comes after the length, also after one that no single timer can wait for', async () => {
    const clock = createFakeClock()
    const slept: number[] = []
    const counting: Clock = {
      ...clock,
      sleep: (ms, signal) => {
        slept.push(ms)
        return clock.sleep(ms, signal)
      },
    }
    const { watched } = watch({ lengthMs: 2 * HOUR_MS }, counting)
    await clock.advance(2 * HOUR_MS - 1)
    expect(watched.up).toBe(false)
    await clock.advance(1)
    await clock.settle()
    expect(watched.up).toBe(true)
    const month = watch({ lengthMs: 30 * 24 * HOUR_MS }, counting)
    await clock.advance(1000)
    expect(month.watched.up).toBe(false)
    expect(Math.max(...slept)).toBeLessThan(LONGEST_TIMER_MS)
    month.watched.end()
    await month.waiting
  })

  it('comes at the instant, even when the clock is set meanwhile', async () => {
    const clock = createFakeClock({ nowMs: 1_000_000 })
    let setBackMs = 0
    const adjusted: Clock = { ...clock, nowMs: () => clock.nowMs() - setBackMs }
    const { watched } = watch({ untilMs: 1_000_000 + HOUR_MS }, adjusted)
    await clock.advance(HOUR_MS / 2)
    setBackMs = HOUR_MS
    await clock.advance(HOUR_MS)
    expect(watched.up).toBe(false)
    await clock.advance(HOUR_MS / 2)
    await clock.settle()
    expect(watched.up).toBe(true)
  })

  it('takes the earlier of the two, and never comes where there is no limit', async () => {
    const clock = createFakeClock({ nowMs: 0 })
    const both = watch({ untilMs: 5000, lengthMs: 60_000 }, clock)
    await clock.advance(5000)
    await clock.settle()
    expect(both.watched.up).toBe(true)
  })
})
