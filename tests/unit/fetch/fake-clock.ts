import type { Clock } from '../../../src-main/ports/clock'

/** A clock whose sleeps end at once and are remembered. */
export function createFakeClock(): Clock & { readonly sleeps: number[] } {
  let nowMs = 0
  const sleeps: number[] = []
  return {
    sleeps,
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    after: () => () => {},
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      sleeps.push(ms)
      nowMs += ms
    },
  }
}
