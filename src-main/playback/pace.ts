import type { SegmentIndex } from '../store/model'

/** How long a row of a subtitle playlist lasts there, seconds. */
export type PaceOf = (position: number) => number

/** A row that no picture goes with is listed all the same, so that numbers stay what they are. */
const SHORTEST_SEC = 0.001

/**
 * Subtitle segments have no clock of their own: players find them by adding up EXTINF, and do not learn better from
 * their content, as they do for sound. So each row, a gap included, lasts as long as the stored picture that goes with it:
 * then both playlists stay in step over everything that is missing in one of them.
 *
 * @param main index of the track with the picture. What it has not reached yet is taken for stored.
 */
export function createPace(index: SegmentIndex, main: SegmentIndex): PaceOf {
  return (position) => {
    const fromMs = index.startMsAt(position)
    const toMs = fromMs + index.durationSecAt(position) * 1000
    const knownMs = main.figures.endMs ?? Number.NEGATIVE_INFINITY
    const unknownMs = Math.max(0, toMs - Math.max(fromMs, knownMs))
    return Math.max(SHORTEST_SEC, (storedMs(main, fromMs, toMs) + unknownMs) / 1000)
  }
}

function storedMs(index: SegmentIndex, fromMs: number, toMs: number): number {
  let sum = 0
  for (let at = index.firstEndingAfter(fromMs); at < index.length; at += 1) {
    const startMs = index.startMsAt(at)
    if (startMs >= toMs) break
    if (index.kindAt(at) !== 'segment') continue
    const endMs = startMs + index.durationSecAt(at) * 1000
    sum += Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs))
  }
  return sum
}

/** Rows that a subtitle playlist lists before a position: segments and gaps. */
export function pacedBefore(index: SegmentIndex, before: number): number {
  let count = 0
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
