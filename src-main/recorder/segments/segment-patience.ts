import { VsrError } from '../../../src-preload/contract/errors'
import { HttpError } from '../../fetch/http'

/** What is known about a segment that cannot be had at the moment. */
export interface Predicament {
  /** Why the last attempt failed. */
  readonly error: unknown
  /** How long it stays available from the first attempt on, once it is listed no longer (RFC 8216 6.2.2). */
  readonly availableMs: number
  /** The newest listing has it. */
  readonly isListed: boolean
  /** No newer listing will come: EXT-X-ENDLIST. */
  readonly isComplete: boolean
  /** The playlist, or the source itself, cannot be had either. */
  readonly isSourceDown: boolean
  /** Other segments were obtained lately: so it is this one, not the way to the source. */
  readonly othersCome: boolean
  /** Others have come that wait for this one. */
  readonly isHoldingUp: boolean
}

/** So long is the live edge held for one that alone does not come: most failures are over by then, and all is in order. */
export const HOLD_MS = 15_000
/** A complete source has no live edge. It will hardly mend. */
const COMPLETE_HOLD_MS = 60_000
/** A complete source that cannot be reached may come back hours later (F10). */
const COMPLETE_OUTAGE_MS = 6 * 3_600_000

/** The source answered, and not with the segment. */
const isAnswer = (error: unknown) =>
  (error instanceof HttpError && error.status > 0) || isWrongContent(error)
const isWrongContent = (error: unknown) =>
  error instanceof VsrError && (error.code === 'not_media' || error.code === 'truncated')

/**
 * For how long those behind a segment wait for it, from its first attempt on. Then it is noted as a gap, and fetched on as a
 * late one (`recorder/late`). Where nothing comes at all, nothing waits for it, and it has as long as the source lists it. Pure.
 */
export function patienceMs(predicament: Predicament): number {
  const { error, availableMs, isListed, isComplete, othersCome, isHoldingUp } = predicament
  if (predicament.isSourceDown) return isComplete ? COMPLETE_OUTAGE_MS : availableMs
  if (isComplete) {
    if (isHoldingUp) return COMPLETE_HOLD_MS
    if (isWrongContent(error)) return 0
    return isAnswer(error) || othersCome ? COMPLETE_HOLD_MS : COMPLETE_OUTAGE_MS
  }
  if (othersCome || isHoldingUp) return isListed ? HOLD_MS : Math.min(availableMs, HOLD_MS)
  return isListed ? Number.POSITIVE_INFINITY : availableMs
}
