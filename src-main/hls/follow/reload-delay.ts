/** No source is asked more often than this, whatever it declares (a hostile or broken target duration). */
const SHORTEST_DELAY_MS = 500

/**
 * How long to wait before the next reload of a media playlist (RFC 8216 6.3.4): one target duration
 * when the last load brought something new, half of it when not. Counted from the start of the last
 * request, so that slow answers do not add up to a drift.
 *
 * @param options.targetDurationSec EXT-X-TARGETDURATION in seconds.
 * @param options.changed the last load listed something not seen before.
 * @param options.elapsedMs milliseconds since the last request began.
 * @returns milliseconds to wait from now on; never under half a second after the request's start.
 */
export function reloadDelayMs(options: {
  targetDurationSec: number
  changed: boolean
  elapsedMs: number
}): number {
  const { targetDurationSec, changed, elapsedMs } = options
  const targetMs = Number.isFinite(targetDurationSec) ? targetDurationSec * 1000 : 0
  const intervalMs = Math.max(SHORTEST_DELAY_MS, changed ? targetMs : targetMs / 2)
  return Math.max(0, intervalMs - Math.max(0, elapsedMs))
}
