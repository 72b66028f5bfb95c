/**
 * Runs work with a signal that is aborted as soon as one of these is, and lets go of them when it is over. AbortSignal.any does
 * not: it leaves a reference with each of its sources for as long as they live (Node 20), which is hours for a recording's.
 *
 * @throws what the work throws.
 */
export async function withEitherSignal<T>(
  signals: readonly AbortSignal[],
  work: (either: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = new AbortController()
  const listening = signals.map((signal) => {
    const abort = () => either.abort(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    return () => signal.removeEventListener('abort', abort)
  })
  try {
    return await work(either.signal)
  } finally {
    for (const stopListening of listening) stopListening()
  }
}

/** A controller of its own that is aborted with `signal`, too, until it is let go. */
export function followSignal(signal: AbortSignal): {
  readonly controller: AbortController
  letGo(): void
} {
  const controller = new AbortController()
  const onAbort = () => controller.abort(signal.reason)
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return { controller, letGo: () => signal.removeEventListener('abort', onAbort) }
}
