import { parseInstantMs } from '../../src-preload/contract/time-text'

const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?$/
const DAY = /^(\d{4})-(\d{2})-(\d{2})[T ]+(.+)$/
const ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/i
const DAY_MS = 86_400_000

/**
 * Reads a typed time. With a colon it is a wall clock in local time: `14:30`, `14:30:05.250`,
 * `2026-11-22 14:30:05`; without a day it is the one that lies within `startMs..endMs`, else the one
 * nearest to it. Anything else is what the command line takes: an offset from the start (`90`,
 * `1m30s`), unix time, ISO 8601 with a zone.
 * @returns unix milliseconds, or undefined when it is not a time.
 */
export function parseTypedTime(
  text: string,
  extent: { startMs: number; endMs: number },
): number | undefined {
  const trimmed = text.trim()
  const dated = DAY.exec(trimmed)
  if (dated !== null) {
    const [, year, month, day, clock] = dated
    if (ZONE.test(clock ?? '')) return parseInstantMs(trimmed, extent.startMs)
    const midnight = new Date(Number(year), Number(month) - 1, Number(day))
    if (midnight.getDate() !== Number(day) || midnight.getMonth() !== Number(month) - 1) {
      return undefined
    }
    return onDay(midnight, clock ?? '')
  }
  if (!trimmed.includes(':')) return parseInstantMs(trimmed, extent.startMs)
  let best: number | undefined
  for (let dayMs = extent.startMs - DAY_MS; dayMs <= extent.endMs + DAY_MS; dayMs += DAY_MS) {
    const candidate = onDay(new Date(dayMs), trimmed)
    if (candidate === undefined) return undefined
    if (best === undefined || distance(candidate, extent) < distance(best, extent)) best = candidate
  }
  return best
}

function onDay(day: Date, clock: string): number | undefined {
  const match = CLOCK.exec(clock)
  if (match === null) return undefined
  const [hours, minutes, seconds] = [match[1], match[2], match[3]].map((part) => Number(part ?? 0))
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined
  const millis = Number((match[4] ?? '').padEnd(3, '0'))
  return new Date(
    day.getFullYear(),
    day.getMonth(),
    day.getDate(),
    hours,
    minutes,
    seconds,
    millis,
  ).getTime()
}

function distance(ms: number, extent: { startMs: number; endMs: number }): number {
  return Math.max(0, extent.startMs - ms, ms - extent.endMs)
}
