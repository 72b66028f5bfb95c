import type { MediaPlaylist, MediaSegment } from '../../hls/playlist'

const MOST_SEGMENTS = 16
const MOST_BYTES = 32 * 1024 * 1024

const lengthOf = ({ byteRange }: MediaSegment): number => byteRange?.length ?? 0

/** True where `next` begins at the byte at which `segment` ends, and neither needs more than its own bytes. */
function liesBehind(segment: MediaSegment, next: MediaSegment): boolean {
  if (segment.byteRange === undefined || next.byteRange === undefined) return false
  const { offset, length } = segment.byteRange
  return (
    next.uri === segment.uri &&
    next.byteRange.offset === offset + length &&
    next.key === undefined &&
    !next.gap
  )
}

/**
 * The segments, from this one on, that one request can bring: byte ranges that lie next to each other in one resource
 * (RFC 8216 4.3.2.2), in the clear, within bounds. Only of a listing that is complete: of a live one they come one at
 * a time. Just the segment itself where none can be joined. Pure.
 */
export function rangeRun(
  playlist: Pick<MediaPlaylist, 'endList' | 'segments'>,
  segment: MediaSegment,
): readonly MediaSegment[] {
  const run = [segment]
  if (!playlist.endList || segment.key !== undefined || segment.byteRange === undefined) return run
  const first = playlist.segments[0]?.mediaSequence ?? 0
  let last = segment
  let bytes = lengthOf(segment)
  for (let at = segment.mediaSequence - first + 1; run.length < MOST_SEGMENTS; at += 1) {
    const next = playlist.segments[at]
    if (next === undefined || !liesBehind(last, next)) break
    bytes += lengthOf(next)
    if (bytes > MOST_BYTES) break
    run.push(next)
    last = next
  }
  return run
}
