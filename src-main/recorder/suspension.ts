import type { Clock } from '../ports/clock'

/** How often is looked at least, and how much longer a look may take before the machine must have stood still. */
const LOOK_MS = 2000
const SUSPENDED_MS = 10_000

/** Notices that the machine slept or the process stood still (F29). */
export interface SuspensionWatch {
  /** The clock for whatever should not sit out a wait whose time has passed meanwhile: a wake ends all its sleeps. */
  readonly clock: Clock
  /** So often it woke up so far; looks anew. */
  wakes(): number
  /** For how long the monotonic clock stood still meanwhile, in all. */
  asleepMs(): number
  /** Called after each wake, before the sleeps end. `awayMs`: for how long it was away, give or take a look. Returns the function that ends it. */
  onWake(listener: (awayMs: number) => void): () => void
  /** Looks until the signal ends it. Never rejects. */
  run(signal: AbortSignal): Promise<void>
}

/**
 * The monotonic clock tells of a process that was stopped; where it stands still while the machine sleeps (Linux,
 * macOS), the wall clock tells. A wall clock that is only set forward looks the same and costs one reload.
 */
export function createSuspensionWatch(clock: Clock): SuspensionWatch {
  const listeners = new Set<(awayMs: number) => void>()
  const sleeping = new Set<() => void>()
  let wakes = 0
  let asleepMs = 0
  /** Both clocks at the last look; undefined while nobody runs the watch. */
  let seenMs: { readonly wall: number; readonly monotonic: number } | undefined

  const wake = (awayMs: number) => {
    wakes += 1
    for (const listener of listeners) listener(awayMs)
    for (const end of Array.from(sleeping)) end()
  }
  const look = () => {
    if (seenMs === undefined) return
    const wallMs = clock.nowMs() - seenMs.wall
    const monotonicMs = clock.monotonicMs() - seenMs.monotonic
    seenMs = { wall: clock.nowMs(), monotonic: clock.monotonicMs() }
    const passedMs = Math.max(wallMs, monotonicMs)
    if (passedMs <= LOOK_MS + SUSPENDED_MS) return
    asleepMs += Math.max(0, wallMs - monotonicMs)
    wake(passedMs)
  }

  return {
    clock: {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) {
            reject(signal.reason as Error)
            return
          }
          const leave = () => {
            cancel()
            sleeping.delete(end)
            signal?.removeEventListener('abort', onAbort)
          }
          const end = () => {
            leave()
            resolve()
          }
          const onAbort = () => {
            leave()
            reject(signal?.reason as Error)
          }
          const cancel = clock.after(ms, end)
          sleeping.add(end)
          signal?.addEventListener('abort', onAbort, { once: true })
        }),
      after: (ms, action) => clock.after(ms, action),
    },
    wakes() {
      look()
      return wakes
    },
    asleepMs: () => asleepMs,
    onWake(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async run(signal) {
      seenMs = { wall: clock.nowMs(), monotonic: clock.monotonicMs() }
      while (!signal.aborted) {
        try {
          await clock.sleep(LOOK_MS, signal)
        } catch (reason) {
          if (!signal.aborted) throw reason
          return
        }
        look()
      }
    },
  }
}
