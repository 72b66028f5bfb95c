import type { MediaPlaylist, MediaSegment } from '../playlist'
import { addDoubt, endDoubt, isConvinced, stateOfDoubt, withDoubted } from './doubt'
import { firstSelection } from './first-selection'
import { advance, type Numbering } from './numbering'
import {
  emptyCursor,
  forgetOld,
  keepEarlier,
  leave,
  numberingOf,
  numberingsOf,
  type PlaylistCursor,
} from './playlist-cursor'
import { likeliestOf } from './likeliest-numbering'
import { partingOf } from './parting'
import { namesAgree } from './playlist-identity'
import { isNearBehind, listedSec, relate } from './relation'
import { lostBefore, unknownSegments } from './unknown-segments'

/** An edge may still show a listing as it was so long ago; after that it is a new start of the source. */
const LONGEST_EDGE_LAG_SEC = 30

/** Numbers that were never listed to us. */
export interface MissedRange {
  readonly firstMediaSequence: number
  readonly count: number
}

/** What one load of the media playlist brought. */
export interface PlaylistDiff {
  /** `stale`: an older copy from another edge, nothing to take from it. */
  readonly kind: 'same' | 'new' | 'stale' | 'new-epoch'
  readonly newSegments: readonly MediaSegment[]
  /** What was jumped over, in order: before `newSegments` and between them. */
  readonly missed: readonly MissedRange[]
  readonly cursor: PlaylistCursor
}

/** A listing that is not empty, and where the track stands. */
interface Load {
  readonly cursor: PlaylistCursor
  readonly playlist: MediaPlaylist
  readonly newEpoch: number
  readonly elapsedSec: number
}

/** The holes in a sequence of segments that follows on `nextMediaSequence`. */
function holesIn(
  segments: readonly MediaSegment[],
  nextMediaSequence: number,
): readonly MissedRange[] {
  return segments.flatMap(({ mediaSequence }, at) => {
    const firstMediaSequence =
      at === 0 ? nextMediaSequence : (segments[at - 1]?.mediaSequence ?? 0) + 1
    const count = mediaSequence - firstMediaSequence
    return count > 0 ? [{ firstMediaSequence, count }] : []
  })
}

/** A new epoch that begins with these segments of the listing; leaves the numbering of `left`, where there is one. */
export function startEpoch(options: {
  left: PlaylistCursor | undefined
  playlist: MediaPlaylist
  newSegments: readonly MediaSegment[]
  missed?: readonly MissedRange[]
  newEpoch: number
}): PlaylistDiff {
  const { left, playlist, newSegments, missed = [], newEpoch } = options
  // How long the source's window is usually outlasts its numberings: a new one begins short.
  const kept =
    left === undefined
      ? {}
      : {
          earlier: leave(left),
          namesAreStable: left.namesAreStable,
          windowLength: left.windowLength,
        }
  const lost = missed[0]?.firstMediaSequence ?? Infinity
  const firstMediaSequence = Math.min(playlist.mediaSequence, lost)
  const cursor = { ...emptyCursor(newEpoch), ...kept, firstMediaSequence }
  return { kind: 'new-epoch', newSegments, missed, cursor: advance(cursor, playlist) }
}

/** What a listing of this numbering has that was not offered yet, and what was jumped over before it. */
function beyond({ nextMediaSequence }: Numbering, playlist: MediaPlaylist) {
  const newSegments = playlist.segments.filter(
    ({ mediaSequence }) => mediaSequence >= nextMediaSequence,
  )
  return { newSegments, missed: holesIn(newSegments, nextMediaSequence) }
}

/** The numbering of the epoch goes on. */
function goOn({ cursor, playlist }: Load): PlaylistDiff {
  const news = beyond(cursor, playlist)
  const namesAreStable = cursor.namesAreStable || namesAgree(cursor.marks, playlist)
  return {
    kind: news.newSegments.length === 0 ? 'same' : 'new',
    ...news,
    cursor: advance({ ...cursor, namesAreStable, doubt: endDoubt(cursor.doubt) }, playlist),
  }
}

/** A numbering that was left goes on: what it lists beyond what we have of it is an epoch of its own. */
function goOnWithEarlier({ cursor, playlist, newEpoch }: Load, numbering: Numbering): PlaylistDiff {
  const news = beyond(numbering, playlist)
  if (news.newSegments.length === 0) {
    const isWhereItWasLeft =
      playlist.segments.at(-1)?.mediaSequence === numbering.nextMediaSequence - 1
    const earlier = isWhereItWasLeft ? keepEarlier(cursor.earlier, numbering) : cursor.earlier
    return stale({ ...cursor, earlier })
  }
  const earlier = leave({ ...cursor, earlier: cursor.earlier.filter((one) => one !== numbering) })
  const back = { ...emptyCursor(newEpoch), ...numberingOf(numbering), earlier }
  return { kind: 'new-epoch', ...news, cursor: advance(back, playlist) }
}

const stale = (cursor: PlaylistCursor): PlaylistDiff => ({
  kind: 'stale',
  newSegments: [],
  missed: [],
  cursor,
})

/** An older copy without any doubt. */
const surelyStale = ({ cursor }: Load): PlaylistDiff =>
  stale({ ...cursor, doubt: endDoubt(cursor.doubt) })

