/** A pause shorter than this is a hiccup of the hand. */
export const PAUSE_GRACE_MS = 1000

/** After a stall, new footage may come in this long until the picture is brought back to the edge. */
const AFTER_STALL_MS = 15_000
/** Between two jumps: a source that delivers in bursts stalls again and again, and would be cut to pieces. */
const BETWEEN_JUMPS_MS = 30_000

/**
 * Whether the picture is "live": within two target durations and two seconds of the newest stored
 * instant, and moving. Who was live stays so for half a target duration more (`wasAtEdge`), because
 * the stored edge goes ahead in whole segments.
 */
export function isAtLiveEdge(options: {
  live: boolean
  /** How far the picture is behind the stored edge, seconds. */
  behindSec: number
  targetDurationSec: number
  /** How long it has been paused; undefined while it plays. */
  pausedMs: number | undefined
  wasAtEdge: boolean
}): boolean {
  const { live, behindSec, targetDurationSec, pausedMs, wasAtEdge } = options
  if (!live || (pausedMs ?? 0) >= PAUSE_GRACE_MS) return false
  return behindSec <= targetDurationSec * (wasAtEdge ? 2.5 : 2) + 2
}

/** What the player keeps in mind to bring back to the edge who was there before a stall. */
export interface EdgeFollower {
  /** `true` when the picture is at the edge, `false` when the person went elsewhere or paused. */
  set(following: boolean): void
  /** Nothing to show: called while it lasts, and when it ends. */
  stalled(nowMs: number): void
  /** To be asked when new footage is known. True = jump now; it counts as done then. */
  takeJump(options: { atEdge: boolean; nowMs: number }): boolean
}

export function createEdgeFollower(): EdgeFollower {
  let following = false
  let stalledMs = Number.NEGATIVE_INFINITY
  let jumpedMs = Number.NEGATIVE_INFINITY
  return {
    set(next) {
      following = next
    },
    stalled(nowMs) {
      stalledMs = nowMs
    },
    takeJump({ atEdge, nowMs }) {
      if (!following || atEdge) return false
      if (nowMs - stalledMs > AFTER_STALL_MS || nowMs - jumpedMs < BETWEEN_JUMPS_MS) return false
      jumpedMs = nowMs
      return true
    },
  }
}
