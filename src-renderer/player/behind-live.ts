import { tickedLengthSec } from './ticked-length'

/** Tells how far an instant is behind live. The stored edge grows in whole segments; this one goes on in between. */
export interface BehindLive {
  /** Seconds. All instants are unix ms. */
  sec(options: {
    id: string
    atMs: number
    edgeMs: number
    nowMs: number
    running: boolean
  }): number
}

export function createBehindLive(): BehindLive {
  let seen = { id: '', durationSec: 0, atMs: 0, shownSec: 0 }
  return {
    sec({ id, atMs, edgeMs, nowMs, running }) {
      seen = tickedLengthSec({ seen, id, durationSec: edgeMs / 1000, nowMs, running })
      return Math.max(0, seen.shownSec - atMs / 1000)
    },
  }
}
