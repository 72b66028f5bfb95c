import type { MediaPlaylist, MediaSegment } from '../playlist'

/** RFC 8216 6.3.3: playback of a live stream begins three target durations before its end. */
const SEGMENTS_BEFORE_EDGE = 3

/** The segment that is on at EXT-X-START, and all behind it; offsets beyond the listing mean its nearest end (rfc8216bis 4.4.2.2). */
function fromStartOffset(
  segments: readonly MediaSegment[],
  startOffsetSec: number,
): readonly MediaSegment[] {
  const totalSec = segments.reduce((sum, { durationSec }) => sum + durationSec, 0)
  const startSec = startOffsetSec < 0 ? totalSec + startOffsetSec : startOffsetSec
  let endSec = 0
  const at = segments.findIndex(({ durationSec }) => {
    endSec += durationSec
    return endSec > startSec
  })
  return segments.slice(at)
}

/** Nothing ever leaves the listing. */
export const isKeptWhole = ({ endList, playlistType }: MediaPlaylist): boolean =>
  endList || playlistType !== undefined

/**
 * Where to begin in a listing never seen before: what is kept whole from its beginning, a live one where EXT-X-START says,
 * else three segments before its end.
 * @param fromOldest a live listing is taken from its beginning too.
 */
export function firstSelection(
  playlist: MediaPlaylist,
  fromOldest = false,
): readonly MediaSegment[] {
  const { segments, startOffsetSec } = playlist
  if (fromOldest || isKeptWhole(playlist)) return segments
  return startOffsetSec === undefined
    ? segments.slice(-SEGMENTS_BEFORE_EDGE)
    : fromStartOffset(segments, startOffsetSec)
}
