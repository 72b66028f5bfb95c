import type { HttpError } from './http'
import { timeoutError } from './transport-error'

/** Ends an attempt that takes too long (FAULTS F11). */
export interface Deadlines {
  /** From now on the server has so long to do something, one thing at a time; `what` completes "The server …". */
  expect(ms: number, what: string): void
  /** Nothing is expected from the server at the moment, but that all is over in time. */
  rest(): void
  /** Stops the clock. Idempotent; nothing is expected any more. */
  end(): void
}

interface Step {
  readonly what: string
  readonly dueMs: number
}

/**
 * Starts the total deadline of one attempt. A body has dozens of steps: one clock looks after all of them, and is seldom set.
 * @param options.onMissed is called once at most.
 */
export function startDeadlines(options: {
  readonly url: string
  readonly totalMs: number
  readonly onMissed: (error: HttpError) => void
}): Deadlines {
  const { url, totalMs, onMissed } = options
  const total: Step = { what: 'is too slow', dueMs: performance.now() + totalMs }
  let step: Step | undefined
  let clock: NodeJS.Timeout | undefined
  let clockDueMs = Number.POSITIVE_INFINITY
  let isOver = false

  const next = (): Step => (step !== undefined && step.dueMs < total.dueMs ? step : total)
  const watch = (): void => {
    const { dueMs } = next()
    if (isOver || clockDueMs <= dueMs) return
    clearTimeout(clock)
    clockDueMs = dueMs
    clock = setTimeout(look, dueMs - performance.now())
  }
  const look = (): void => {
    clockDueMs = Number.POSITIVE_INFINITY
    const { what, dueMs } = next()
    if (performance.now() < dueMs) watch()
    else if (!isOver) {
      isOver = true
      onMissed(timeoutError(url, what))
    }
  }

  return {
    expect(ms, what) {
      step = { what, dueMs: performance.now() + ms }
      watch()
    },
    rest() {
      step = undefined
      watch()
    },
    end() {
      isOver = true
      clearTimeout(clock)
    },
  }
}
