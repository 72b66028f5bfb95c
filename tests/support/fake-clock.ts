import type { Clock } from '../../src-main/ports/clock'

/** A clock that moves only when the test says so. */
export interface FakeClock extends Clock {
  /** Moves on by `ms`, ending every sleep that is due on the way, each at its own moment. */
  advance(ms: number): Promise<void>
  /** So much time passes at once, as while a process is stopped or a machine sleeps; then all that is due happens. */
  suspend(ms: number): Promise<void>
  /** Every sleep ends so much later than asked for, as timers do. */
  setLateness(ms: number): void
  /** Somebody sets the wall clock, forward or back. */
  setWall(byMs: number): void
  /** Lets everything run that waits for no time. */
  settle(): Promise<void>
}

interface Sleeper {
  readonly dueMs: number
  wake(): void
}

/** @param options.nowMs wall clock at the start; the monotonic clock starts at 0. */
export function createFakeClock(options: { nowMs?: number } = {}): FakeClock {
  const startMs = options.nowMs ?? Date.UTC(2026, 0, 1)
  const sleepers = new Set<Sleeper>()
  let elapsedMs = 0
  let wallOffsetMs = 0
  let latenessMs = 0

  /** Promises of fakes settle within a few turns of the event loop. */
  const settle = async () => {
    for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }
  const nextDue = (untilMs: number): Sleeper | undefined => {
    let first: Sleeper | undefined
    for (const sleeper of sleepers) {
      if (sleeper.dueMs <= untilMs && (first === undefined || sleeper.dueMs < first.dueMs)) {
        first = sleeper
      }
    }
    return first
  }

  return {
    // Whole, as those of Date are; the monotonic clock has fractions.
    nowMs: () => Math.floor(startMs + elapsedMs + wallOffsetMs),
    monotonicMs: () => elapsedMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const onAbort = () => {
          sleepers.delete(sleeper)
          reject(signal?.reason as Error)
        }
        const sleeper = {
          dueMs: elapsedMs + ms + latenessMs,
          wake: () => {
            signal?.removeEventListener('abort', onAbort)
            resolve()
          },
        }
        if (signal?.aborted) {
          onAbort()
          return
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        sleepers.add(sleeper)
      }),
    after(ms, action) {
      const sleeper = { dueMs: elapsedMs + ms + latenessMs, wake: action }
      sleepers.add(sleeper)
      return () => void sleepers.delete(sleeper)
    },
    settle,
    setLateness(ms) {
      latenessMs = ms
    },
    setWall(byMs) {
      wallOffsetMs += byMs
    },
    async suspend(ms) {
      await settle()
      elapsedMs += ms
      await this.advance(0)
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms
      await settle()
      for (let due = nextDue(untilMs); due !== undefined; due = nextDue(untilMs)) {
        sleepers.delete(due)
        elapsedMs = Math.max(elapsedMs, due.dueMs)
        due.wake()
        await settle()
      }
      elapsedMs = untilMs
      await settle()
    },
  }
}
