import type { MediaPlaylist, MediaSegment } from '../playlist'
import type { Numbering } from './numbering'
import { markOf } from './playlist-identity'
import { relate } from './relation'

/** So many segments in doubt are kept. */
const MOST_DOUBTFUL = 64
/** So many listings in a row that may be older copies are believed to be; then they are a new numbering. */
const CONVINCING_LOADS = 2
/** A doubted numbering goes on in steps of at most so many segments. */
const LONGEST_STEP = 12

/** What is remembered beside the epoch's numbering is forgotten after so many loads: later, the same names are a new start. */
export const REMEMBERED_LOADS = 8

/** A numbering that is not believed yet: what it listed may be older copies of ours. */
export interface Doubt {
  /** So many listings in a row, up to now. */
  readonly reloads: number
  /** What they listed, in the order of the numbers: a new numbering has it even where its window has moved on meanwhile. */
  readonly segments: readonly MediaSegment[]
  /** The longest of the listings. */
  readonly windowLength: number
  /** Loads until it is forgotten. */
  readonly loadsLeft: number
}

const numberingOf = ({ segments, windowLength }: Doubt): Numbering => ({
  firstMediaSequence: segments[0]?.mediaSequence ?? 0,
  nextMediaSequence: (segments.at(-1)?.mediaSequence ?? -1) + 1,
  marks: segments.map(markOf),
  namesAreStable: true,
  windowLength,
})

/** True where a listing goes on with what is in doubt. */
function goesOn(doubt: Doubt, playlist: MediaPlaylist): boolean {
  const numbering = numberingOf(doubt)
  const isNear = playlist.mediaSequence - numbering.nextMediaSequence < LONGEST_STEP
  // A window slides, it does not shrink.
  const isShorter = playlist.segments.length < doubt.windowLength
  const { kind } = relate(numbering, playlist, 0)
  return kind === 'shows' || (kind === 'ahead' && isNear && !isShorter)
}

/** The segments of a listing, and with them those that were in doubt, where it goes on with them. */
export function withDoubted(
  doubt: Doubt | undefined,
  playlist: MediaPlaylist,
): readonly MediaSegment[] {
  const { segments } = playlist
  if (doubt === undefined || !goesOn(doubt, playlist)) return segments
  const listed = new Set(segments.map(({ mediaSequence }) => mediaSequence))
  const others = doubt.segments.filter(({ mediaSequence }) => !listed.has(mediaSequence))
  return [...others, ...segments].sort((a, b) => a.mediaSequence - b.mediaSequence)
}

/** One more listing in doubt. */
export function addDoubt(doubt: Doubt | undefined, playlist: MediaPlaylist): Doubt {
  const goesOnWithIt = doubt !== undefined && goesOn(doubt, playlist)
  const { length } = playlist.segments
  return {
    reloads: (doubt?.reloads ?? 0) + 1,
    segments: withDoubted(doubt, playlist).slice(-MOST_DOUBTFUL),
    windowLength: goesOnWithIt ? Math.max(doubt.windowLength, length) : length,
    loadsLeft: REMEMBERED_LOADS,
  }
}

/** The source goes on as it did. What was in doubt stays known: it may come again, and then has moved on. */
export const endDoubt = (doubt: Doubt | undefined): Doubt | undefined =>
  doubt === undefined ? undefined : { ...doubt, reloads: 0 }

/** True once so many listings in a row were in doubt that the next one is believed to be new. */
export const isConvinced = (doubt: Doubt | undefined): boolean =>
  (doubt?.reloads ?? 0) >= CONVINCING_LOADS

/** What the last load makes of this listing: it shows the same as what is in doubt, or not, or there is no doubt. */
export function stateOfDoubt(
  doubt: Doubt | undefined,
  playlist: MediaPlaylist,
): 'none' | 'the-same' | 'another' {
  if (doubt === undefined || doubt.reloads === 0) return 'none'
  return relate(numberingOf(doubt), playlist, 0).kind === 'shows' ? 'the-same' : 'another'
}
