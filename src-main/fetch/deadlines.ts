import { VsrError } from '../../src-preload/contract/errors'
import { HttpError } from './http'
import { timeoutError } from './transport-error'

/** Ends an attempt that takes too long (FAULTS F11), or that its caller no longer wants. */
export interface Deadlines {
  /** Aborts the attempt. */
  readonly signal: AbortSignal
  /** Awaits a step of the network; `what` completes "The server …". */
  within<T>(ms: number, what: string, step: () => Promise<T>): Promise<T>
  /** Why the attempt was aborted; undefined while it was not. */
  reason(): VsrError | undefined
  /** Stops the clocks and lets go of the connection where the answer was not read to its end. */
  end(): void
}

/** Starts the total deadline of one attempt. */
export function startDeadlines(options: {
  readonly url: string
  readonly totalMs: number
  readonly signal: AbortSignal
}): Deadlines {
  const { url, totalMs, signal } = options
  const controller = new AbortController()
  let reason: VsrError | undefined

  const stop = (why: VsrError): void => {
    reason ??= why
    controller.abort(reason)
  }
  const onCancel = (): void => {
    const cause: unknown = signal.reason
    stop(
      cause instanceof VsrError
        ? cause
        : new HttpError('cancelled', 'The request was cancelled.', { cause }),
    )
  }
  const total = setTimeout(() => stop(timeoutError(url, 'is too slow')), totalMs)
  signal.addEventListener('abort', onCancel, { once: true })
  if (signal.aborted) onCancel()

  return {
    signal: controller.signal,
    async within(ms, what, step) {
      const timer = setTimeout(() => stop(timeoutError(url, what)), ms)
      try {
        return await step()
      } finally {
        clearTimeout(timer)
      }
    },
    reason: () => reason,
    end() {
      clearTimeout(total)
      signal.removeEventListener('abort', onCancel)
      controller.abort()
    },
  }
}
