/** On which rung of the quality ladder a recording is, and what led there. Times on the monotonic clock. */
export interface Adaptation {
  /** 0 = the quality that the person chose; each further one is lower. */
  readonly rung: number
  readonly changedAtMs: number
  /** Since when the next higher rung would fit. */
  readonly headroomSinceMs: number | undefined
  readonly steppedUpAtMs: number
  /** So many times the usual wait before the next step up: grows where one was premature. */
  readonly caution: number
}

/** What is known of the media progress at a moment. */
export interface ProgressSample {
  readonly atMs: number
  /** Listed and not stored yet. */
  readonly behindSec: number
  readonly targetDurationSec: number
  /** What the source lists at once: what is further behind is lost. */
  readonly windowSec: number
  /** Undefined while nothing is known. */
  readonly throughputBps: number | undefined
  /** Bits per second of each rung. */
  readonly rungsBps: readonly number[]
}

/** Three target durations behind are what a recording begins with (RFC 8216 6.3.3). */
const LEAST_BEHIND_TARGETS = 3
/** However long the source's window is: nobody wants to watch live from further behind. */
const MOST_BEHIND_TARGETS = 10
/** The estimate has to follow a step before the next one. */
const SETTLE_TARGETS = 2
/** A rung is taken downwards where it fills no more than this of the throughput. */
const FILL = 0.9
/** And upwards where the throughput is so many times what it takes, for so many target durations. */
const HEADROOM = 1.4
const HEADROOM_TARGETS = 5
const SHORTEST_HEADROOM_MS = 5000
/** A step up that had to be taken back so soon was premature. */
const PREMATURE_TARGETS = 15
const MOST_CAUTION = 32

export const startAdaptation: Adaptation = {
  rung: 0,
  changedAtMs: Number.NEGATIVE_INFINITY,
  headroomSinceMs: undefined,
  steppedUpAtMs: Number.NEGATIVE_INFINITY,
  caution: 1,
}

/** How far behind is too far: a third of what the source lists, within bounds. */
function tooFarBehindSec({ windowSec, targetDurationSec }: ProgressSample): number {
  const third = Math.max(windowSec / 3, targetDurationSec * LEAST_BEHIND_TARGETS)
  return Math.min(third, targetDurationSec * MOST_BEHIND_TARGETS)
}

function stepDown(state: Adaptation, sample: ProgressSample, throughputBps: number): Adaptation {
  const { atMs, rungsBps, targetDurationSec } = sample
  const fitting = rungsBps.findIndex(
    (bps, rung) => rung > state.rung && bps <= throughputBps * FILL,
  )
  const isPremature = atMs - state.steppedUpAtMs < targetDurationSec * PREMATURE_TARGETS * 1000
  return {
    ...state,
    rung: fitting < 0 ? rungsBps.length - 1 : fitting,
    changedAtMs: atMs,
    headroomSinceMs: undefined,
    caution: isPremature ? Math.min(MOST_CAUTION, state.caution * 2) : 1,
  }
}

function considerStepUp(
  state: Adaptation,
  sample: ProgressSample,
  throughputBps: number,
): Adaptation {
  const { atMs, behindSec, targetDurationSec, rungsBps } = sample
  const above = rungsBps[state.rung - 1] ?? Number.POSITIVE_INFINITY
  const hasHeadroom =
    throughputBps >= above * HEADROOM && behindSec <= targetDurationSec * LEAST_BEHIND_TARGETS
  if (!hasHeadroom) {
    return state.headroomSinceMs === undefined ? state : { ...state, headroomSinceMs: undefined }
  }
  const sinceMs = state.headroomSinceMs ?? atMs
  const usualMs = Math.max(SHORTEST_HEADROOM_MS, targetDurationSec * HEADROOM_TARGETS * 1000)
  if (atMs - sinceMs < usualMs * state.caution) return { ...state, headroomSinceMs: sinceMs }
  return {
    ...state,
    rung: state.rung - 1,
    changedAtMs: atMs,
    steppedUpAtMs: atMs,
    headroomSinceMs: undefined,
  }
}

/**
 * Down, to the highest rung that fits, where the recording falls so far behind that footage is about to be lost and the
 * way to the source is narrower than the stream; up again, one rung at a time, after it has been wide enough for a
 * while. A source that sends nothing is no reason: an outage is back-filled in full quality. Pure.
 */
export function adapt(state: Adaptation, sample: ProgressSample): Adaptation {
  const { atMs, behindSec, targetDurationSec, throughputBps, rungsBps } = sample
  const rung = Math.min(state.rung, Math.max(0, rungsBps.length - 1))
  const current = rung === state.rung ? state : { ...state, rung }
  const currentBps = rungsBps[rung] ?? 0
  if (throughputBps === undefined || currentBps === 0) return current
  const hasSettled = atMs - current.changedAtMs >= targetDurationSec * SETTLE_TARGETS * 1000
  const isTooSlow = throughputBps < currentBps && behindSec > tooFarBehindSec(sample)
  if (isTooSlow && hasSettled && rung < rungsBps.length - 1) {
    return stepDown(current, sample, throughputBps)
  }
  return rung > 0 ? considerStepUp(current, sample, throughputBps) : current
}
