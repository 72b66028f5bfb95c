import { HttpError } from '../fetch/http'
import { loadPolicy } from '../fetch/load-policy'
import type { Clock } from '../ports/clock'
import type { OnTrouble } from './trouble'

/** An answer comes within a moment, or something is amiss: a person is told before the load policy gives it up. */
const SLOW_MS = 5000

interface SlowOptions {
  readonly kind: 'playlist' | 'segment'
  readonly clock: Clock
  /** How long the server may keep the request waiting on purpose. Milliseconds. */
  readonly holdMs: number
  /** Told once; `nextTryMs` is the wall clock at which the request is given up. */
  readonly onSlow: OnTrouble
}

/** Tells of an answer that does not come. @returns what ends the watch. Idempotent. */
export function watchSlow({ kind, clock, holdMs, onSlow }: SlowOptions): () => void {
  return clock.after(SLOW_MS + holdMs, () => {
    const leftMs = Math.max(0, loadPolicy[kind].firstByteMs - SLOW_MS)
    const silent = new HttpError('source_timeout', 'The source does not answer.')
    onSlow(silent, clock.nowMs() + leftMs)
  })
}

/**
 * Waits for an answer, and tells of it while it does not come.
 *
 * @throws what the request rejects with.
 */
export async function tellIfSlow<T>(options: SlowOptions, request: Promise<T>): Promise<T> {
  const answered = watchSlow(options)
  try {
    return await request
  } finally {
    answered()
  }
}
