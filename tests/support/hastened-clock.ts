import { type Clock, systemClock } from '../../src-main/ports/clock'

/** The machine's clock, so many times as fast: minutes of patience are over in seconds. */
export function hastenedClock(times: number): Clock {
  const startMs = systemClock.nowMs()
  const originMs = systemClock.monotonicMs()
  const passedMs = () => (systemClock.monotonicMs() - originMs) * times
  return {
    nowMs: () => Math.round(startMs + passedMs()),
    monotonicMs: passedMs,
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
    after: (ms, action) => systemClock.after(ms / times, action),
  }
}
