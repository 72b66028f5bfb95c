/** Seeks that follow each other faster than the decoder: the newest wins, none is left out for long. */
export interface SeekQueue {
  /** Media time in seconds. At once, or as soon as the seek under way is done. */
  go(sec: number): void
  /** Where the newest wish leads, while it waits. */
  waitingSec(): number | undefined
  /** To be called when a seek is done. True when that was the last one. */
  settled(): boolean
  clear(): void
}

/** While the pointer moves, a seek that is under way gets this long before the next one replaces it. */
const PATIENCE_MS = 250

export function createSeekQueue(options: {
  /** Milliseconds that never go back. */
  nowMs: () => number
  isSeeking: () => boolean
  seek: (sec: number) => void
}): SeekQueue {
  let waiting: number | undefined
  let beganMs = Number.NEGATIVE_INFINITY

  const begin = (sec: number) => {
    waiting = undefined
    beganMs = options.nowMs()
    options.seek(sec)
  }

  return {
    go(sec) {
      if (options.isSeeking() && options.nowMs() - beganMs < PATIENCE_MS) waiting = sec
      else begin(sec)
    },
    waitingSec: () => waiting,
    settled() {
      if (waiting === undefined) return true
      begin(waiting)
      return false
    },
    clear() {
      waiting = undefined
    },
  }
}
