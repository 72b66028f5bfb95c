import { firstSelection, isKeptWhole } from './first-selection'
import type { MediaPlaylist, MediaSegment } from './playlist'
import {
  type Agreement,
  agreement,
  isPlausibleAdvance,
  markOf,
  type SegmentMark,
} from './playlist-identity'

/** So many marks are kept: enough to recognise an older copy of the listing, small enough for a 5 h window. */
const MOST_MARKS = 256
/** An edge is believed to lag by at most so many segments; a listing further back is a new numbering. */
const LONGEST_LAG = 12
/** So many listings in a row behind ours, none of which we recognise, are a new numbering. */
const MOST_STRANGE_RELOADS = 2

/** Where a track stands in its source's numbering. */
export interface PlaylistCursor {
  readonly epoch: number
  /** The first media sequence number not offered yet. */
  readonly nextMediaSequence: number
  /** What the last listed segments looked like, oldest first. Empty names after a restart: only numbers and instants are on disk. */
  readonly marks: readonly SegmentMark[]
  /** The same names came again under the same numbers: so they do not hold tokens, and other names mean other media. */
  readonly namesAreStable: boolean
  /** The longest listing seen in this epoch. */
  readonly windowLength: number
  /** Listings in a row that were behind and could not be recognised. */
  readonly strangeReloads: number
}

interface MissedRange {
  readonly firstMediaSequence: number
  readonly count: number
}

/** What one load of the media playlist brought. */
export interface PlaylistDiff {
  /** `stale`: an older copy from another edge, nothing to take from it. */
  readonly kind: 'same' | 'new' | 'stale' | 'new-epoch'
  readonly newSegments: readonly MediaSegment[]
  /** Numbers that were never listed to us: they lie before `newSegments`. */
  readonly missed?: MissedRange
  readonly cursor: PlaylistCursor
}

/** An edge may still show a listing as it was before ENDLIST; after so long it is a new start of the source. */
const LONGEST_EDGE_LAG_SEC = 30

function advanceCursor(cursor: PlaylistCursor, playlist: MediaPlaylist): PlaylistCursor {
  const windowLength = Math.max(cursor.windowLength, playlist.segments.length)
  const last = playlist.segments.at(-1)
  if (last === undefined || last.mediaSequence < cursor.nextMediaSequence) {
    return { ...cursor, windowLength, strangeReloads: 0 }
  }
  const listed = playlist.segments.slice(-MOST_MARKS).map(markOf)
  const oldestListed = listed[0]?.mediaSequence ?? 0
  const older = cursor.marks.filter((mark) => mark.mediaSequence < oldestListed)
  return {
    ...cursor,
    nextMediaSequence: last.mediaSequence + 1,
    marks: [...older, ...listed].slice(-MOST_MARKS),
    windowLength,
    strangeReloads: 0,
  }
}

const emptyCursor = (epoch: number): PlaylistCursor => ({
  epoch,
  nextMediaSequence: -1,
  marks: [],
  namesAreStable: false,
  windowLength: 0,
  strangeReloads: 0,
})

/** A new epoch that begins with these segments of the listing. */
export function startEpoch(
  playlist: MediaPlaylist,
  newSegments: readonly MediaSegment[],
  epoch: number,
): PlaylistDiff {
  return { kind: 'new-epoch', newSegments, cursor: advanceCursor(emptyCursor(epoch), playlist) }
}

/** Segments that a renumbered listing shows again: the same resource at the same instant. */
function withoutKnown(
  segments: readonly MediaSegment[],
  marks: readonly SegmentMark[],
): readonly MediaSegment[] {
  const known = new Set(
    marks.flatMap((mark) =>
      mark.programDateTimeMs === undefined || mark.name === ''
        ? []
        : [`${mark.programDateTimeMs} ${mark.name}`],
    ),
  )
  return segments.filter((segment) => {
    const { programDateTimeMs, name } = markOf(segment)
    return programDateTimeMs === undefined || !known.has(`${programDateTimeMs} ${name}`)
  })
}

