import { HttpError } from '../fetch/http'
import { loadPolicy } from '../fetch/load-policy'
import type { Clock } from '../ports/clock'
import type { OnTrouble } from './trouble'

/** An answer comes within a moment, or something is amiss: a person is told before the load policy gives it up. */
const SLOW_MS = 5000

/**
 * Waits for an answer, and tells of it while it does not come.
 *
 * @param options.holdMs how long the server may keep the request waiting on purpose.
 * @param options.onSlow told once; `nextTryMs` is the wall clock at which the request is given up.
 * @throws what the request rejects with.
 */
export async function tellIfSlow<T>(
  options: { kind: 'playlist' | 'segment'; clock: Clock; holdMs: number; onSlow: OnTrouble },
  request: Promise<T>,
): Promise<T> {
  const { kind, clock, holdMs, onSlow } = options
  const cancel = clock.after(SLOW_MS + holdMs, () => {
    const leftMs = Math.max(0, loadPolicy[kind].firstByteMs - SLOW_MS)
    const silent = new HttpError('source_timeout', 'The source does not answer.')
    onSlow(silent, clock.nowMs() + leftMs)
  })
  try {
    return await request
  } finally {
    cancel()
  }
}
