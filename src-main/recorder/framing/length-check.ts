import { truncatedError } from './framing-walker'
import type { PlannedSegment } from '../plan'

/** Less than half of what the playlist says, and more than a second short of it: no rounding explains that. */
const LEAST_SHARE = 0.5
const LEAST_MISSING_SEC = 1

/** True when media are so much shorter than the playlist says that their end must be missing. Pure. */
export function isClearlyCut(mediaSec: number | undefined, durationSec: number): boolean {
  if (mediaSec === undefined) return false
  return mediaSec < durationSec * LEAST_SHARE && durationSec - mediaSec > LEAST_MISSING_SEC
}

/** Finds bodies that ended early though nothing in the transfer told so (F14). */
export interface LengthCheck {
  /** @throws VsrError `truncated` where the body is worth another attempt. */
  check(
    planned: PlannedSegment,
    body: { readonly bytes: number; readonly mediaSec: number | undefined },
  ): void
}

/**
 * For one track. A playlist may be wrong about its durations: a body that comes again with the same length is what the
 * source has, and from then on the track's durations prove nothing.
 */
export function createLengthCheck(): LengthCheck {
  const shortBytes = new WeakMap<PlannedSegment, number>()
  let durationsLie = false
  return {
    check(planned, { bytes, mediaSec }) {
      const { durationSec } = planned.segment
      if (durationsLie || !isClearlyCut(mediaSec, durationSec)) return
      if (shortBytes.get(planned) === bytes) {
        durationsLie = true
        return
      }
      shortBytes.set(planned, bytes)
      const found = `${(mediaSec ?? 0).toFixed(1)} of ${durationSec.toFixed(1)} s came`
      throw truncatedError(found)
    },
  }
}