/** True when a listing that ends before our position is an older copy, not a new numbering (F04 against F03). */
function isStaleCopy(
  cursor: PlaylistCursor,
  playlist: MediaPlaylist,
  lastMediaSequence: number,
  agrees: Agreement,
): boolean {
  if (agrees === 'same-instants') return true
  if (agrees === 'other-instants') return false
  if (agrees === 'other-names' && cursor.namesAreStable) return false
  const instantMs = playlist.segments.at(-1)?.programDateTimeMs
  const ourInstantMs = cursor.marks.at(-1)?.programDateTimeMs
  if (agrees === 'unknown' && instantMs !== undefined && ourInstantMs !== undefined) {
    return instantMs <= ourInstantMs
  }
  const lag = cursor.nextMediaSequence - 1 - lastMediaSequence
  if (lag > Math.max(LONGEST_LAG, playlist.segments.length)) return false
  // A source that starts over with the same names begins with a short window; an edge that lags does not.
  if (playlist.segments.length < cursor.windowLength * 0.6) return false
  return agrees === 'same-names' || cursor.strangeReloads < MOST_STRANGE_RELOADS
}

/** True when a listing that reaches our position follows on what we have. */
function followsOn(
  cursor: PlaylistCursor,
  playlist: MediaPlaylist,
  elapsedSec: number,
  agrees: Agreement,
): boolean {
  switch (agrees) {
    case 'same-instants':
    case 'same-names':
      return true
    case 'other-instants':
      return false
    case 'other-names':
      return !cursor.namesAreStable
    case 'unknown':
      return (
        (isKeptWhole(playlist) && playlist.mediaSequence < cursor.nextMediaSequence) ||
        isPlausibleAdvance({ ...cursor, playlist, elapsedSec })
      )
  }
}

/**
 * Compares a freshly loaded media playlist with where the track stands. Pure.
 *
 * A segment is known by (epoch, media sequence number) and offered exactly once (F05). A listing behind
 * ours is an older copy (F04) or a new numbering (F03, a new epoch): program date-time decides where both
 * have it, else the resource's name, else the distance. Numbers jumped over are `missed` (F06).
 *
 * @param options.cursor undefined on the first load of a recording.
 * @param options.newEpoch the number that an epoch gets if one begins here.
 * @param options.elapsedSec seconds since the listing that the cursor stems from was loaded.
 * @param options.afterEnd the source had ended: whatever is new is a new start.
 * @param options.fromOldest a first listing is taken whole: somebody waited for the source to start.
 */
export function diffPlaylist(options: {
  cursor: PlaylistCursor | undefined
  playlist: MediaPlaylist
  newEpoch: number
  elapsedSec: number
  afterEnd?: boolean
  fromOldest?: boolean
}): PlaylistDiff {
  const { cursor, playlist, newEpoch, elapsedSec, afterEnd = false, fromOldest = false } = options
  const first = playlist.segments[0]
  const last = playlist.segments.at(-1)
  if (first === undefined || last === undefined) {
    // F17: nothing listed is not fatal, and not the beginning of anything either.
    return { kind: 'same', newSegments: [], cursor: cursor ?? emptyCursor(newEpoch) }
  }
  if (cursor === undefined || cursor.nextMediaSequence < 0) {
    return startEpoch(playlist, firstSelection(playlist, fromOldest), newEpoch)
  }
  if (afterEnd && !playlist.endList && elapsedSec > LONGEST_EDGE_LAG_SEC) {
    return startEpoch(playlist, withoutKnown(playlist.segments, cursor.marks), newEpoch)
  }
  const agrees = agreement(cursor.marks, playlist)
  if (last.mediaSequence < cursor.nextMediaSequence - 1) {
    if (isStaleCopy(cursor, playlist, last.mediaSequence, agrees)) {
      const recognised = agrees === 'same-instants' || agrees === 'same-names'
      const strangeReloads = recognised ? 0 : cursor.strangeReloads + 1
      return { kind: 'stale', newSegments: [], cursor: { ...cursor, strangeReloads } }
    }
    return startEpoch(playlist, withoutKnown(playlist.segments, cursor.marks), newEpoch)
  }
  if (!followsOn(cursor, playlist, elapsedSec, agrees)) {
    return startEpoch(playlist, withoutKnown(playlist.segments, cursor.marks), newEpoch)
  }
  const newSegments = playlist.segments.filter(
    (segment) => segment.mediaSequence >= cursor.nextMediaSequence,
  )
  if (afterEnd && newSegments.length > 0) return startEpoch(playlist, newSegments, newEpoch)
  const missedCount = first.mediaSequence - cursor.nextMediaSequence
  return {
    kind: newSegments.length === 0 ? 'same' : 'new',
    newSegments,
    ...(missedCount > 0
      ? { missed: { firstMediaSequence: cursor.nextMediaSequence, count: missedCount } }
      : {}),
    cursor: advanceCursor(
      agrees === 'same-names' ? { ...cursor, namesAreStable: true } : cursor,
      playlist,
    ),
  }
}
