import { HttpError } from '../../fetch/http'
import type { Clock } from '../../ports/clock'
import { withEitherSignal } from '../../ports/either-signal'

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
export async function boundedAttempt<T>(
  options: {
    clock: Clock
    signal: AbortSignal
    isSpent: () => boolean
    handOver: (attempt: Promise<T>) => boolean
  },
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, isSpent, handOver } = options
  const spent = new AbortController()
  const over = new AbortController()
  const running = withEitherSignal([options.signal, spent.signal], attempt)
  /** Resolves when the attempt is somebody else's. */
  const handedOver = async (): Promise<'handed over' | 'over'> => {
    while (!over.signal.aborted) {
      try {
        await clock.sleep(LOOK_MS, over.signal)
      } catch (reason) {
        if (!over.signal.aborted) throw reason
        return 'over'
      }
      if (!isSpent()) continue
      if (handOver(running)) return 'handed over'
      spent.abort(tooSlow())
      return 'over'
    }
    return 'over'
  }
  const watching = handedOver()
  const untilHandedOver = watching.then((how) => {
    if (how === 'handed over') throw tooSlow()
    return running
  })
  try {
    return await Promise.race([running, untilHandedOver])
  } catch (error) {
    throw spent.signal.aborted && !options.signal.aborted ? spent.signal.reason : error
  } finally {
    over.abort()
    await watching
  }
}
