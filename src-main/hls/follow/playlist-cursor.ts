import { type Doubt, REMEMBERED_LOADS } from './doubt'
import type { Numbering } from './numbering'

/** So many numberings that were left are remembered, each for some loads: an edge may still show one. */
const MOST_EARLIER = 3

/** A numbering that the source had before. */
export interface EarlierNumbering extends Numbering {
  /** Loads until it is forgotten: later, the same names are a new start. */
  readonly loadsLeft: number
}

/** Where a track stands: in the numbering of its epoch, and with what it remembers beside that. */
export interface PlaylistCursor extends Numbering {
  readonly epoch: number
  /** Undefined while no listing is in doubt. */
  readonly doubt: Doubt | undefined
  /** The one that was left last is the last. */
  readonly earlier: readonly EarlierNumbering[]
}

/** A cursor that knows nothing yet. */
export const emptyCursor = (epoch: number): PlaylistCursor => ({
  epoch,
  firstMediaSequence: 0,
  nextMediaSequence: -1,
  marks: [],
  namesAreStable: false,
  windowLength: 0,
  doubt: undefined,
  earlier: [],
})

/** All numberings that are remembered: the epoch's own, then those that were left, the last one first. */
export const numberingsOf = (cursor: PlaylistCursor): readonly Numbering[] => [
  cursor,
  ...cursor.earlier.toReversed(),
]

/** What is remembered of a numbering, and nothing else. */
export const numberingOf = (from: Numbering): Numbering => ({
  firstMediaSequence: from.firstMediaSequence,
  nextMediaSequence: from.nextMediaSequence,
  marks: from.marks,
  namesAreStable: from.namesAreStable,
  windowLength: from.windowLength,
})

/** The earlier numberings of the one that follows on this one. */
export const leave = (cursor: PlaylistCursor): readonly EarlierNumbering[] =>
  [...cursor.earlier, { ...numberingOf(cursor), loadsLeft: REMEMBERED_LOADS }].slice(-MOST_EARLIER)

const age = <T extends { readonly loadsLeft: number }>(memory: T): T[] =>
  memory.loadsLeft > 1 ? [{ ...memory, loadsLeft: memory.loadsLeft - 1 }] : []

/** One load more has gone by: what was not seen for long is forgotten. */
export const forgetOld = (cursor: PlaylistCursor): PlaylistCursor => ({
  ...cursor,
  earlier: cursor.earlier.flatMap(age),
  doubt: cursor.doubt && age(cursor.doubt)[0],
})

/** The source still stands where this numbering was left: it may be the one that goes on. */
export const keepEarlier = (
  earlier: readonly EarlierNumbering[],
  kept: Numbering,
): readonly EarlierNumbering[] =>
  earlier.map((numbering) =>
    numbering === kept ? { ...numbering, loadsLeft: REMEMBERED_LOADS } : numbering,
  )