/** An older copy, or a new numbering: believed to be the former for a few loads. */
function doubt(load: Load): PlaylistDiff {
  const { cursor, playlist } = load
  if (isConvinced(cursor.doubt)) return startAnew(load)
  return stale({ ...cursor, doubt: addDoubt(cursor.doubt, playlist) })
}

/** A new epoch with all that was never offered of the listing, and what it had while it was in doubt. */
function startAnew({ cursor: left, playlist, newEpoch, elapsedSec }: Load): PlaylistDiff {
  const numberings = numberingsOf(left)
  const segments = withDoubted(left.doubt, playlist)
  const mediaSequence = segments[0]?.mediaSequence ?? playlist.mediaSequence
  // A numbering that is first seen with a window as long as ever has lost its beginning.
  const isFull = playlist.segments.length >= left.windowLength
  const lost = isFull ? lostBefore(segments, numberings, elapsedSec) : 0
  return startEpoch({
    left,
    playlist: { ...playlist, segments, mediaSequence },
    newSegments: unknownSegments(segments, numberings).unknown,
    missed: holesIn(segments, mediaSequence - lost),
    newEpoch,
  })
}

/** A listing of no numbering that is known: a new one, or what is left of one that was gone before we saw it. */
function takeUnknown(load: Load): PlaylistDiff {
  const { cursor, playlist } = load
  const segments = withDoubted(cursor.doubt, playlist)
  const { unknown, isOld } = unknownSegments(segments, numberingsOf(cursor))
  if (unknown.length === 0) return stale(cursor)
  return isOld ? doubt(load) : startAnew(load)
}

/** A listing that shows the epoch's own segments and ends before our position: an older copy, unless the source started over with the same names. */
function fallBack(load: Load, isSameInstants: boolean): PlaylistDiff {
  const { cursor, playlist, elapsedSec } = load
  if (isSameInstants) return surelyStale(load)
  // A source that starts over begins with a short window; an edge that lags seldom does.
  const isShort = playlist.segments.length < cursor.windowLength * 0.6
  // A new start cannot have made more than the time that went by.
  const canBeMadeAnew = elapsedSec >= Math.min(listedSec(playlist.segments), LONGEST_EDGE_LAG_SEC)
  if (!isNearBehind(cursor, playlist) && !isShort && canBeMadeAnew) return startAnew(load)
  // What began short and grows is in doubt until it is known; what was jumped over may be of another start.
  const isDoubtful = isShort || partingOf(cursor, playlist.segments) !== undefined
  const state = stateOfDoubt(cursor.doubt, playlist)
  if (state === 'the-same' || (state === 'none' && isDoubtful)) return doubt(load)
  return isDoubtful ? stale(cursor) : surelyStale(load)
}

/** Which numbering a listing is of; see `diffPlaylist`. */
function follow(load: Load): PlaylistDiff {
  const { cursor, playlist, elapsedSec } = load
  const related = numberingsOf(cursor).map((numbering) => ({
    numbering,
    relation: relate(numbering, playlist, numbering === cursor ? elapsedSec : 0),
  }))
  for (const { numbering, relation } of related) {
    if (relation.kind !== 'shows') continue
    if (numbering !== cursor) return goOnWithEarlier(load, numbering)
    const isBehind = (playlist.segments.at(-1)?.mediaSequence ?? 0) < cursor.nextMediaSequence - 1
    return isBehind ? fallBack(load, relation.agrees === 'same-instants') : goOn(load)
  }
  const way = likeliestOf(related, playlist)
  if (way === undefined) return takeUnknown(load)
  if (way.kind !== 'ahead') return way.isSure ? surelyStale(load) : doubt(load)
  return way.numbering === cursor ? goOn(load) : goOnWithEarlier(load, way.numbering)
}

/**
 * Compares a freshly loaded media playlist with where the track stands. Pure.
 *
 * A segment is known by (epoch, media sequence number) and offered exactly once (F05). The source's numberings that
 * are remembered (the epoch's, and a few that were left) are asked in turn: which one does the listing show (F04)? If none, behind
 * which one can it go on, with numbers jumped over that are `missed` (F06)? If none, is it an older copy, from before us or from among
 * what was jumped over? If nothing of all that, it is a new numbering, and a new epoch (F03). Where nothing tells an older copy from a
 * new numbering, it is in doubt for a few loads.
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
  if (playlist.segments.length === 0) {
    // F17: nothing listed is not fatal, and not the beginning of anything either.
    return { kind: 'same', newSegments: [], missed: [], cursor: left ?? emptyCursor(newEpoch) }
  }
  if (left === undefined || left.nextMediaSequence < 0) {
    const newSegments = firstSelection(playlist, fromOldest)
    return startEpoch({ left: undefined, playlist, newSegments, newEpoch })
  }
  const cursor = forgetOld(left)
  const load = { cursor, playlist, newEpoch, elapsedSec }
  if (!afterEnd) return follow(load)
  // The source had ended: nothing was missed meanwhile.
  const isLongAgo = !playlist.endList && elapsedSec > LONGEST_EDGE_LAG_SEC
  const diff = isLongAgo ? startAnew(load) : follow(load)
  if (diff.kind !== 'new') return { ...diff, missed: [] }
  return startEpoch({ left: cursor, playlist, newSegments: diff.newSegments, newEpoch })
}
