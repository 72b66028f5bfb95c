/**
 * Whether the picture is "live": hardly further behind the newest stored segment than the cushion that
 * the player itself keeps. Who was live stays so over a hiccup (`wasAtEdge`); who went back on purpose
 * is measured strictly. Media time in seconds.
 */
export function isAtLiveEdge(options: {
  live: boolean
  positionSec: number
  edgeSec: number
  targetDurationSec: number
  wasAtEdge: boolean
}): boolean {
  const { live, positionSec, edgeSec, targetDurationSec, wasAtEdge } = options
  const allowedSec = targetDurationSec * 3 + 1 + (wasAtEdge ? targetDurationSec * 2 + 2 : 0)
  return live && edgeSec - positionSec <= allowedSec
}
