import type { Clock } from '../../ports/clock'

/** When a recording is to end: after a length, at an instant, or whichever comes first. */
export interface RecordingLimit {
  readonly lengthMs?: number
  /** Unix ms. */
  readonly untilMs?: number
}

/** One sleep takes no longer: the wall clock may be set meanwhile, and Node's timers fire at once beyond 24.8 days. */
const LONGEST_SLEEP_MS = 60_000

/** Resolves when the limit is reached, counted from now; never where there is none. Resolves early when the signal is aborted. */
export async function timeUp(options: {
  readonly clock: Clock
  readonly limit: RecordingLimit
  readonly signal: AbortSignal
}): Promise<void> {
  const { clock, limit, signal } = options
  const beganMs = clock.monotonicMs()
  const leftMs = () =>
    Math.min(
      (limit.lengthMs ?? Infinity) - (clock.monotonicMs() - beganMs),
      (limit.untilMs ?? Infinity) - clock.nowMs(),
    )
  try {
    while (leftMs() > 0) await clock.sleep(Math.min(leftMs(), LONGEST_SLEEP_MS), signal)
  } catch (error) {
    // Nobody waits any longer.
    if (!signal.aborted) throw error
  }
}
