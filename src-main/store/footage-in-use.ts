import type { Clock } from '../ports/clock'

/** What somebody watches stays for so long after it was last asked for. */
const WATCHED_MS = 5 * 60_000
/** Instants are told apart no finer than this. */
const STEP_MS = 10_000

/** Which footage may not be let go at the moment: in memory, since whoever uses it does not outlive this process (F39). */
export interface FootageInUse {
  /** A recording's footage from an instant (unix ms) on is needed until the returned function is called. */
  hold(recordingId: string, fromMs: number): () => void
  /** It has just been asked for, and what comes after it will be soon. */
  watched(recordingId: string, fromMs: number): void
  /** From where on a recording's footage is in use, unix ms; undefined where none is. */
  earliestMs(recordingId: string): number | undefined
}

interface Watched {
  readonly fromMs: number
  readonly untilMs: number
}

export function createFootageInUse({ clock }: { readonly clock: Clock }): FootageInUse {
  const holds = new Map<symbol, { readonly recordingId: string; readonly fromMs: number }>()
  /** Later ones begin later: one that begins earlier and lasts longer makes those behind it idle. */
  const watched = new Map<string, readonly Watched[]>()

  const watchedNow = (recordingId: string): readonly Watched[] => {
    const nowMs = clock.monotonicMs()
    return (watched.get(recordingId) ?? []).filter(({ untilMs }) => untilMs > nowMs)
  }
  return {
    hold(recordingId, fromMs) {
      const own = Symbol()
      holds.set(own, { recordingId, fromMs })
      return () => holds.delete(own)
    },
    watched(recordingId, instantMs) {
      const fromMs = Math.floor(instantMs / STEP_MS) * STEP_MS
      const others = watchedNow(recordingId).filter((other) => other.fromMs < fromMs)
      const untilMs = clock.monotonicMs() + WATCHED_MS
      watched.set(recordingId, [...others, { fromMs, untilMs }])
    },
    earliestMs(recordingId) {
      const held = [...holds.values()].filter((hold) => hold.recordingId === recordingId)
      const starts = [...held, ...watchedNow(recordingId)].map(({ fromMs }) => fromMs)
      if (watchedNow(recordingId).length === 0) watched.delete(recordingId)
      return starts.length === 0 ? undefined : Math.min(...starts)
    },
  }
}
