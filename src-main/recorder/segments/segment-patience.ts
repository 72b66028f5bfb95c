import { VsrError } from '../../../src-preload/contract/errors'
import { HttpError } from '../../fetch/http'

/** What is known about a segment that cannot be had at the moment. */
export interface Predicament {
  /** Why the last attempt failed. */
  readonly error: unknown
  /** How long it stays available after it was first listed (RFC 8216 6.2.2). */
  readonly availableMs: number
  /** The newest listing has it. */
  readonly isListed: boolean
  /** No newer listing will come: EXT-X-ENDLIST. */
  readonly isComplete: boolean
  /** The playlist, or the source itself, cannot be had either. */
  readonly isSourceDown: boolean
  /** Other segments were obtained lately: so it is this one, not the way to the source. */
  readonly othersCome: boolean
  /** No further segment fits into the queue, and the playlist is not reloaded meanwhile. */
  readonly isQueueFull: boolean
  /** Most of what fits into the queue is there and waits for this one. */
  readonly isHoldingUp: boolean
}

/** Behind one that does not come, others are kept waiting for no longer than this, as long as there is room for them … */
const LONGEST_HOLD_MS = 180_000
/** … and for this long where there is none, or where the source is complete and will hardly mend. */
const SHORT_HOLD_MS = 60_000
/** A complete source that cannot be reached may come back hours later (F10). */
const COMPLETE_OUTAGE_MS = 6 * 3_600_000

/** The source answered, and not with the segment. */
const isAnswer = (error: unknown) =>
  (error instanceof HttpError && error.status > 0) || isWrongContent(error)
const isWrongContent = (error: unknown) =>
  error instanceof VsrError && (error.code === 'not_media' || error.code === 'truncated')

/**
 * For how long a segment is worth trying, from the first attempt on. It is tried as long as the source lists it; but
 * rows are acknowledged in order, so that one which alone does not come must not hold up the others for ever. Pure.
 */
export function patienceMs(predicament: Predicament): number {
  const { error, availableMs, isListed, isComplete, othersCome } = predicament
  if (predicament.isSourceDown) return isComplete ? COMPLETE_OUTAGE_MS : availableMs
  if (predicament.isHoldingUp) {
    // What is made while the playlist is not reloaded must still be listed when it is.
    return predicament.isQueueFull ? Math.min(availableMs, SHORT_HOLD_MS) : SHORT_HOLD_MS
  }
  if (isComplete) {
    if (isWrongContent(error)) return 0
    return isAnswer(error) || othersCome ? SHORT_HOLD_MS : COMPLETE_OUTAGE_MS
  }
  if (othersCome) return isListed ? LONGEST_HOLD_MS : Math.min(availableMs, LONGEST_HOLD_MS)
  if (!isListed) return availableMs
  if (!predicament.isQueueFull) return Number.POSITIVE_INFINITY
  return isAnswer(error) ? SHORT_HOLD_MS : availableMs
}
