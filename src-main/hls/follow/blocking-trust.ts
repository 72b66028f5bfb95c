import type { DeliveryDirectives } from './delivery-directives'
import type { MediaPlaylist } from '../playlist'

/** How far a server's offer to block a reload is believed at the moment. */
export interface BlockingTrust {
  /** Blocking reloads in a row that brought nothing: an error, an old listing, an answer too early. */
  readonly strikes: number
  /** So many loads are made the ordinary way before the offer is tried again. */
  readonly plainLoads: number
}

export const fullTrust: BlockingTrust = { strikes: 0, plainLoads: 0 }

/** However often a server has failed, its offer is tried again after so many loads. */
const MOST_PLAIN_LOADS = 64

/** True when a listing has reached what was asked for. */
function reaches(playlist: MediaPlaylist, { msn, part }: DeliveryDirectives): boolean {
  if (msn === undefined) return true
  const last = playlist.segments.at(-1)
  if (last !== undefined && last.mediaSequence >= msn) return true
  if (part === undefined) return false
  const reached = (playlist.parts ?? []).some(
    ({ mediaSequence, partIndex }) =>
      mediaSequence > msn || (mediaSequence === msn && partIndex >= part),
  )
  return reached
}

/**
 * What a load says about the server's offer: one that was not kept is left alone for a while, twice as long each time.
 *
 * @param options.asked the directives that the load was made with.
 * @param options.playlist what came; undefined where the load failed or brought an older copy.
 */
export function judgeLoad(options: {
  trust: BlockingTrust
  asked: DeliveryDirectives
  playlist: MediaPlaylist | undefined
}): BlockingTrust {
  const { trust, asked, playlist } = options
  if (asked.msn === undefined) return { ...trust, plainLoads: Math.max(0, trust.plainLoads - 1) }
  if (playlist !== undefined && reaches(playlist, asked)) return fullTrust
  const strikes = trust.strikes + 1
  return { strikes, plainLoads: Math.min(MOST_PLAIN_LOADS, 2 ** Math.min(strikes - 1, 30)) }
}
