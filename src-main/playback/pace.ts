import type { SegmentIndex } from '../store/model'
import { breaksMsOf, gapPositionsOf } from './breaks'
import { countWhile, keptPerPair } from './kept'

/** A part of a subtitle row that goes with picture between two breaks. Instants in unix ms. */
export interface CuePiece {
  /** See EraOf. */
  readonly era: number
  readonly fromMs: number
  readonly toMs: number
  /** Of stored picture. */
  readonly durationSec: number
}

export interface Pace {
  /** How long a row of a subtitle playlist lasts there, seconds. */
  durationSecOf(position: number): number
  /** How many rows the playlist has before a position: segments, each piece for itself, and gaps. */
  countBefore(position: number): number
  /** The pieces of a segment that lies on both sides of a break of the picture, at least two; undefined for all others. */
  piecesOf(position: number): readonly CuePiece[] | undefined
}

/** A row that no picture goes with is listed all the same, so that numbers stay what they are. */
const SHORTEST_SEC = 0.001
/** Tracks are cut at slightly different instants: less than this of another side is no piece. */
const SHORTEST_PIECE_MS = 100

/**
 * Subtitle segments have no clock of their own: players find them by adding up EXTINF, and do not learn better from
 * their content, as they do for sound. So each row, a gap included, lasts as long as the stored picture that goes with it:
 * then both playlists stay in step over everything that is missing in one of them.
 *
 * @param main index of the track with the picture. What it has not reached yet is taken for stored.
 */
export const paceOf = keptPerPair((index, main): Pace => {
  const durationSecOf = (position: number) => {
    const fromMs = index.startMsAt(position)
    const toMs = endMsAt(index, position)
    const knownMs = main.figures.endMs ?? Number.NEGATIVE_INFINITY
    const unknownMs = Math.max(0, toMs - Math.max(fromMs, knownMs))
    return Math.max(SHORTEST_SEC, (storedMs(main, fromMs, toMs) + unknownMs) / 1000)
  }
  const piecesOf = (position: number) => {
    if (index.kindAt(position) !== 'segment') return undefined
    const fromMs = index.startMsAt(position)
    const pieces = piecesWithin(main, fromMs, endMsAt(index, position))
    return pieces.length < 2 ? undefined : pieces
  }
  const extraPiecesBefore = createCount({
    index,
    main,
    placesOf: () => breaksMsOf(main),
    positionOf: (breakMs) => index.firstEndingAfter(breakMs),
    countAt: (position) => (piecesOf(position)?.length ?? 1) - 1,
  })
  return {
    durationSecOf,
    piecesOf,
    countBefore: (before) =>
      index.segmentsBefore(before) +
      index.gone.beside +
      countWhile(gapPositionsOf(index), (at) => at < before) +
      extraPiecesBefore(before),
  }
})

/** The gaps of a sound that its playlist lists. */
export interface Holes {
  /** How long a row lasts there as a gap, seconds: as the picture that is stored there; 0 where it is not listed as one. */
  secOf(position: number): number
  /** How many are listed before a position. */
  countBefore(position: number): number
}

/**
 * Players place the segments of a sound by adding up EXTINF, and do not always learn better: what is missing beside a
 * picture that is stored is listed, as a segment that is not there (EXT-X-GAP).
 *
 * @param main index of the track with the picture.
 */
export const holesOf = keptPerPair((index, main): Holes => {
  const secOf = (position: number) => {
    if (index.kindAt(position) !== 'gap') return 0
    const sec = storedMs(main, index.startMsAt(position), endMsAt(index, position)) / 1000
    return sec * 1000 < SHORTEST_PIECE_MS ? 0 : sec
  }
  const countBefore = createCount({
    index,
    main,
    placesOf: () => gapPositionsOf(index),
    positionOf: (position) => position,
    countAt: (position) => (secOf(position) > 0 ? 1 : 0),
  })
  return { secOf, countBefore: (before) => index.gone.beside + countBefore(before) }
})

/**
 * Counts what a playlist lists beside whole segments before a position. It remembers what it found where the main track
 * is past it; only what lies at the newest rows is looked at each time.
 *
 * @param options.placesOf where to look: ascending, only ever longer. Several may lead to one position.
 */
function createCount(options: {
  readonly index: SegmentIndex
  readonly main: SegmentIndex
  readonly placesOf: () => readonly number[]
  readonly positionOf: (place: number) => number
  readonly countAt: (position: number) => number
}): (before: number) => number {
  const { index, main, positionOf, countAt } = options
  /** Positions, each as often as it counts. */
  const kept: number[] = []
  let done = 0
  let lastDone = -1
  return (before) => {
    const places = options.placesOf()
    for (const place of from(places, done)) {
      const at = positionOf(place)
      if (at >= index.length || !isPassed(main, endMsAt(index, at))) break
      const count = at === lastDone ? 0 : countAt(at)
      for (let one = 0; one < count; one += 1) kept.push(at)
      lastDone = at
      done += 1
    }
    let newest = 0
    let last = lastDone
    for (const place of from(places, done)) {
      const at = positionOf(place)
      if (at >= before) break
      if (at !== last) newest += countAt(at)
      last = at
    }
    return countWhile(kept, (at) => at < before) + newest
  }
}

function* from(list: readonly number[], start: number) {
  for (let at = start; at < list.length; at += 1) yield list[at] ?? 0
}

/** Nothing that a track gets from now on lies before the instant: what was found there can be kept. */
function isPassed(main: SegmentIndex, ms: number): boolean {
  return main.length > 0 && main.startMsAt(main.length - 1) >= ms
}

const endMsAt = (index: SegmentIndex, position: number): number =>
  index.startMsAt(position) + index.durationSecAt(position) * 1000

function storedMs(index: SegmentIndex, fromMs: number, toMs: number): number {
  let sum = 0
  visitStored(index, fromMs, toMs, (_at, startMs, endMs) => {
    sum += endMs - startMs
  })
  return sum
}

function piecesWithin(main: SegmentIndex, fromMs: number, toMs: number): readonly CuePiece[] {
  const pieces: CuePiece[] = []
  visitStored(main, fromMs, toMs, (at, startMs, endMs) => {
    if (endMs - startMs < SHORTEST_PIECE_MS) return
    const era = main.discontinuitiesBefore(at)
    const durationSec = (endMs - startMs) / 1000
    const last = pieces.at(-1)
    if (last?.era === era) {
      const joined = { ...last, toMs: endMs, durationSec: last.durationSec + durationSec }
      pieces[pieces.length - 1] = joined
    } else pieces.push({ era, fromMs: startMs, toMs: endMs, durationSec })
  })
  return pieces
}

/** Tells of each stored segment between two instants, with the part of it that lies there. */
function visitStored(
  index: SegmentIndex,
  fromMs: number,
  toMs: number,
  visit: (position: number, startMs: number, endMs: number) => void,
): void {
  for (let at = index.firstEndingAfter(fromMs); at < index.length; at += 1) {
    const startMs = index.startMsAt(at)
    if (startMs >= toMs) break
    if (index.kindAt(at) !== 'segment') continue
    const endMs = startMs + index.durationSecAt(at) * 1000
    if (endMs > fromMs) visit(at, Math.max(startMs, fromMs), Math.min(endMs, toMs))
  }
}

/** True for the rows that a subtitle playlist lists. */
export function isPaced(index: SegmentIndex, position: number): boolean {
  const kind = index.kindAt(position)
  return kind === 'segment' || kind === 'gap'
}
