import type { RetryOptions } from '../fetch/with-retries'
import type { Clock } from '../ports/clock'

/** Told of everything that fails and is tried again. `nextTryMs`: the wall clock of the next try. */
export type OnTrouble = (error: unknown, nextTryMs?: number) => void

/** The load policy's account of a failure as trouble: delays become instants. */
export function tellTrouble(options: {
  clock: Clock
  onTrouble: OnTrouble
}): NonNullable<RetryOptions['onFailure']> {
  const { clock, onTrouble } = options
  return ({ error, action }) => {
    if (action.action === 'give-up') onTrouble(error)
    else onTrouble(error, clock.nowMs() + action.delayMs)
  }
}
