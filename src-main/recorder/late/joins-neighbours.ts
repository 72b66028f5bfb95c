import type { SegmentIndex } from '../../store/model'

/** What tells whether the timestamps and the encoding of two segments go on. */
interface Joint {
  readonly discontinuitySequence: number
  readonly initIndex: number
}

/** The segment next to a position, that way, with nothing but initialization sections and keys between; undefined where there is none. */
function neighbour(index: SegmentIndex, position: number, step: 1 | -1): Joint | undefined {
  for (let at = position + step; at >= 0 && at < index.length; at += step) {
    const kind = index.kindAt(at)
    if (kind === 'init' || kind === 'key') continue
    const row = index.rowAt(at)
    return row.kind === 'segment' ? row : undefined
  }
  return undefined
}

/** Whether the stored encoding has changed behind a position. */
export function changedEncodingSince(index: SegmentIndex, position: number): boolean {
  for (let at = position + 1; at < index.length; at += 1) {
    if (index.kindAt(at) !== 'discontinuity') continue
    const row = index.rowAt(at)
    if (row.kind === 'discontinuity' && row.reason === 'variant-change') return true
  }
  return false
}

/**
 * Whether a segment that comes late goes on from the segments next to its gap, and they from it. Where that is not certain,
 * a break on both sides does no harm. Pure.
 *
 * @param position of the gap.
 */
export function joinsNeighbours(index: SegmentIndex, position: number, late: Joint): boolean {
  const fits = (other: Joint | undefined) =>
    other === undefined ||
    (other.discontinuitySequence === late.discontinuitySequence &&
      other.initIndex === late.initIndex)
  return fits(neighbour(index, position, -1)) && fits(neighbour(index, position, 1))
}
