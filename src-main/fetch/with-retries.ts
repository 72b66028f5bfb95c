import type { Clock } from '../ports/clock'
import { decideOnFailure, type FailureAction } from './failure-action'
import type { ResourceKind } from './http'

export interface RetryOptions {
  readonly kind: ResourceKind
  readonly clock: Clock
  /** 0..1, for the jitter. */
  readonly random: () => number
  readonly signal: AbortSignal
  /** Since the first attempt, asked anew at each failure; absent = the load policy's number of retries. */
  readonly giveUpAfterMs?: (error: unknown) => number
  /** The next try comes so soon at the latest, unless the server asks for more; undefined = the load policy's cap alone. */
  readonly mostDelayMs?: (elapsedMs: number) => number | undefined
  /** Told of each failure and of what is done about it, before the wait: for log, metrics, state. */
  readonly onFailure?: (failure: {
    readonly error: unknown
    readonly attempt: number
    readonly action: FailureAction
  }) => void
}

/**
 * Attempts until one succeeds, as the load policy says. Rejects with the last error when it is given up, and when the
 * source has to be resolved again (`onFailure` tells which): that is the caller's to do, and then to call again.
 */
export async function withRetries<T>(
  options: RetryOptions,
  attempt: (number: number) => Promise<T>,
): Promise<T> {
  const { kind, clock, random, signal, giveUpAfterMs, onFailure } = options
  const startMs = clock.monotonicMs()
  for (let number = 1; ; number += 1) {
    signal.throwIfAborted()
    try {
      return await attempt(number)
    } catch (error) {
      if (signal.aborted) throw error
      const elapsedMs = clock.monotonicMs() - startMs
      const action = decideOnFailure({
        kind,
        error,
        attempt: number,
        elapsedMs,
        random: random(),
        mostMs: options.mostDelayMs?.(elapsedMs),
        ...(giveUpAfterMs === undefined ? {} : { giveUpAfterMs: giveUpAfterMs(error) }),
      })
      onFailure?.({ error, attempt: number, action })
      if (action.action !== 'retry') throw error
      await clock.sleep(action.delayMs, signal)
    }
  }
}
