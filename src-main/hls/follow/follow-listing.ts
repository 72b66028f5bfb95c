import { diffPlaylist, type PlaylistDiff, startEpoch } from './diff-playlist'
import type { PlaylistCursor } from './playlist-cursor'
import { numberingOffset } from './numbering-offset'
import type { MediaPlaylist, MediaSegment } from '../playlist'
import { markOf } from './playlist-identity'
import { renumberPlaylist } from './renumber-playlist'

/** Which of a track's listings was loaded last, and what its numbers lack to those of the epoch. */
export interface ListingPlace {
  /** Names the listing among those of the track. */
  readonly origin: string
  readonly offset: number
}

type FollowOptions = Parameters<typeof diffPlaylist>[0] & {
  readonly place: ListingPlace | undefined
  readonly origin: string
}

interface Followed {
  readonly diff: PlaylistDiff
  /** In the numbering of the epoch. */
  readonly playlist: MediaPlaylist
  readonly place: ListingPlace
}

/** What may be new in a listing that cannot be compared: as much as the time that went by. One segment too many is better than one missing. */
function newestFor(playlist: MediaPlaylist, elapsedSec: number): readonly MediaSegment[] {
  const { segments } = playlist
  let from = segments.length
  let lengthSec = 0
  while (from > 0 && lengthSec < elapsedSec) {
    from -= 1
    lengthSec += segments[from]?.durationSec ?? 0
  }
  return segments.slice(Math.min(from, segments.length - 1))
}

/** The same stand, as the other listing shows it: from now on it is the one to be recognised. */
function moveCursor(cursor: PlaylistCursor, playlist: MediaPlaylist): PlaylistCursor {
  const known = playlist.segments.filter(
    ({ mediaSequence }) => mediaSequence < cursor.nextMediaSequence,
  )
  return {
    ...cursor,
    marks: known.length === 0 ? cursor.marks.map(withoutName) : known.slice(-256).map(markOf),
    namesAreStable: false,
    windowLength: playlist.segments.length,
    doubt: undefined,
  }
}

const withoutName = (mark: PlaylistCursor['marks'][number]) => ({ ...mark, name: '' })

/** The first load of another listing than the one before. */
function moveTo(options: FollowOptions, cursor: PlaylistCursor): Followed {
  const { origin, playlist, newEpoch, elapsedSec } = options
  const offset = numberingOffset({ ...cursor, playlist, elapsedSec })
  if (offset === undefined) {
    const newSegments = newestFor(playlist, elapsedSec)
    const diff = startEpoch({ left: cursor, playlist, newSegments, newEpoch })
    return { diff, playlist, place: { origin, offset: 0 } }
  }
  const renumbered = renumberPlaylist(playlist, offset)
  return stay({ ...options, cursor: moveCursor(cursor, renumbered) }, { origin, offset })
}

/** Another load of the listing that was loaded before. */
function stay(options: FollowOptions, place: ListingPlace): Followed {
  const playlist = renumberPlaylist(options.playlist, place.offset)
  const diff = diffPlaylist({ ...options, playlist })
  if (diff.kind !== 'new-epoch' || place.offset === 0) return { diff, playlist, place }
  // The new epoch takes the source's own numbers.
  const { cursor: left, newEpoch, playlist: own } = options
  const { segments: newSegments } = renumberPlaylist(
    { ...playlist, segments: diff.newSegments },
    -place.offset,
  )
  const missed = diff.missed.map(({ firstMediaSequence, count }) => ({
    firstMediaSequence: firstMediaSequence - place.offset,
    count,
  }))
  const begun = startEpoch({ left, playlist: own, newSegments, missed, newEpoch })
  return { diff: begun, playlist: own, place: { ...place, offset: 0 } }
}

/**
 * `diffPlaylist` for a track that may take its listing from several places. Where it moves to another one,
 * the epoch goes on in the numbering that it had, as long as anything tells how the two belong together
 * ({@link numberingOffset}); otherwise a new epoch begins with what the time that went by may have brought. Pure.
 *
 * @param options.place what the last call gave; undefined for the first one.
 */
export function followListing(options: FollowOptions): Followed {
  const { place, origin, cursor, playlist } = options
  if (place === undefined || place.origin === origin) {
    return stay(options, place ?? { origin, offset: 0 })
  }
  if (cursor === undefined || cursor.nextMediaSequence < 0 || options.afterEnd === true) {
    return stay(options, { origin, offset: 0 })
  }
  // F17: an empty listing tells nothing; the next one is compared.
  if (playlist.segments.length === 0) {
    return { diff: { kind: 'same', newSegments: [], missed: [], cursor }, playlist, place }
  }
  return moveTo(options, cursor)
}
