import { VsrError } from '../../src-preload/contract/errors'
import type { SegmentIndex, TrackStore } from '../store/model'

/**
 * VSR's player decrypts SAMPLE-AES in MPEG-TS and packed AAC, not in fragmented MP4 (hls.js 1.7). Other players may: the
 * local server lists such recordings all the same.
 * @throws VsrError `unsupported_encryption` where a track has segments and the player could show none of them.
 */
export function assertPlayable(tracks: readonly TrackStore[]): void {
  if (!tracks.some(({ index }) => isOnlySealedFragments(index))) return
  throw new VsrError(
    'unsupported_encryption',
    'This recording cannot be played here: its samples are encrypted in fragmented MP4, which the player cannot decrypt.',
    { hint: 'It is stored together with its keys. Export it to watch it.' },
  )
}

/** Ends at the first segment that can be shown: nearly always the first of all. */
function isOnlySealedFragments(index: SegmentIndex): boolean {
  let hasSegments = false
  for (let position = 0; position < index.length; position += 1) {
    if (index.kindAt(position) !== 'segment') continue
    if (index.extensionAt(position) !== 'm4s' || index.keyIndexAt(position) < 0) return false
    hasSegments = true
  }
  return hasSegments
}
