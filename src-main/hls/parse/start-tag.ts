import { safeSpanSec } from './numbers'
import type { ParsedManifest } from './run-m3u8-parser'

/** EXT-X-START of either kind of playlist, for its model: seconds, from the end where negative. */
export function readStart({ startOffsetSec }: ParsedManifest): { startOffsetSec?: number } {
  if (typeof startOffsetSec !== 'number') return {}
  return safeSpanSec(Math.abs(startOffsetSec)) === undefined ? {} : { startOffsetSec }
}
