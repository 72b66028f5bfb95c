/** The part of a playlist's entry that ties media time to the wall clock. */
export interface ClockEntry {
  /** Media time, seconds. */
  readonly start: number
  /** Seconds. */
  readonly duration: number
  /** Unix milliseconds. */
  readonly programDateTime: number | null
}

/** Wall clock (unix ms) at a media time (s); undefined where the playlist names no wall clock. */
export function wallMsAt(entries: readonly ClockEntry[], mediaSec: number): number | undefined {
  const entry =
    entries[
      Math.max(
        0,
        lastStarting(entries, (at) => at.start <= mediaSec),
      )
    ]
  if (entry === undefined || entry.programDateTime === null) return undefined
  const intoSec = Math.min(Math.max(0, mediaSec - entry.start), entry.duration)
  return entry.programDateTime + intoSec * 1000
}

/** Media time (s) of a wall clock (unix ms). An instant in a gap gives the start of what comes after it. */
export function mediaSecAt(entries: readonly ClockEntry[], wallMs: number): number | undefined {
  const position = lastStarting(
    entries,
    (at) => at.programDateTime !== null && at.programDateTime <= wallMs,
  )
  const entry = entries[Math.max(0, position)]
  if (entry === undefined || entry.programDateTime === null) return undefined
  const intoSec = Math.max(0, wallMs - entry.programDateTime) / 1000
  if (intoSec < entry.duration) return entry.start + intoSec
  return entries[position + 1]?.start ?? entry.start + entry.duration
}

/** Position of the last entry for which `reached` holds, -1 where none; entries are in time order. */
function lastStarting(
  entries: readonly ClockEntry[],
  reached: (entry: ClockEntry) => boolean,
): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const entry = entries[middle]
    if (entry !== undefined && reached(entry)) low = middle + 1
    else high = middle
  }
  return low - 1
}
