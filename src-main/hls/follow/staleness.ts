import type { MediaPlaylist, MediaSegment } from '../playlist'
import {
  type Agreement,
  agreement,
  isRecognised,
  markOf,
  type SegmentMark,
} from './playlist-identity'

/** An edge is believed to lag by at most so many segments; a listing further back is a new numbering. */
const LONGEST_LAG = 12
/** An edge may still show a listing as it was so long ago; after that it is a new start of the source. */
export const LONGEST_EDGE_LAG_SEC = 30

/** So many segments in doubt are kept. */
const MOST_DOUBTFUL = 64

/** Listings that were behind and may have been a new numbering. */
export interface Doubt {
  /** So many in a row, up to now. */
  readonly reloads: number
  /** What they listed, in the order of the numbers: a new numbering has it even where its window has moved on meanwhile. */
  readonly segments: readonly MediaSegment[]
}

/** Where a track stands, as far as it matters here. */
interface Stand {
  readonly nextMediaSequence: number
  readonly marks: readonly SegmentMark[]
  readonly namesAreStable: boolean
  readonly windowLength: number
  readonly doubt: Doubt | undefined
}

const listedSec = ({ segments }: MediaPlaylist): number =>
  segments.reduce((sum, { durationSec }) => sum + durationSec, 0)

/** True where a listing lies among the numbers that the source jumped over: an edge may show them later (F04, F06). */
const isBehindJump = (marks: readonly SegmentMark[], first: number, last: number): boolean =>
  marks.some(({ mediaSequence }) => mediaSequence < first) &&
  marks.every(({ mediaSequence }) => mediaSequence < first || mediaSequence > last)

const showsDoubtful = ({ segments }: Doubt, playlist: MediaPlaylist): boolean =>
  isRecognised(agreement({ marks: segments.map(markOf), namesAreStable: true }, playlist))

/** One more listing in doubt. Those before it are kept with it where it shows the same numbering. */
export function addDoubt(doubt: Doubt | undefined, playlist: MediaPlaylist): Doubt {
  const reloads = (doubt?.reloads ?? 0) + 1
  const { segments } = playlist
  if (doubt === undefined || !showsDoubtful(doubt, playlist)) return { reloads, segments }
  const listed = new Set(segments.map(({ mediaSequence }) => mediaSequence))
  const others = doubt.segments.filter(({ mediaSequence }) => !listed.has(mediaSequence))
  const all = [...others, ...segments].sort((a, b) => a.mediaSequence - b.mediaSequence)
  return { reloads, segments: all.slice(-MOST_DOUBTFUL) }
}

/** The source goes on as it did. What was in doubt stays known: it may come again, and then has moved on. */
export const endDoubt = (doubt: Doubt | undefined): Doubt | undefined =>
  doubt === undefined ? undefined : { ...doubt, reloads: 0 }

/** What a new numbering listed while it was in doubt and lists no more. */
export function doubtfulBefore(
  doubt: Doubt | undefined,
  playlist: MediaPlaylist,
): readonly MediaSegment[] {
  if (doubt === undefined || !showsDoubtful(doubt, playlist)) return []
  return doubt.segments.filter(({ mediaSequence }) => mediaSequence < playlist.mediaSequence)
}

/**
 * Whether a listing that ends before our position is an older copy, not a new numbering (F04 against F03).
 * `perhaps` is believed for a few loads only; a new numbering that is taken so much later still lists all that it has made. Pure.
 *
 * @param options.elapsedSec seconds since the listing that the cursor stems from was loaded.
 * @param options.agrees what `agreement` says of the cursor and the listing.
 */
export function stalenessOf(options: {
  cursor: Stand
  playlist: MediaPlaylist
  lastMediaSequence: number
  elapsedSec: number
  agrees: Agreement
}): 'surely' | 'perhaps' | 'no' {
  const { cursor, playlist, lastMediaSequence, elapsedSec, agrees } = options
  if (agrees === 'same-instants') return 'surely'
  if (agrees === 'other-instants') return 'no'
  if (agrees === 'other-names' && cursor.namesAreStable) return 'no'
  const instantMs = playlist.segments.at(-1)?.programDateTimeMs
  const ourInstantMs = cursor.marks.at(-1)?.programDateTimeMs
  if (agrees === 'unknown' && instantMs !== undefined && ourInstantMs !== undefined) {
    return instantMs <= ourInstantMs ? 'surely' : 'no'
  }
  const lag = cursor.nextMediaSequence - 1 - lastMediaSequence
  const isNear =
    lag <= Math.max(LONGEST_LAG, playlist.segments.length) ||
    isBehindJump(cursor.marks, playlist.mediaSequence, lastMediaSequence)
  // Behind a jump of the source, an edge that lags is far away. A new start cannot have made more than the time that went by.
  const couldBeMadeAnew = elapsedSec >= Math.min(listedSec(playlist), LONGEST_EDGE_LAG_SEC)
  // A source that starts over with the same names begins with a short window; an edge that lags seldom does.
  const isShort = playlist.segments.length < cursor.windowLength * 0.6
  const namesAreSame = agrees === 'same-names'
  if (!isNear && !(namesAreSame && (isShort || !couldBeMadeAnew))) return 'no'
  // What began short and grows is in doubt until it is known.
  const { doubt } = cursor
  const wasInDoubt = doubt !== undefined && doubt.reloads > 0 && showsDoubtful(doubt, playlist)
  return namesAreSame && !isShort && !wasInDoubt ? 'surely' : 'perhaps'
}
