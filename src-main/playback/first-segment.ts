import type { Clock } from '../ports/clock'
import type { Library } from '../store/model'

/**
 * Waits while a recording has nothing to play yet, at most `limitMs`, so that a player which comes a
 * moment early need not come back. Looks anew at each row that is stored.
 */
export async function waitForFootage(options: {
  readonly library: Library
  readonly clock: Clock
  readonly recordingId: string
  readonly isThere: () => Promise<boolean>
  readonly limitMs: number
  /** The player has left. */
  readonly signal: AbortSignal
}): Promise<void> {
  const { library, clock, isThere } = options
  if (await isThere()) return
  const deadlineMs = clock.monotonicMs() + options.limitMs
  let stored = new AbortController()
  const stop = library.onCommit((commit) => {
    if (commit.recordingId === options.recordingId) stored.abort()
  })
  try {
    do {
      const woken = AbortSignal.any([stored.signal, options.signal])
      await sleepUntil(clock, deadlineMs, woken)
      stored = new AbortController()
    } while (!options.signal.aborted && clock.monotonicMs() < deadlineMs && !(await isThere()))
  } finally {
    stop()
  }
}

async function sleepUntil(clock: Clock, deadlineMs: number, woken: AbortSignal): Promise<void> {
  try {
    await clock.sleep(Math.max(0, deadlineMs - clock.monotonicMs()), woken)
  } catch (error) {
    // Woken early by a new row, or because the player left: both are wanted.
    if (!woken.aborted) throw error
  }
}
