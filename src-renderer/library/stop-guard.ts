/** A click on another recording's Stop this soon after one is the second half of a double click. */
const SLIP_MS = 700

/** Tells a click that is meant from one that fell on a row which has just slid under the pointer. */
export interface StopGuard {
  /** False for a slip. */
  mayStop(id: string): boolean
}

export function createStopGuard(options: {
  /** Milliseconds that never go back. */
  nowMs: () => number
}): StopGuard {
  let last = { id: '', atMs: Number.NEGATIVE_INFINITY }
  return {
    mayStop(id) {
      const atMs = options.nowMs()
      if (id !== last.id && atMs - last.atMs < SLIP_MS) return false
      last = { id, atMs }
      return true
    },
  }
}
