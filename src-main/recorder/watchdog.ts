import type { Clock } from '../ports/clock'

/** Nothing stored for so many target durations: stalled (RFC 8216 6.3.4 allows 1.5 before a reload is late). */
const STALL_TARGETS = 3.5

/** Notices when tracks store nothing for too long. */
export interface Watchdog {
  /** The track is watched from now on, or stored a segment. @returns true when no track is silent for too long (any more). */
  touch(trackId: string): boolean
  /** The track has ended; its silence means nothing. */
  forget(trackId: string): void
  /** How long a track may be silent, from its target duration in seconds. */
  setTargetDurationSec(sec: number): void
  /** Looks until the signal ends it; calls `onStall` at each look while a track is silent for too long. Never rejects. */
  run(signal: AbortSignal): Promise<void>
}

/** @param options.onStall `silentMs`: for how long nothing was stored. */
export function createWatchdog(options: {
  clock: Clock
  onStall: (silentMs: number) => void
}): Watchdog {
  const { clock, onStall } = options
  const touchedMs = new Map<string, number>()
  const stalled = new Set<string>()
  let targetDurationSec = 6

  const look = () => {
    const nowMs = clock.monotonicMs()
    const limitMs = targetDurationSec * STALL_TARGETS * 1000
    let longestMs = 0
    for (const [trackId, atMs] of touchedMs) {
      if (nowMs - atMs <= limitMs) continue
      stalled.add(trackId)
      longestMs = Math.max(longestMs, nowMs - atMs)
    }
    if (longestMs > 0) onStall(longestMs)
  }

  return {
    touch(trackId) {
      touchedMs.set(trackId, clock.monotonicMs())
      stalled.delete(trackId)
      return stalled.size === 0
    },
    forget(trackId) {
      touchedMs.delete(trackId)
      stalled.delete(trackId)
    },
    setTargetDurationSec(sec) {
      targetDurationSec = sec
    },
    async run(signal) {
      while (!signal.aborted) {
        try {
          await clock.sleep(Math.max(500, targetDurationSec * 250), signal)
        } catch (reason) {
          if (!signal.aborted) throw reason
          return
        }
        look()
      }
    },
  }
}
