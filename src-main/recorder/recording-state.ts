import type { ApiError } from '../../src-preload/contract/errors'
import type { RecordingState, StateReason } from '../../src-preload/contract/model'

/** What the person sees of a session: its state and why. */
export interface SessionPhase {
  readonly state: RecordingState
  readonly reason?: StateReason
}

/** What happened to a session. `atMs` is the wall clock. */
export type SessionEvent =
  | { readonly type: 'started'; readonly atMs: number }
  /** The source's playlists are known; segments come. */
  | { readonly type: 'opened'; readonly atMs: number }
  /** Something failed and is tried again, or media are late. Shown until every track goes on (the person sees it at once, not only when it has become a stall). */
  | {
      readonly type: 'trouble'
      readonly atMs: number
      readonly cause: ApiError
      readonly nextTryMs?: number
    }
  /** Nothing was stored for a while, which may be as it should. */
  | {
      readonly type: 'quiet'
      readonly atMs: number
      readonly quietSinceMs: number
      readonly nextTryMs?: number
    }
  /** Nothing was stored for too long. */
  | {
      readonly type: 'stalled'
      readonly atMs: number
      readonly cause: ApiError
      readonly nextTryMs?: number
    }
  /** Every track stores segments. */
  | { readonly type: 'progressed'; readonly atMs: number }
  /** The source has ended, or has not begun: it is looked at again. */
  | {
      readonly type: 'waiting'
      readonly atMs: number
      readonly cause: ApiError
      readonly nextTryMs: number
    }
  | { readonly type: 'stop-requested'; readonly atMs: number }
  | { readonly type: 'ended'; readonly atMs: number }
  | { readonly type: 'failed'; readonly atMs: number; readonly cause: ApiError }

const because = (
  sinceMs: number,
  event: { readonly cause: ApiError; readonly nextTryMs?: number },
): StateReason => ({
  sinceMs,
  cause: event.cause,
  ...(event.nextTryMs === undefined ? {} : { nextTryMs: event.nextTryMs }),
})

/** Only where all is well otherwise. */
function noteQuiet(
  phase: SessionPhase,
  { atMs, quietSinceMs, nextTryMs }: Extract<SessionEvent, { type: 'quiet' }>,
): SessionPhase {
  const { state, reason } = phase
  if (state !== 'recording' || reason?.cause !== undefined) return phase
  // The two clocks that it is reckoned from differ by a little each time.
  const before = reason?.quietSinceMs ?? Number.NEGATIVE_INFINITY
  const isSame = Math.abs(quietSinceMs - before) < 1000
  if (isSame && reason?.nextTryMs === nextTryMs) return phase
  const sinceMs = reason?.sinceMs ?? atMs
  const quiet = { quietSinceMs: isSame ? before : quietSinceMs }
  return {
    state,
    reason: { sinceMs, ...quiet, ...(nextTryMs === undefined ? {} : { nextTryMs }) },
  }
}

/**
 * THE reducer of DESIGN 3.3: `idle -> resolving -> recording <-> stalled -> stopping -> stopped`, any ->
 * `failed`. Pure. An event that means nothing in a state leaves it as it is (the same object).
 */
export function reduceSession(phase: SessionPhase, event: SessionEvent): SessionPhase {
  const { state } = phase
  if (state === 'stopped' || state === 'failed') return phase
  const sinceMs = phase.reason?.sinceMs ?? event.atMs
  switch (event.type) {
    case 'started':
      return state === 'idle' ? { state: 'resolving', reason: { sinceMs: event.atMs } } : phase
    case 'opened':
      return state === 'resolving' ? { state: 'recording', reason: { sinceMs: event.atMs } } : phase
    case 'trouble':
      if (state === 'recording') {
        const isKnown = phase.reason?.cause !== undefined
        return { state, reason: because(isKnown ? sinceMs : event.atMs, event) }
      }
      return state === 'resolving' || state === 'stalled'
        ? { state, reason: because(sinceMs, event) }
        : phase
    case 'quiet':
      return noteQuiet(phase, event)
    case 'stalled':
      if (state === 'recording') return { state: 'stalled', reason: because(event.atMs, event) }
      return state === 'stalled' ? { state, reason: because(sinceMs, event) } : phase
    case 'progressed':
      // It went on all the time.
      if (phase.reason?.quietSinceMs !== undefined) return { state, reason: { sinceMs } }
      return state === 'stalled' || (state === 'recording' && phase.reason?.cause !== undefined)
        ? { state: 'recording', reason: { sinceMs: event.atMs } }
        : phase
    case 'waiting':
      if (state === 'resolving') return { state, reason: because(sinceMs, event) }
      return state === 'stopping'
        ? phase
        : { state: 'resolving', reason: because(event.atMs, event) }
    case 'stop-requested':
      return state === 'stopping' ? phase : { state: 'stopping', reason: { sinceMs: event.atMs } }
    case 'ended':
      return { state: 'stopped', reason: { sinceMs: event.atMs } }
    case 'failed':
      return { state: 'failed', reason: because(event.atMs, event) }
  }
}
