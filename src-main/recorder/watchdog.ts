import type { Clock } from '../ports/clock'

/** How serious a silence is, in target durations without anything stored (RFC 8216 6.3.4 allows 1.5 before a reload is late). */
type Silence = 'late' | 'stalled'
const LATE_TARGETS = 1.5
const STALL_TARGETS = 3.5
/** While something is late, or before the source has told its pace: a person sees what goes on. */
const LOOK_MS = 1000
const MOST_PAUSE_MS = 10_000

/** Notices when tracks store nothing for too long. */
export interface Watchdog {
  /** The track is watched from now on, or stored a segment. @returns true when no track is late (any more). */
  touch(trackId: string): boolean
  /** It is known already that the track will store nothing for a while. */
  stall(trackId: string): void
  /** The track has ended; its silence means nothing. */
  forget(trackId: string): void
  /** How long a track may be silent, from its target duration in seconds. */
  setTargetDurationSec(sec: number): void
  /** Looks until the signal ends it; calls `onSilence` at each look while a track is silent for too long. Never rejects. */
  run(signal: AbortSignal): Promise<void>
}

/** @param options.onSilence `silentMs`: for how long nothing was stored in the track that is silent longest. */
export function createWatchdog(options: {
  clock: Clock
  onSilence: (silence: Silence, silentMs: number) => void
}): Watchdog {
  const { clock, onSilence } = options
  const touchedMs = new Map<string, number>()
  const late = new Set<string>()
  let targetDurationSec = 6
  let isPaceKnown = false

  /** Until a track can be late: there is nothing to see before. */
  const pauseMs = (): number => {
    if (!isPaceKnown || late.size > 0 || touchedMs.size === 0) return LOOK_MS
    const soonestMs = Math.min(...touchedMs.values()) + targetDurationSec * 1000 * LATE_TARGETS
    return Math.max(LOOK_MS / 2, Math.min(soonestMs - clock.monotonicMs() + 1, MOST_PAUSE_MS))
  }
  const look = () => {
    const nowMs = clock.monotonicMs()
    const targetMs = targetDurationSec * 1000
    let longestMs = 0
    for (const [trackId, atMs] of touchedMs) {
      if (nowMs - atMs <= targetMs * LATE_TARGETS) continue
      late.add(trackId)
      longestMs = Math.max(longestMs, nowMs - atMs)
    }
    if (longestMs > 0)
      onSilence(longestMs > targetMs * STALL_TARGETS ? 'stalled' : 'late', longestMs)
  }

  return {
    touch(trackId) {
      touchedMs.set(trackId, clock.monotonicMs())
      late.delete(trackId)
      return late.size === 0
    },
    stall(trackId) {
      late.add(trackId)
    },
    forget(trackId) {
      touchedMs.delete(trackId)
      late.delete(trackId)
    },
    setTargetDurationSec(sec) {
      targetDurationSec = sec
      isPaceKnown = true
    },
    async run(signal) {
      while (!signal.aborted) {
        try {
          await clock.sleep(pauseMs(), signal)
        } catch (reason) {
          if (!signal.aborted) throw reason
          return
        }
        look()
      }
    },
  }
}
