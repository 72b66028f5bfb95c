import { VsrError } from '../../src-preload/contract/errors'
import { HttpError } from './http'
import { timeoutError } from './transport-error'

/** Ends an attempt that takes too long (FAULTS F11), or that its caller no longer wants. */
export interface Deadlines {
  /** Aborts the attempt. */
  readonly signal: AbortSignal
  /** From now on the server has so long to do something, one thing at a time; `what` completes "The server …". */
  expect(ms: number, what: string): void
  /** Nothing is expected from the server at the moment. */
  rest(): void
  /** Awaits a step of the network. */
  within<T>(ms: number, what: string, work: () => Promise<T>): Promise<T>
  /** Why the attempt was aborted; undefined while it was not. */
  reason(): VsrError | undefined
  /** Stops the clocks and, unless the answer was read to its end, lets go of the connection. */
  end(options: { readonly isWhole: boolean }): void
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

  /** What is awaited. A body has dozens: one clock looks after all of them and is seldom set. */
  let step: { readonly what: string; readonly dueMs: number } | undefined
  let clock: NodeJS.Timeout | undefined
  let clockDueMs = Number.POSITIVE_INFINITY
  const watch = (dueMs: number): void => {
    if (clockDueMs <= dueMs) return
    clearTimeout(clock)
    clockDueMs = dueMs
    clock = setTimeout(look, dueMs - performance.now())
  }
  const look = (): void => {
    clockDueMs = Number.POSITIVE_INFINITY
    if (step === undefined) return
    if (performance.now() >= step.dueMs) stop(timeoutError(url, step.what))
    else watch(step.dueMs)
  }

  const expect: Deadlines['expect'] = (ms, what) => {
    step = { what, dueMs: performance.now() + ms }
    watch(step.dueMs)
  }
  const rest = (): void => {
    step = undefined
  }

  return {
    signal: controller.signal,
    expect,
    rest,
    async within(ms, what, work) {
      expect(ms, what)
      try {
        return await work()
      } finally {
        rest()
      }
    },
    reason: () => reason,
    end({ isWhole }) {
      clearTimeout(total)
      clearTimeout(clock)
      signal.removeEventListener('abort', onCancel)
      if (!isWhole) controller.abort()
    },
  }
}
