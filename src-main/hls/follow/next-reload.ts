import type { BlockingTrust } from './blocking-trust'
import type { DeliveryDirectives } from './delivery-directives'
import type { MediaPlaylist } from '../playlist'
import { reloadDelayMs } from './reload-delay'

/** How a media playlist is asked for. */
export interface ReloadPlan {
  /** Milliseconds to wait from now on. */
  readonly delayMs: number
  readonly directives: DeliveryDirectives
  /** The server may hold its answer back so long, beyond the time that an answer takes anyway; 0 = it answers at once. */
  readonly holdMs: number
}

/** The first load, and every one after a failure or at another address: nothing is expected of the server. */
export const plainLoad: ReloadPlan = { delayMs: 0, directives: {}, holdMs: 0 }

/** A server answers a blocking request within three target durations, or not at all (rfc8216bis 6.2.5.2). */
const HOLD_TARGETS = 3
/** No request waits longer, whatever target duration a source declares. */
const LONGEST_HOLD_MS = 60_000
/** A blocking server sets the pace; one that only claims to block is not asked more often than this. */
const SHORTEST_INTERVAL_MS = 500
const SHORTEST_PART_INTERVAL_MS = 100

/** What the listing will show next: the next segment, or the next part of the one in progress. */
function expectedNext(playlist: MediaPlaylist): DeliveryDirectives | undefined {
  const last = playlist.segments.at(-1)
  if (last === undefined) return undefined
  const msn = last.mediaSequence + 1
  const { parts = [], partTargetSec } = playlist
  if (partTargetSec === undefined || parts.length === 0) return { msn }
  const lastPart = parts.findLast(({ mediaSequence }) => mediaSequence === msn)
  return { msn, part: lastPart === undefined ? 0 : lastPart.partIndex + 1 }
}

function mayBlock({ serverControl, endList, targetDurationSec }: MediaPlaylist): boolean {
  return serverControl?.canBlockReload === true && !endList && Number.isFinite(targetDurationSec)
}

function blockingIntervalMs({ part }: DeliveryDirectives, { partTargetSec = 0 }: MediaPlaylist) {
  if (part === undefined) return SHORTEST_INTERVAL_MS
  return Math.min(SHORTEST_INTERVAL_MS, Math.max(SHORTEST_PART_INTERVAL_MS, partTargetSec * 500))
}

/** A delta update may be asked for while our listing is no older than half of what may be skipped (rfc8216bis 6.3.7). */
function deltaDirective(playlist: MediaPlaylist, listingAgeMs: number): DeliveryDirectives {
  const { canSkipUntilSec } = playlist.serverControl ?? {}
  return canSkipUntilSec !== undefined && listingAgeMs <= canSkipUntilSec * 500
    ? { skip: true }
    : {}
}

/**
 * How to ask for a media playlist next. Pure.
 *
 * Where the server offers it and keeps to it, a blocking reload (rfc8216bis 6.2.5.2): asked at once for what is expected next, answered when that is
 * there. Else, and after an older copy, at the ordinary pace of RFC 8216 6.3.4. Deltas are asked for in the form that keeps all date ranges.
 *
 * @param options.playlist the whole listing, after a delta update was merged.
 * @param options.changed the last load listed segments not seen before.
 * @param options.isStale the last load brought an older copy.
 * @param options.elapsedMs since the request for `playlist` began.
 */
export function nextReload(options: {
  playlist: MediaPlaylist
  changed: boolean
  isStale: boolean
  elapsedMs: number
  trust: BlockingTrust
}): ReloadPlan {
  const { playlist, changed, isStale, trust } = options
  const { targetDurationSec } = playlist
  const elapsedMs = Math.max(0, options.elapsedMs)
  const isTrusted = !isStale && trust.plainLoads === 0
  const expected = isTrusted && mayBlock(playlist) ? expectedNext(playlist) : undefined
  const delayMs =
    expected === undefined
      ? reloadDelayMs({ targetDurationSec, changed, elapsedMs })
      : Math.max(0, blockingIntervalMs(expected, playlist) - elapsedMs)
  const delta = isStale ? {} : deltaDirective(playlist, elapsedMs + delayMs)
  const holdMs =
    expected === undefined ? 0 : Math.min(LONGEST_HOLD_MS, targetDurationSec * HOLD_TARGETS * 1000)
  return { delayMs, directives: { ...expected, ...delta }, holdMs }
}
