import { decideRetention, type RetentionLimits, type RetentionState } from './decide-retention'
import { pauseBelowBytes } from './disk-space'

const HOUR_MS = 3_600_000
/** How far ahead it is said what will be let go. */
const AHEAD_MS = 24 * HOUR_MS
/** What comes is reckoned with in so many pieces. */
const FRESH_PIECES = 24
/** Beyond it, nobody can tell. */
const FARTHEST_MS = 10 * 365 * AHEAD_MS

export interface Forecast {
  /** How fast all recordings together grow. */
  readonly bytesPerHour: number
  /** When recording will pause for want of space, unix ms; absent where that is not in sight. */
  readonly fullMs?: number
  /** What will be let go within a day as things are, trash and footage. */
  readonly letGoBytes: number
}

/**
 * Says what comes, as if every recording went on as in the last minutes. Pure.
 *
 * @param rates bytes per hour by recordings.
 */
export function forecastOf(
  state: RetentionState,
  limits: RetentionLimits,
  rates: ReadonlyMap<string, number>,
  nowMs: number,
): Forecast {
  const bytesPerHour = [...rates.values()].reduce((sum, rate) => sum + rate, 0)
  const fullMs = fullAt(state, limits, rates, nowMs)
  return {
    bytesPerHour,
    letGoBytes: lettingGo(state, limits, rates, nowMs, AHEAD_MS),
    ...(fullMs === undefined ? {} : { fullMs }),
  }
}

function fullAt(
  state: RetentionState,
  limits: RetentionLimits,
  rates: ReadonlyMap<string, number>,
  nowMs: number,
): number | undefined {
  const { freeBytes } = state
  const perHour = [...rates.values()].reduce((sum, rate) => sum + rate, 0)
  if (freeBytes === undefined || perHour <= 0) return undefined
  const roomBytes = freeBytes - pauseBelowBytes(limits.headroomBytes)
  // What goes by then makes room for longer, during which more may go.
  let inMs = Math.max(0, (roomBytes / perHour) * HOUR_MS)
  for (let turn = 0; turn < 8 && inMs < FARTHEST_MS; turn += 1) {
    const freed = lettingGo(state, limits, rates, nowMs, inMs)
    const nextMs = Math.max(0, ((roomBytes + freed) / perHour) * HOUR_MS)
    if (nextMs <= inMs * 1.001) return Math.round(nowMs + inMs)
    inMs = nextMs
  }
  return undefined
}

/** What will have been let go after a time, in bytes. */
function lettingGo(
  state: RetentionState,
  limits: RetentionLimits,
  rates: ReadonlyMap<string, number>,
  nowMs: number,
  inMs: number,
): number {
  const grown = grownBy(state, rates, inMs)
  return decideRetention(grown, limits, nowMs + inMs).reduce((sum, { bytes }) => sum + bytes, 0)
}

/** As everything will be if nothing goes. */
function grownBy(
  state: RetentionState,
  rates: ReadonlyMap<string, number>,
  inMs: number,
): RetentionState {
  let grownBytes = 0
  const recordings = state.recordings.map((recording) => {
    const bytes = ((rates.get(recording.id) ?? 0) * inMs) / HOUR_MS
    const last = recording.stretches.at(-1)
    if (bytes === 0 || last === undefined) return recording
    grownBytes += bytes
    const { keepFromMs } = recording
    const fresh = Array.from({ length: FRESH_PIECES }, (_, piece) => ({
      startMs: last.endMs + (inMs * piece) / FRESH_PIECES,
      endMs: last.endMs + (inMs * (piece + 1)) / FRESH_PIECES,
      bytes: bytes / FRESH_PIECES,
    }))
    // Where only what is being recorded keeps it, the footage that comes moves that on.
    const moves = keepFromMs !== undefined && keepFromMs >= last.endMs - MOVES_WITHIN_MS
    return {
      ...recording,
      stretches: [...recording.stretches, ...fresh],
      ...(moves ? { keepFromMs: keepFromMs + inMs } : {}),
    }
  })
  const { freeBytes } = state
  return {
    ...state,
    recordings,
    freeBytes: freeBytes === undefined ? undefined : freeBytes - grownBytes,
  }
}

/** See `held-recording.ts`: what is being recorded keeps so much behind its end. */
const MOVES_WITHIN_MS = 60_000
