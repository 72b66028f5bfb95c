/** Times and lengths as people type them: the command line, the address of a VOD playlist, the interface. */

const CLOCK = /^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:\.\d{1,3})?)$/
const UNITS =
  /^(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s?)?$/

/**
 * Reads a length: `90`, `90s`, `5m`, `1h30m`, `1d`, `00:01:30.500`.
 * @returns seconds, undefined where the text is no length.
 */
export function parseDurationSec(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase()
  const clock = CLOCK.exec(trimmed)
  if (clock !== null) {
    const [, hours = '0', minutes = '0', seconds = '0'] = clock
    if (Number(minutes) > 59 || Number(seconds) >= 60) return undefined
    return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  }
  const units = trimmed === '' ? null : UNITS.exec(trimmed)
  if (units === null) return undefined
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = units
  return Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

const FIRST_UNIX_SEC = 1e9
const FIRST_UNIX_MS = 1e12
const LAST_UNIX_MS = 99_999_999_999_999
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i

/**
 * Reads an instant: ISO 8601 (local time where it names no zone), unix seconds, unix milliseconds, or an offset from `startMs`.
 * @returns unix milliseconds, undefined where the text is no time.
 */
export function parseInstantMs(text: string, startMs: number): number | undefined {
  const trimmed = text.trim()
  if (ISO.test(trimmed)) return inRange(Date.parse(trimmed.replace(' ', 'T')))
  const number = Number(trimmed)
  if (trimmed !== '' && number >= FIRST_UNIX_MS) return inRange(number)
  if (trimmed !== '' && number >= FIRST_UNIX_SEC) return inRange(number * 1000)
  const offsetSec = parseDurationSec(trimmed)
  return offsetSec === undefined ? undefined : inRange(startMs + offsetSec * 1000)
}

const inRange = (ms: number) => (ms >= 0 && ms <= LAST_UNIX_MS ? Math.round(ms) : undefined)

/**
 * The next moment at which the wall clock shows `HH:MM[:SS]` in local time, or the instant itself where the text is ISO 8601.
 * @returns unix milliseconds after `nowMs`, undefined where the text is no time of day or lies behind.
 */
export function parseUntilMs(text: string, nowMs: number): number | undefined {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text.trim())
  if (match === null) {
    const instantMs = ISO.test(text.trim()) ? parseInstantMs(text, 0) : undefined
    return instantMs !== undefined && instantMs > nowMs ? instantMs : undefined
  }
  const until = new Date(nowMs)
  until.setHours(Number(match[1]), Number(match[2]), Number(match[3] ?? 0), 0)
  if (until.getTime() <= nowMs) until.setDate(until.getDate() + 1)
  return until.getTime()
}
