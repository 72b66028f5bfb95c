/** What was known of a recording's length, when, and what was shown for it. */
export interface SeenLength {
  readonly id: string
  readonly durationSec: number
  readonly atMs: number
  readonly shownSec: number
}

/** Longest that the shown length runs ahead of what is stored. */
const MOST_AHEAD_SEC = 10

/**
 * The length to show: what is stored, and while recording the seconds since it last grew. It never
 * goes back while running. Returns `seen` itself when nothing changes.
 */
export function tickedLengthSec(options: {
  seen: SeenLength
  id: string
  durationSec: number
  nowMs: number
  running: boolean
}): SeenLength {
  const { seen, id, durationSec, nowMs, running } = options
  if (!running || seen.id !== id) {
    if (seen.id === id && seen.durationSec === durationSec && seen.shownSec === durationSec) {
      return seen
    }
    return { id, durationSec, atMs: nowMs, shownSec: durationSec }
  }
  const grown = seen.durationSec !== durationSec
  const atMs = grown ? nowMs : seen.atMs
  const aheadSec = Math.min(MOST_AHEAD_SEC, (nowMs - atMs) / 1000)
  const shownSec = Math.max(durationSec + aheadSec, seen.shownSec)
  if (!grown && shownSec === seen.shownSec) return seen
  return { id, durationSec, atMs, shownSec }
}
