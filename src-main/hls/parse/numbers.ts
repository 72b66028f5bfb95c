/** Sequence numbers are 64 bits wide in RFC 8216, a JavaScript number holds 53 of them exactly. */
const SEQUENCE_BITS = 52
const LONGEST_SEGMENT_SEC = 86_400
const LONGEST_SPAN_SEC = 366 * 86_400

/** A media or discontinuity sequence number as a safe integer: anything wider keeps its low 52 bits, so that it still counts upwards (SECURITY S23). */
export function readSequence(text: string): number {
  const digits = /^\s*(\d{1,20})/.exec(text)?.[1]
  return digits === undefined ? 0 : Number(BigInt.asUintN(SEQUENCE_BITS, BigInt(digits)))
}

/** Seconds of a segment; negative ones and what is no number are 0, longer ones than a day are a day. */
export function clampDurationSec(durationSec: number): number {
  return durationSec > 0 ? Math.min(durationSec, LONGEST_SEGMENT_SEC) : 0
}

/** Seconds of an EXTINF, within the same bounds. */
export function readDurationSec(text: string): number {
  return clampDurationSec(Number.parseFloat(text))
}

/** Seconds between reloads come from it, hence 1..60 whatever the playlist says. */
export function clampTargetDurationSec(seconds: number): number {
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), 60) : 60
}

/** A count that the playlist declares, or undefined where it makes no sense. */
export function safeCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** Seconds of a span, or undefined where it makes no sense or is longer than a year. */
export function safeSpanSec(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= LONGEST_SPAN_SEC ? value : undefined
}

/** The same from text; trailing words are let pass. */
export function readSpanSec(text: string | undefined): number | undefined {
  return text === undefined ? undefined : safeSpanSec(Number.parseFloat(text))
}
