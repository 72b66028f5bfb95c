import { formatClock, formatDay } from '../ui/format'

const SEC = 1000
const MIN = 60 * SEC
const HOUR = 60 * MIN
const DAY = 24 * HOUR

/** Steps that people count in. */
const STEPS_MS = [
  100,
  200,
  500,
  SEC,
  2 * SEC,
  5 * SEC,
  10 * SEC,
  15 * SEC,
  30 * SEC,
  MIN,
  2 * MIN,
  5 * MIN,
  10 * MIN,
  15 * MIN,
  30 * MIN,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
] as const
/** More would be noise, whatever the width. */
const MOST_TICKS = 400

/** Minutes that local time is ahead of UTC at an instant. */
export type OffsetMinutes = (ms: number) => number

/** The offset of the machine's own time zone. */
const localOffset: OffsetMinutes = (ms) => -new Date(ms).getTimezoneOffset()

/** The smallest step whose ticks are at least `leastPx` apart. */
export function stepFor(spanMs: number, widthPx: number, leastPx: number): number {
  const leastMs = (spanMs / Math.max(1, widthPx)) * leastPx
  return STEPS_MS.find((step) => step >= leastMs) ?? Math.ceil(leastMs / DAY) * DAY
}

/**
 * Instants within `fromMs..toMs` at which the local wall clock is a multiple of `stepMs`. Holds over
 * changes of the offset: a day of 23 or 25 hours still has one midnight.
 */
export function ticksBetween(
  fromMs: number,
  toMs: number,
  stepMs: number,
  offsetAt: OffsetMinutes = localOffset,
): readonly number[] {
  const ticks: number[] = []
  let tick = nextTick(fromMs - 1, stepMs, offsetAt)
  while (tick <= toMs && ticks.length < MOST_TICKS) {
    ticks.push(tick)
    tick = nextTick(tick, stepMs, offsetAt)
  }
  return ticks
}

/** The first tick after `ms`. */
function nextTick(ms: number, stepMs: number, offsetAt: OffsetMinutes): number {
  const here = alignedAfter(ms, stepMs, offsetAt(ms))
  const offsetThere = offsetAt(here)
  if (offsetThere === offsetAt(ms)) return here
  // The clock was changed on the way: count in the new offset, from its first instant on.
  let tick = alignedAfter(ms, stepMs, offsetThere)
  while (offsetAt(tick) !== offsetThere) tick += stepMs
  return tick
}

function alignedAfter(ms: number, stepMs: number, offsetMinutes: number): number {
  const offsetMs = offsetMinutes * MIN
  return (Math.floor((ms + offsetMs) / stepMs) + 1) * stepMs - offsetMs
}

/** What stands at a tick: the day at midnight, else the clock, as fine as the step needs. */
export function tickLabel(ms: number, stepMs: number): string {
  const clock = formatClock(ms, { withMs: true })
  if (stepMs >= DAY || clock === '00:00:00.000') return formatDay(ms).slice(5)
  if (stepMs >= MIN) return clock.slice(0, 5)
  return stepMs >= SEC ? clock.slice(0, 8) : clock.slice(0, 10)
}
