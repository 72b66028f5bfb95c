import { VsrError } from '../../../src-preload/contract/errors'
import type { PlannedSegment } from '../plan'
import { isSamePlace, type SegmentCopies, type SegmentCopy } from './segment-copies'
import type { SourceAccess } from './source-access'

/**
 * Watches a download on its way: where its track is left for another place or a smaller variant stream, and that has
 * the segment too, the download is not worth waiting for.
 *
 * @param options.onFound is told why the download is to end: VsrError `cancelled`, or a bug.
 * @returns what ends the watch.
 */
export function watchForBetter(options: {
  access: Pick<SourceAccess, 'leaving'>
  trackId: string
  copies: SegmentCopies
  planned: PlannedSegment
  copy: SegmentCopy
  onFound: (reason: unknown) => void
}): () => void {
  const { access, trackId, copies, planned, copy, onFound } = options
  const leaving = access.leaving(trackId)

  const look = async () => {
    try {
      const other = await copies.find(planned)
      if (isSamePlace(other.stream, copy.stream)) return
      onFound(new VsrError('cancelled', 'The segment is fetched from somewhere else.'))
    } catch (error) {
      // The other place has it not, or not yet: this download goes on, and its end is its own affair.
      if (!(error instanceof VsrError)) onFound(error)
    }
  }
  const onLeave = () => void look()
  leaving.addEventListener('abort', onLeave, { once: true })
  return () => leaving.removeEventListener('abort', onLeave)
}
