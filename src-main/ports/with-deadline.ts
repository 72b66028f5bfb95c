import type { Clock } from './clock'
import { withEitherSignal } from './either-signal'

/**
 * Runs work that is ended after `afterMs`.
 *
 * @param options.signal ends it, too.
 * @param options.reason what it is aborted with when its time is over.
 * @throws what the work throws; the reason where its time was over.
 */
export async function withDeadline<T>(
  options: { clock: Clock; signal: AbortSignal; afterMs: number; reason: () => Error },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, signal, afterMs, reason } = options
  const late = new AbortController()
  const over = new AbortController()
  const watching = clock.sleep(afterMs, over.signal).then(
    () => late.abort(reason()),
    (cause: unknown) => {
      if (!over.signal.aborted) throw cause
    },
  )
  try {
    return await withEitherSignal([signal, late.signal], work)
  } catch (error) {
    throw late.signal.aborted && !signal.aborted ? late.signal.reason : error
  } finally {
    over.abort()
    await watching
  }
}
