/** Where the picture is, on the wall clock. Changes some 30 times a second, so it stays out of React. */
export interface Playhead {
  /** Unix milliseconds; undefined while nothing is shown. */
  ms(): number | undefined
  set(ms: number | undefined): void
  subscribe(listener: (ms: number | undefined) => void): () => void
}

export function createPlayhead(): Playhead {
  let current: number | undefined
  const listeners = new Set<(ms: number | undefined) => void>()
  return {
    ms: () => current,
    set(ms) {
      if (ms === current) return
      current = ms
      for (const listener of listeners) listener(ms)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
