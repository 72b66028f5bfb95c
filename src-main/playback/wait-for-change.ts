import type { Clock } from '../ports/clock'

/**
 * Waits while a recording does not have what a player asks for, at most `limitMs`: the first footage, or what comes
 * next (blocking reload). Looks anew at each change.
 *
 * @param options.subscribe has `wake` called at each change. Returns the function that ends it.
 */
export async function waitForChange(options: {
  readonly clock: Clock
  readonly subscribe: (wake: () => void) => () => void
  readonly isThere: () => Promise<boolean>
  readonly limitMs: number
  /** The player has left. */
  readonly signal: AbortSignal
}): Promise<void> {
  const { clock, isThere } = options
  if (await isThere()) return
  const deadlineMs = clock.monotonicMs() + options.limitMs
  let changed = new AbortController()
  const stop = options.subscribe(() => changed.abort())
  try {
    do {
      const woken = AbortSignal.any([changed.signal, options.signal])
      await sleepUntil(clock, deadlineMs, woken)
      changed = new AbortController()
    } while (!options.signal.aborted && clock.monotonicMs() < deadlineMs && !(await isThere()))
  } finally {
    stop()
  }
}

async function sleepUntil(clock: Clock, deadlineMs: number, woken: AbortSignal): Promise<void> {
  try {
    await clock.sleep(Math.max(0, deadlineMs - clock.monotonicMs()), woken)
  } catch (error) {
    // Woken early by a change, or because the player left: both are wanted.
    if (!woken.aborted) throw error
  }
}
