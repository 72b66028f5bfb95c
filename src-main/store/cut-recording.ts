import type { SegmentIndex } from './model'

/** Where the tracks of a recording are cut, so that they begin together. */
export interface Cut {
  /** Position of the first row of the main track that is left. */
  readonly mainPosition: number
  /** Other tracks are left from here on, unix ms. */
  readonly instantMs: number
}

/**
 * Decides what a recording keeps that lets go of what ends before an instant: whole segments, the last of the main track in any case. A gap at the
 * cut goes, too, unless another track has footage there; then the main track keeps the segment before it. Pure.
 *
 * @param main rows of the track whose breaks count, without late segments; as all of them.
 */
export function cutRecording(
  main: SegmentIndex,
  others: readonly SegmentIndex[],
  beforeMs: number,
): Cut {
  const first =
    segmentFrom(main, main.firstEndingAfter(beforeMs)) ?? lastSegmentBefore(main, main.length)
  if (first === undefined) return { mainPosition: 0, instantMs: beforeMs }
  const startMs = main.startMsAt(first)
  const isFootageInGap = others.some((index) => {
    const position = segmentFrom(index, index.firstEndingAfter(beforeMs))
    return position !== undefined && middleMsAt(index, position) < startMs
  })
  if (startMs <= beforeMs || !isFootageInGap) return { mainPosition: first, instantMs: startMs }
  return { mainPosition: lastSegmentBefore(main, first) ?? 0, instantMs: beforeMs }
}

/**
 * Position of the first row that is left of a track beside the main one, a segment; `length` where there is none.
 *
 * @param reached what of it may not lie before the cut: its middle, so that it is on the same side of the main track's breaks as before; of
 * subtitles all, since they are listed by the picture that goes with them.
 */
export function cutBeside(
  index: SegmentIndex,
  instantMs: number,
  reached: 'middle' | 'start',
): number {
  const reachedMs = (at: number): number =>
    reached === 'middle' ? middleMsAt(index, at) : index.startMsAt(at)
  for (let at = index.firstEndingAfter(instantMs); at < index.length; at += 1) {
    if (index.kindAt(at) === 'segment' && reachedMs(at) >= instantMs) return at
  }
  return index.length
}

const middleMsAt = (index: SegmentIndex, position: number): number =>
  index.startMsAt(position) + index.durationSecAt(position) * 500

function segmentFrom(index: SegmentIndex, position: number): number | undefined {
  for (let at = position; at < index.length; at += 1) {
    if (index.kindAt(at) === 'segment') return at
  }
  return undefined
}

function lastSegmentBefore(index: SegmentIndex, position: number): number | undefined {
  for (let at = position - 1; at >= 0; at -= 1) {
    if (index.kindAt(at) === 'segment') return at
  }
  return undefined
}
