import { VsrError } from '../../src-preload/contract/errors'
import type { LiveTrack } from '../ports/live-parts'
import type { SegmentIndex } from '../store/model'
import { shownTail } from './live-edge'
import type { PlaylistQuery } from './playlist-query'
import type { Window } from './window'

/** A player asks for what comes next, or for the one after where it has just seen a part. */
const FURTHEST_AHEAD = 2

/**
 * Whether a playlist has reached what a blocking reload asks for (rfc8216bis 6.2.5.2).
 *
 * @throws VsrError `bad_request` where that is further ahead than a player can know of.
 */
export function hasReached(options: {
  readonly awaited: NonNullable<PlaylistQuery['awaited']>
  readonly index: SegmentIndex
  readonly window: Window
  readonly live: LiveTrack | undefined
}): boolean {
  const { awaited, index, window, live } = options
  const nextMsn = index.segmentsBefore(window.to)
  if (awaited.msn > nextMsn + FURTHEST_AHEAD) {
    throw new VsrError('bad_request', 'This playlist does not reach that far yet.', {
      hint: 'Reload it without _HLS_msn.',
    })
  }
  if (awaited.msn < nextMsn) return true
  const shown = shownTail(index, window, live)?.parts.length ?? 0
  return awaited.msn === nextMsn && awaited.part !== undefined && shown > awaited.part
}
