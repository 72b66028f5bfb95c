import { createEdgeFollower, isAtLiveEdge, PAUSE_GRACE_MS } from './live-edge'
import { type ClockEntry, wallMsAt } from './media-clock'

/** The part of a loaded playlist that is needed to tell where live is. */
interface LiveList {
  readonly live: boolean
  /** Media time of its end, seconds. */
  readonly edge: number
  readonly targetduration: number
  readonly fragments: readonly ClockEntry[]
}

/** Knows whether the picture is live, and when to bring it back there. */
export interface LiveWatch {
  /** The picture moves (again). */
  playing(): void
  paused(): void
  /** Nothing to show: called when it begins, while it lasts, and when it ends. */
  stalled(): void
  /** The person went elsewhere, or there is nothing to be live in. */
  left(): void
  /** Media time in seconds. */
  judge(options: { list: LiveList; positionSec: number; wasAtEdge: boolean }): boolean
  /** True once after a stall for who was live before it: jump to the edge now. */
  takeJump(atEdge: boolean): boolean
  close(): void
}

export function createLiveWatch(options: {
  /** Milliseconds that never go back. */
  nowMs: () => number
  /** End of what is stored, unix ms; it may be newer than the playlist at hand. */
  storedEdgeMs: () => number | undefined
  /** It has been paused for so long that it is not live any more. */
  onPausedLong: () => void
}): LiveWatch {
  const { nowMs, storedEdgeMs, onPausedLong } = options
  const follower = createEdgeFollower()
  let pausedSinceMs: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const behindSec = (list: LiveList, positionSec: number) => {
    const listedSec = list.edge - positionSec
    const [edgeMs, atMs] = [storedEdgeMs(), wallMsAt(list.fragments, positionSec)]
    if (edgeMs === undefined || atMs === undefined) return listedSec
    return Math.max(listedSec, (edgeMs - atMs) / 1000)
  }

  return {
    playing() {
      clearTimeout(timer)
      pausedSinceMs = undefined
    },
    paused() {
      pausedSinceMs = nowMs()
      clearTimeout(timer)
      timer = setTimeout(() => {
        follower.set(false)
        onPausedLong()
      }, PAUSE_GRACE_MS)
    },
    stalled: () => follower.stalled(nowMs()),
    left: () => follower.set(false),
    judge({ list, positionSec, wasAtEdge }) {
      const atEdge = isAtLiveEdge({
        live: list.live,
        behindSec: behindSec(list, positionSec),
        targetDurationSec: list.targetduration,
        pausedMs: pausedSinceMs === undefined ? undefined : nowMs() - pausedSinceMs,
        wasAtEdge,
      })
      if (atEdge) follower.set(true)
      return atEdge
    },
    takeJump: (atEdge) => follower.takeJump({ atEdge, nowMs: nowMs() }),
    close: () => clearTimeout(timer),
  }
}
