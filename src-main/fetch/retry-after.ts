const LONGEST_SEC = 600

/** Retry-After (RFC 9110 10.2.3), seconds or a date, as seconds from now, clamped to 1..600; undefined where it says nothing usable. */
export function readRetryAfterSec(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? ''
  const seconds = /^\d+$/.test(text)
    ? Number(text)
    : /^[a-z]{3},/i.test(text)
      ? Math.ceil((Date.parse(text) - nowMs) / 1000)
      : Number.NaN
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 1), LONGEST_SEC)
}
