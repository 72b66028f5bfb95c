import type { Clock } from '../ports/clock'

/**
 * How serious it is that nothing was stored for a while. `quiet`: nobody can say yet that anything is wrong, but a person who
 * wonders should see it. `late`: more than the half target duration that RFC 8216 6.3.4 allows beside the whole one.
 */
type Silence = 'quiet' | 'late' | 'stalled'
const LATE_TARGETS = 1.5
const STALL_TARGETS = 3.5
/** While something is late, or before the source has told its pace: a person sees what goes on. */
const LOOK_MS = 1000
const MOST_PAUSE_MS = 10_000
/** From this on, a person is told of a silence, be it late or not; segments that are longer than this may be as long as they are. */
const QUIET_MS = 9000
/** With long segments, half a target duration more is longer than a person should be left in the dark. */
const LONGEST_ALLOWANCE_MS = 9000

/** From when on a silence is late, and from when on it is told of at all. */
function limitsOf(targetMs: number): { readonly lateMs: number; readonly toldMs: number } {
  const lateMs = Math.min(targetMs * LATE_TARGETS, targetMs + LONGEST_ALLOWANCE_MS)
  return { lateMs, toldMs: Math.min(lateMs, Math.max(QUIET_MS, targetMs)) }
}

/** What a silence is called; undefined where it is none. Pure. */
export function silenceOf(silentMs: number, targetDurationSec: number): Silence | undefined {
  const targetMs = targetDurationSec * 1000
  const { lateMs, toldMs } = limitsOf(targetMs)
  if (silentMs > targetMs * STALL_TARGETS) return 'stalled'
  if (silentMs > lateMs) return 'late'
  return silentMs > toldMs ? 'quiet' : undefined
}

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

  /** Until there can be something to tell of a track: there is nothing to see before. */
  const pauseMs = (): number => {
    if (!isPaceKnown || late.size > 0 || touchedMs.size === 0) return LOOK_MS
    const { toldMs } = limitsOf(targetDurationSec * 1000)
    const soonestMs = Math.min(...touchedMs.values()) + toldMs
    const leftMs = soonestMs - clock.monotonicMs() + 1
    return leftMs <= 0 ? LOOK_MS : Math.max(LOOK_MS / 2, Math.min(leftMs, MOST_PAUSE_MS))
  }
  const look = () => {
    const nowMs = clock.monotonicMs()
    let longestMs = 0
    for (const [trackId, atMs] of touchedMs) {
      const silence = silenceOf(nowMs - atMs, targetDurationSec)
      if (silence === 'late' || silence === 'stalled') late.add(trackId)
      longestMs = Math.max(longestMs, nowMs - atMs)
    }
    const longest = silenceOf(longestMs, targetDurationSec)
    if (longest !== undefined) onSilence(longest, longestMs)
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
