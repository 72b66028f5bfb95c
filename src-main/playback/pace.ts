import type { SegmentIndex } from '../store/model'

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
  /** How many pieces more than segments there are before a position. */
  extraPiecesBefore(position: number): number
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
export function createPace(index: SegmentIndex, main: SegmentIndex): Pace {
  const durationSecOf = (position: number) => {
    const fromMs = index.startMsAt(position)
    const toMs = fromMs + index.durationSecAt(position) * 1000
    const knownMs = main.figures.endMs ?? Number.NEGATIVE_INFINITY
    const unknownMs = Math.max(0, toMs - Math.max(fromMs, knownMs))
    return Math.max(SHORTEST_SEC, (storedMs(main, fromMs, toMs) + unknownMs) / 1000)
  }
  const piecesOf = (position: number) => {
    if (index.kindAt(position) !== 'segment') return undefined
    const fromMs = index.startMsAt(position)
    const toMs = fromMs + index.durationSecAt(position) * 1000
    const pieces = piecesWithin(main, fromMs, toMs)
    return pieces.length < 2 ? undefined : pieces
  }
  return {
    durationSecOf,
    piecesOf,
    extraPiecesBefore(position) {
      const around = new Set(breaksMsOf(main).map((ms) => index.firstEndingAfter(ms)))
      return [...around]
        .filter((at) => at < position)
        .reduce((sum, at) => sum + (piecesOf(at)?.length ?? 1) - 1, 0)
    },
  }
}

/** How long a gap of a sound lasts in its playlist, seconds: as the picture that is stored there; 0 where it is not listed. */
export type HoleSecOf = (position: number) => number

/**
 * Players place the segments of a sound by adding up EXTINF, and do not always learn better: what is missing beside a
 * picture that is stored is listed, as a segment that is not there (EXT-X-GAP).
 *
 * @param main index of the track with the picture.
 */
export function createHoles(index: SegmentIndex, main: SegmentIndex): HoleSecOf {
  return (position) => {
    if (index.kindAt(position) !== 'gap') return 0
    const fromMs = index.startMsAt(position)
    const sec = storedMs(main, fromMs, fromMs + index.durationSecAt(position) * 1000) / 1000
    return sec * 1000 < SHORTEST_PIECE_MS ? 0 : sec
  }
}

/** Gaps that a playlist lists before a position. */
export function holesBefore(before: number, holeSecOf: HoleSecOf): number {
  let count = 0
  for (let position = 0; position < before; position += 1) {
    if (holeSecOf(position) > 0) count += 1
  }
  return count
}

function storedMs(index: SegmentIndex, fromMs: number, toMs: number): number {
  let sum = 0
  visitStored(index, fromMs, toMs, (_at, startMs, endMs) => {
    sum += endMs - startMs
  })
  return sum
}

/** Where the picture goes on behind its breaks. */
function breaksMsOf(main: SegmentIndex): number[] {
  const breaksMs: number[] = []
  let breaks = 0
  for (let at = 0; at < main.length; at += 1) {
    if (main.kindAt(at) !== 'segment' || main.discontinuitiesBefore(at) === breaks) continue
    breaks = main.discontinuitiesBefore(at)
    breaksMs.push(main.startMsAt(at))
  }
  return breaksMs
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

/** What a subtitle playlist lists before a position: segments, each piece for itself, and gaps. */
export function pacedBefore(index: SegmentIndex, before: number, pace: Pace): number {
  let count = pace.extraPiecesBefore(before)
  for (let position = 0; position < before; position += 1) {
    if (isPaced(index, position)) count += 1
  }
  return count
}

/** True for the rows that a subtitle playlist lists. */
export function isPaced(index: SegmentIndex, position: number): boolean {
  const kind = index.kindAt(position)
  return kind === 'segment' || kind === 'gap'
}
