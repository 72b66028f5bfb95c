import { HttpError } from '../../fetch/http'
import type { Clock } from '../../ports/clock'

/** How often is looked at an attempt on its way. */
const LOOK_MS = 1000

const tooSlow = () =>
  new HttpError('source_timeout', 'The segment came so slowly that it held up those behind it.')

/**
 * Runs an attempt, and ends it where it is not worth waiting for any longer: bytes that trickle keep a request alive
 * for minutes.
 *
 * @param options.signal ends the attempt, too.
 * @param options.isSpent asked while the attempt is under way, once a second.
 * @throws HttpError `source_timeout` where it was ended; else what the attempt throws.
 */
export async function boundedAttempt<T>(
  options: { clock: Clock; signal: AbortSignal; isSpent: () => boolean },
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, isSpent } = options
  const spent = new AbortController()
  const over = new AbortController()
  const watch = async () => {
    while (!over.signal.aborted) {
      try {
        await clock.sleep(LOOK_MS, over.signal)
      } catch (reason) {
        if (!over.signal.aborted) throw reason
        return
      }
      if (isSpent()) {
        spent.abort(tooSlow())
        return
      }
    }
  }
  const watching = watch()
  try {
    return await attempt(AbortSignal.any([options.signal, spent.signal]))
  } catch (error) {
    throw spent.signal.aborted && !options.signal.aborted ? spent.signal.reason : error
  } finally {
    over.abort()
    await watching
  }
}
