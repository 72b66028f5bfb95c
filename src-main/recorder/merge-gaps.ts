import type { NewGap } from '../store/model'

/** Rounding between two rows that follow on each other. */
const TOLERANCE_MS = 500

function follows(earlier: NewGap, later: NewGap): boolean {
  return (
    earlier.epoch === later.epoch &&
    earlier.cause === later.cause &&
    earlier.discontinuitySequence === later.discontinuitySequence &&
    earlier.mediaSequence + earlier.count === later.mediaSequence &&
    Math.abs(earlier.startMs + earlier.durationSec * 1000 - later.startMs) < TOLERANCE_MS
  )
}

/** One row for two gaps that are really one: same epoch and cause, consecutive numbers; undefined otherwise. Pure. */
export function mergeGaps(earlier: NewGap, later: NewGap): NewGap | undefined {
  if (!follows(earlier, later)) return undefined
  const durationSec = (later.startMs - earlier.startMs) / 1000 + later.durationSec
  return { ...earlier, durationSec, count: earlier.count + later.count }
}
