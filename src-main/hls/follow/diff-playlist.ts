import { firstSelection, isKeptWhole } from './first-selection'
import type { MediaPlaylist, MediaSegment } from '../playlist'
import {
  type Agreement,
  agreement,
  isPlausibleAdvance,
  isRecognised,
  markOf,
  namesAgree,
  type SegmentMark,
} from './playlist-identity'
import {
  addDoubt,
  type Doubt,
  doubtfulBefore,
  endDoubt,
  LONGEST_EDGE_LAG_SEC,
  stalenessOf,
} from './staleness'

/** So many marks are kept: enough to recognise an older copy of the listing, small enough for a 5 h window. */
const MOST_MARKS = 256
/** So many listings in a row behind ours, none of which is surely an older copy, are a new numbering. */
const MOST_STRANGE_RELOADS = 2

/** So many epochs that were left are remembered, each for so many loads: an edge may still show one. */
const MOST_EARLIER = 3
const EARLIER_LOADS = 8

/** A numbering that the source had before. */
interface EarlierEpoch {
  readonly nextMediaSequence: number
  readonly marks: readonly SegmentMark[]
  readonly namesAreStable: boolean
  /** Loads until it is forgotten: later, the same names are a new start. */
  readonly loadsLeft: number
}

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
  /** Undefined while no listing is in doubt. */
  readonly doubt: Doubt | undefined
  /** Newest last. */
  readonly earlier: readonly EarlierEpoch[]
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

function advanceCursor(cursor: PlaylistCursor, playlist: MediaPlaylist): PlaylistCursor {
  const windowLength = Math.max(cursor.windowLength, playlist.segments.length)
  const last = playlist.segments.at(-1)
  if (last === undefined || last.mediaSequence < cursor.nextMediaSequence) {
    return { ...cursor, windowLength, doubt: endDoubt(cursor.doubt) }
  }
  const listed = playlist.segments.slice(-MOST_MARKS).map(markOf)
  const oldestListed = listed[0]?.mediaSequence ?? 0
  const older = cursor.marks.filter((mark) => mark.mediaSequence < oldestListed)
  return {
    ...cursor,
    nextMediaSequence: last.mediaSequence + 1,
    marks: [...older, ...listed].slice(-MOST_MARKS),
    windowLength,
    doubt: endDoubt(cursor.doubt),
  }
}

const emptyCursor = (epoch: number): PlaylistCursor => ({
  epoch,
  nextMediaSequence: -1,
  marks: [],
  namesAreStable: false,
  windowLength: 0,
  doubt: undefined,
  earlier: [],
})

/** A new epoch that begins with these segments of the listing; leaves the numbering of `left`, where there is one. */
export function startEpoch(options: {
  left: PlaylistCursor | undefined
  playlist: MediaPlaylist
  newSegments: readonly MediaSegment[]
  newEpoch: number
}): PlaylistDiff {
  const { left, playlist, newSegments, newEpoch } = options
  const kept =
    left === undefined ? {} : { earlier: rememberEpoch(left), namesAreStable: left.namesAreStable }
  const cursor = { ...emptyCursor(newEpoch), ...kept }
  return { kind: 'new-epoch', newSegments, cursor: advanceCursor(cursor, playlist) }
}

function rememberEpoch({ nextMediaSequence, marks, namesAreStable, earlier }: PlaylistCursor) {
  const left = { nextMediaSequence, marks, namesAreStable, loadsLeft: EARLIER_LOADS }
  return [...earlier, left].slice(-MOST_EARLIER)
}

const forgetOld = (earlier: readonly EarlierEpoch[]): readonly EarlierEpoch[] =>
  earlier.flatMap((epoch) =>
    epoch.loadsLeft > 1 ? [{ ...epoch, loadsLeft: epoch.loadsLeft - 1 }] : [],
  )

/** An edge shows a numbering that was left: what it lists beyond what we have of it is taken, as an epoch of its own. */
function takeLate(options: {
  cursor: PlaylistCursor
  shown: EarlierEpoch
  playlist: MediaPlaylist
  newEpoch: number
}): PlaylistDiff {
  const { cursor, shown, playlist, newEpoch } = options
  const newSegments = playlist.segments.filter(
    ({ mediaSequence }) => mediaSequence >= shown.nextMediaSequence,
  )
  if (newSegments.length === 0) return { kind: 'stale', newSegments, cursor }
  const earlier = rememberEpoch(cursor).filter((epoch) => epoch !== shown)
  const { marks, nextMediaSequence, namesAreStable } = shown
  const back = { ...emptyCursor(newEpoch), marks, nextMediaSequence, namesAreStable, earlier }
  return { kind: 'new-epoch', newSegments, cursor: advanceCursor(back, playlist) }
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
  const { playlist, newEpoch, elapsedSec, afterEnd = false, fromOldest = false } = options
  const left = options.cursor
  const first = playlist.segments[0]
  const last = playlist.segments.at(-1)
  if (first === undefined || last === undefined) {
    // F17: nothing listed is not fatal, and not the beginning of anything either.
    return { kind: 'same', newSegments: [], cursor: left ?? emptyCursor(newEpoch) }
  }
  if (left === undefined || left.nextMediaSequence < 0) {
    const newSegments = firstSelection(playlist, fromOldest)
    return startEpoch({ left: undefined, playlist, newSegments, newEpoch })
  }
  const cursor = { ...left, earlier: forgetOld(left.earlier) }
  const startAnew = () => {
    const segments = [...doubtfulBefore(cursor.doubt, playlist), ...playlist.segments]
    const newSegments = withoutKnown(segments, cursor.marks)
    return startEpoch({ left: cursor, playlist, newSegments, newEpoch })
  }
  if (afterEnd && !playlist.endList && elapsedSec > LONGEST_EDGE_LAG_SEC) return startAnew()
  const agrees = agreement(cursor, playlist)
  const shown = isRecognised(agrees)
    ? undefined
    : cursor.earlier.findLast((epoch) => isRecognised(agreement(epoch, playlist)))
  if (shown !== undefined) return takeLate({ cursor, shown, playlist, newEpoch })
  if (last.mediaSequence < cursor.nextMediaSequence - 1) {
    const lastMediaSequence = last.mediaSequence
    const staleness = stalenessOf({ cursor, playlist, lastMediaSequence, elapsedSec, agrees })
    const reloads = cursor.doubt?.reloads ?? 0
    const isPatient = reloads < MOST_STRANGE_RELOADS
    if (staleness === 'surely' || (staleness === 'perhaps' && isPatient)) {
      const doubt =
        staleness === 'surely' ? endDoubt(cursor.doubt) : addDoubt(cursor.doubt, playlist)
      return { kind: 'stale', newSegments: [], cursor: { ...cursor, doubt } }
    }
    return startAnew()
  }
  if (!followsOn(cursor, playlist, elapsedSec, agrees)) return startAnew()
  const newSegments = playlist.segments.filter(
    (segment) => segment.mediaSequence >= cursor.nextMediaSequence,
  )
  if (afterEnd && newSegments.length > 0) {
    return startEpoch({ left: cursor, playlist, newSegments, newEpoch })
  }
  const missedCount = first.mediaSequence - cursor.nextMediaSequence
  return {
    kind: newSegments.length === 0 ? 'same' : 'new',
    newSegments,
    ...(missedCount > 0
      ? { missed: { firstMediaSequence: cursor.nextMediaSequence, count: missedCount } }
      : {}),
    cursor: advanceCursor(
      { ...cursor, namesAreStable: cursor.namesAreStable || namesAgree(cursor.marks, playlist) },
      playlist,
    ),
  }
}
