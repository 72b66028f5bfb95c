import { setMaxListeners } from 'node:events'
import type { Clock } from '../ports/clock'

/** Thins out what is said about one thing without ever losing the last word. */
export interface Throttle {
  /** Acts on the id now, or once the interval since the last time is over. */
  call(id: string): void
  /** Nothing is done after it. Idempotent. */
  close(): void
}

/**
 * @param options.intervalMs shortest time between two actions for one id.
 * @param options.action must not throw.
 */
export function createThrottle(options: {
  clock: Clock
  intervalMs: number
  action: (id: string) => void
}): Throttle {
  const { clock, intervalMs, action } = options
  const closing = new AbortController()
  // One wait for each id listens to it: with more than ten recordings Node would warn of a leak.
  setMaxListeners(0, closing.signal)
  const active = new Map<string, { isWaiting: boolean }>()

  const actWhileCalled = async (id: string, entry: { isWaiting: boolean }) => {
    try {
      while (entry.isWaiting) {
        entry.isWaiting = false
        action(id)
        await clock.sleep(intervalMs, closing.signal)
      }
    } catch (reason) {
      if (!closing.signal.aborted) throw reason
    } finally {
      active.delete(id)
    }
  }
  return {
    call(id) {
      if (closing.signal.aborted) return
      const running = active.get(id)
      if (running !== undefined) {
        running.isWaiting = true
        return
      }
      const entry = { isWaiting: true }
      active.set(id, entry)
      void actWhileCalled(id, entry)
    },
    close: () => closing.abort(),
  }
}
