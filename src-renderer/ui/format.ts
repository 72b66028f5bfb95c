const pad = (value: number, digits = 2) => String(value).padStart(digits, '0')

/** A length as a clock: `0:42`, `12:05`, `1:02:03`. Takes seconds. */
export function formatLength(sec: number): string {
  const whole = Math.max(0, Math.floor(sec))
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  const tail = `${pad(whole % 60)}`
  return hours > 0 ? `${hours}:${pad(minutes)}:${tail}` : `${minutes}:${tail}`
}

/** A length in words: `0.8 s`, `11 s`, `2 min 5 s`, `1 h 4 min`, `3 d 2 h`. Takes seconds. */
export function formatSpan(sec: number): string {
  if (sec < 10) return `${Number(Math.max(0, sec).toFixed(1))} s`
  const whole = Math.round(sec)
  const units: readonly (readonly [number, string])[] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ]
  const first = units.findIndex(([size]) => whole >= size)
  const parts: string[] = []
  let rest = whole
  for (const [size, name] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${name}`)
  }
  return parts.join(' ')
}

/** `812 kB`, `23.4 MB`, `1.52 GB`: decimal units, three digits. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${value.toFixed(digits)} ${units[unit]}`
}

/** Completeness 0..1 as a figure that never claims 100 % while something is missing: `99.98 %`. */
export function formatPercent(share: number): string {
  const percent = share * 100
  if (percent >= 100) return '100 %'
  const digits = percent >= 99.9 ? 2 : 1
  const scale = 10 ** digits
  return `${Math.floor(percent * scale) / scale} %`
}

/** Time of day in local wall clock, `14:30:05` or `14:30:05.250`. */
export function formatClock(ms: number, options: { withMs?: boolean } = {}): string {
  const date = new Date(ms)
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
  return options.withMs === true ? `${clock}.${pad(date.getMilliseconds(), 3)}` : clock
}

/** Local calendar day, `2026-11-22`. */
export function formatDay(ms: number): string {
  const date = new Date(ms)
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}

/** Day and time of day; the day is left out when it is `nowMs`'s own. */
export function formatMoment(ms: number, nowMs: number): string {
  const clock = formatClock(ms)
  return formatDay(ms) === formatDay(nowMs) ? clock : `${formatDay(ms)} ${clock}`
}

const WEEK_MS = 6 * 86_400_000

/** A moment to come: `at 14:00` today, `on Tuesday 14:00` within a week, then `on 2026-12-24`. */
export function formatMomentAhead(ms: number, nowMs: number): string {
  const clock = formatClock(ms).slice(0, -3)
  if (formatDay(ms) === formatDay(nowMs)) return `at ${clock}`
  if (ms - nowMs > WEEK_MS) return `on ${formatDay(ms)}`
  return `on ${new Date(ms).toLocaleDateString('en', { weekday: 'long' })} ${clock}`
}

/** The last part of a path, of either kind of slash. */
export function fileNameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

/** A path cut after each slash of either kind; together the parts are the path. */
export function pathParts(path: string): readonly string[] {
  return path.match(/[^\\/]*[\\/]+|[^\\/]+/g) ?? []
}
