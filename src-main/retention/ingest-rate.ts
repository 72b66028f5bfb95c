import type { Clock } from '../ports/clock'

/** Rates are those of the last minutes. */
const WINDOW_MS = 5 * 60_000
const STEP_MS = 10_000
/** Before that, one segment more or less would be told as a rate of its own. */
const SHORTEST_MS = 60_000

/** How fast recordings grow. */
export interface IngestRate {
  /** So many bytes of a recording were stored just now. */
  stored(recordingId: string, bytes: number): void
  /** Bytes per hour over the last minutes; undefined where nothing was stored in them, or for less than a minute. */
  bytesPerHour(recordingId: string): number | undefined
}

interface Step {
  readonly atMs: number
  bytes: number
}

/** Measures in steps of ten seconds, so that a fast source costs no more than a slow one. */
export function createIngestRate({
  clock,
}: {
  readonly clock: Pick<Clock, 'monotonicMs'>
}): IngestRate {
  const steps = new Map<string, Step[]>()
  return {
    stored(recordingId, bytes) {
      const nowMs = clock.monotonicMs()
      const own = (steps.get(recordingId) ?? []).filter(({ atMs }) => nowMs - atMs < WINDOW_MS)
      const last = own.at(-1)
      if (last !== undefined && nowMs - last.atMs < STEP_MS) last.bytes += bytes
      else own.push({ atMs: nowMs, bytes })
      steps.set(recordingId, own)
    },
    bytesPerHour(recordingId) {
      const nowMs = clock.monotonicMs()
      const own = (steps.get(recordingId) ?? []).filter(({ atMs }) => nowMs - atMs < WINDOW_MS)
      const [first] = own
      if (first === undefined) {
        steps.delete(recordingId)
        return undefined
      }
      const elapsedMs = nowMs - first.atMs
      if (elapsedMs < SHORTEST_MS) return undefined
      return (own.reduce((sum, { bytes }) => sum + bytes, 0) / elapsedMs) * 3_600_000
    },
  }
}
