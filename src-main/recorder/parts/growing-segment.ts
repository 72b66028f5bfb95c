import type { MediaPlaylist, MediaSegment, PartialSegment } from '../../hls/playlist'

/** A listing rounds each duration on its own. */
const ROUNDING_SEC = 0.001

/** The number of the segment that is in progress in a listing: the one after the last that is whole. */
export function growingNumber({ segments }: MediaPlaylist): number | undefined {
  const last = segments.at(-1)
  return last === undefined ? undefined : last.mediaSequence + 1
}

/** True where parts may be taken: in the clear, since a part's key and IV are those of its segment, which is not listed yet. */
export function takesParts(playlist: MediaPlaylist): boolean {
  const { segments, partTargetSec, endList, iFramesOnly } = playlist
  return (
    partTargetSec !== undefined &&
    !endList &&
    iFramesOnly !== true &&
    segments.at(-1)?.key === undefined
  )
}

/** The listed parts of a segment from its first one up to the first that is missing or marked as a gap. */
export function leadingParts(
  parts: readonly PartialSegment[],
  mediaSequence: number,
): readonly PartialSegment[] {
  const own = parts.filter((part) => part.mediaSequence === mediaSequence)
  const end = own.findIndex(({ partIndex, gap }, at) => partIndex !== at || gap)
  return end === -1 ? own : own.slice(0, end)
}

/**
 * True when the bytes of these parts, one after the other, are those of the segment as it is listed. Where there is any doubt it is fetched.
 *
 * @param options.parts those that are at hand, from the first on.
 * @param options.listedParts how many the listing has that shows the segment whole.
 */
export function makesWhole(options: {
  segment: MediaSegment
  parts: readonly PartialSegment[]
  listedParts: number
  bytes: number
}): boolean {
  const { segment, parts, listedParts, bytes } = options
  const { key, gap, byteRange, durationSec } = segment
  if (key !== undefined || gap || parts.length === 0 || parts.length !== listedParts) return false
  if (byteRange !== undefined && byteRange.length !== bytes) return false
  const sumSec = parts.reduce((sum, part) => sum + part.durationSec, 0)
  return Math.abs(sumSec - durationSec) <= ROUNDING_SEC * (parts.length + 1)
}
