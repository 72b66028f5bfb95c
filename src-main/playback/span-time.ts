import { VsrError } from '../../src-preload/contract/errors'
import { parseDurationSec } from '../../src-preload/contract/time-text'

/** The longest span of one playlist. */
const LONGEST_SPAN_SEC = 31 * 86_400

/**
 * The instant in a playlist URL, unix ms: unix seconds (up to 11 digits), unix milliseconds (12 or 13)
 * or `YYYYMMDDHHMMSS` in local time (14). Throws VsrError `bad_time`.
 */
export function parseTimestamp(text: string): number {
  if (!/^[0-9]{1,14}$/.test(text)) throw badTimestamp()
  if (text.length <= 11) return Number(text) * 1000
  if (text.length <= 13) return Number(text)
  return parseLocalTime(text)
}

/** Seconds from a playlist URL (`90`, `90s`, `5m`, `1h30m`), or `now` for "up to the live edge". Throws VsrError `bad_time`. */
export function parseSpanLength(text: string): number | 'now' {
  if (text === 'now') return 'now'
  const sec = text.length > 16 ? undefined : parseDurationSec(text)
  if (sec === undefined || sec < 1 || sec > LONGEST_SPAN_SEC) {
    throw new VsrError('bad_time', 'The duration is not between 1 second and 31 days.', {
      hint: 'Give seconds (90), a length such as 1h30m, or now.',
    })
  }
  return sec
}

function parseLocalTime(text: string): number {
  const year = Number(text.slice(0, 4))
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = [4, 6, 8, 10, 12].map((at) =>
    Number(text.slice(at, at + 2)),
  )
  // Checked in UTC: a local time that a change of clocks skips is still a calendar time.
  const utc = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const written =
    utc.getUTCFullYear() === year &&
    utc.getUTCMonth() === month - 1 &&
    utc.getUTCDate() === day &&
    utc.getUTCHours() === hour &&
    utc.getUTCMinutes() === minute &&
    utc.getUTCSeconds() === second
  const localMs = new Date(year, month - 1, day, hour, minute, second).getTime()
  if (!written || year < 1970 || localMs < 0) throw badTimestamp()
  return localMs
}

function badTimestamp(): VsrError {
  return new VsrError('bad_time', 'The start is not a point in time.', {
    hint: 'Give unix seconds, unix milliseconds, or local time as YYYYMMDDHHMMSS.',
  })
}
