import { HttpError } from '../../fetch/http'
import type { Clock } from '../../ports/clock'
import { followSignal } from '../../ports/either-signal'

/** How often is looked at an attempt on its way. */
const LOOK_MS = 1000

const tooSlow = () =>
  new HttpError('source_timeout', 'The segment came so slowly that it held up those behind it.')

/**
 * Runs an attempt, and stops waiting for it where it is not worth that any longer: bytes that trickle keep a request alive
 * for minutes.
 *
 * @param options.signal ends the attempt, too.
 * @param options.isSpent asked while the attempt is under way, once a second.
 * @param options.handOver takes an attempt over that is waited for no longer; where it does not (false), the attempt is ended.
 * @throws HttpError `source_timeout` where it was waited for no longer; else what the attempt throws.
 */
export function boundedAttempt<T>(
  options: {
    clock: Clock
    signal: AbortSignal
    isSpent: () => boolean
    handOver: (attempt: Promise<T>) => boolean
  },
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, signal, isSpent, handOver } = options
  const { controller: ending, letGo } = followSignal(signal)
  const running = attempt(ending.signal)
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (!isSpent()) cancelLook = clock.after(LOOK_MS, look)
      else if (handOver(running)) reject(tooSlow())
      else ending.abort(tooSlow())
    }
    let cancelLook = clock.after(LOOK_MS, look)
    const over = (): void => {
      cancelLook()
      letGo()
    }
    running.then(
      (value) => {
        over()
        resolve(value)
      },
      (error: unknown) => {
        over()
        reject(ending.signal.aborted && !signal.aborted ? ending.signal.reason : error)
      },
    )
  })
}
