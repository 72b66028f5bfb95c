import { VsrError } from '../../../src-preload/contract/errors'
import type { PlannedSegment } from '../plan'
import { isSamePlace, type SegmentCopies, type SegmentCopy } from './segment-copies'
import type { SourceAccess } from './source-access'

/**
 * Watches a download on its way: where its track is left for another place or a smaller variant stream, and that has
 * the segment too, the download is not worth waiting for.
 *
 * @returns a signal that is aborted then, and what ends the watch.
 */
export function watchForBetter(options: {
  access: Pick<SourceAccess, 'leaving'>
  trackId: string
  copies: SegmentCopies
  planned: PlannedSegment
  copy: SegmentCopy
}): { readonly signal: AbortSignal; end(): void } {
  const { access, trackId, copies, planned, copy } = options
  const found = new AbortController()
  const leaving = access.leaving(trackId)

  const look = async () => {
    try {
      const other = await copies.find(planned)
      if (isSamePlace(other.stream, copy.stream)) return
      found.abort(new VsrError('cancelled', 'The segment is fetched from somewhere else.'))
    } catch (error) {
      // The other place has it not, or not yet: this download goes on, and its end is its own affair.
      if (!(error instanceof VsrError)) found.abort(error)
    }
  }
  const onLeave = () => void look()
  leaving.addEventListener('abort', onLeave, { once: true })
  return { signal: found.signal, end: () => leaving.removeEventListener('abort', onLeave) }
}
