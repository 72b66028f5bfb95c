import { VsrError } from '../../../src-preload/contract/errors'
import { isExpiry } from '../../fetch/failure-action'
import type { MediaPlaylist } from '../../hls/playlist'
import type { Clock } from '../../ports/clock'
import { inNumberingOf, type CurrentListing } from './segment-copies'
import type { SourceAccess } from './source-access'
import type { StreamInUse } from './track-candidates'

/** Gets fresh addresses for the segments of a listing that nobody reloads: one that is complete, or whose poller waits for room. */
export interface ListingRenewal {
  /**
   * A segment of this listing was refused. Resolves when there is a newer one, or none can be had at the moment; at once where
   * there is one already, or the poller is about to bring it. All that ask at the same time share one load.
   * @throws the signal's reason, and bugs.
   */
  renew(refused: CurrentListing): Promise<void>
}

/** A listing that is older is not being reloaded. */
const STALE_TARGETS = 2
/** The same listing is not loaded more often than this. */
const SHORTEST_PAUSE_MS = 2000

/** True where an address was refused, of a segment or of its key: a sign that it has expired. */
export const isRefusedAddress = (error: unknown): boolean =>
  isExpiry(error) || (error instanceof VsrError && isExpiry(error.cause))

/**
 * @param options.listing the last load of the playlist.
 * @param options.load loads a media playlist, once.
 * @param options.onRenewed takes the place of the last load.
 * @param options.onFailed the source itself cannot be had.
 */
export function createListingRenewal(options: {
  trackId: string
  access: Pick<SourceAccess, 'renew' | 'streamOf'>
  clock: Clock
  listing: () => CurrentListing | undefined
  load: (stream: StreamInUse) => Promise<MediaPlaylist>
  onRenewed: (listing: CurrentListing) => void
  onFailed: (error: VsrError) => void
}): ListingRenewal {
  const { trackId, access, clock, listing, load, onRenewed, onFailed } = options
  let renewing: Promise<void> | undefined

  const isAbandoned = ({ playlist, requestedAtMs }: CurrentListing) => {
    const ageMs = clock.monotonicMs() - requestedAtMs
    const staleMs = playlist.targetDurationSec * STALE_TARGETS * 1000
    return ageMs >= (playlist.endList ? SHORTEST_PAUSE_MS : staleMs)
  }
  const renewNow = async (refused: CurrentListing) => {
    try {
      await access.renew()
      const stream = await access.streamOf(trackId)
      const requestedAtMs = clock.monotonicMs()
      const loaded = await load(stream)
      const elapsedSec = (requestedAtMs - refused.requestedAtMs) / 1000
      const playlist = inNumberingOf(refused.playlist, loaded, elapsedSec)
      // The poller, or a new epoch, came first.
      if (playlist === undefined || listing() !== refused) return
      onRenewed({ ...refused, playlist, stream, requestedAtMs })
    } catch (error) {
      if (!(error instanceof VsrError) || error.code === 'cancelled') throw error
      onFailed(error)
    }
  }
  return {
    async renew(refused) {
      if (listing() !== refused || !isAbandoned(refused)) return
      renewing ??= renewNow(refused).finally(() => {
        renewing = undefined
      })
      await renewing
    },
  }
}
