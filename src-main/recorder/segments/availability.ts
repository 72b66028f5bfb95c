import type { PlannedSegment } from '../plan'
import type { CurrentListing } from '../source/segment-copies'

type Numbered = Pick<PlannedSegment, 'epoch'> & {
  readonly segment: Pick<PlannedSegment['segment'], 'mediaSequence' | 'durationSec'>
}

/** The newest listing has the segment. */
export function isListed(
  { epoch, segment }: Numbered,
  listing: CurrentListing | undefined,
): boolean {
  if (listing?.epoch !== epoch) return false
  return listing.playlist.segments.some(
    ({ mediaSequence }) => mediaSequence === segment.mediaSequence,
  )
}

/** A removed segment stays available for its duration and that of the longest playlist that listed it (RFC 8216 6.2.2). */
export function promisedMs({ segment }: Numbered, listing: CurrentListing | undefined): number {
  const { segments = [], targetDurationSec = 0 } = listing?.playlist ?? {}
  const windowSec = segments.reduce((sum, { durationSec }) => sum + durationSec, 0)
  return Math.max((windowSec + segment.durationSec) * 1000, targetDurationSec * 3000)
}

/** How much of that promise is left, judged by how far the window has moved on since. Pure. */
export function promiseLeftMs(planned: Numbered, listing: CurrentListing | undefined): number {
  const promised = promisedMs(planned, listing)
  const [oldest] = listing?.playlist.segments ?? []
  if (listing?.epoch !== planned.epoch || oldest === undefined) return promised
  const movedOn = Math.max(0, oldest.mediaSequence - planned.segment.mediaSequence)
  return Math.max(0, promised - movedOn * planned.segment.durationSec * 1000)
}
