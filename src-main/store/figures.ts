import type { Figures, GapRow, RecordingFigures, Row, TrackInfo } from './model'
import { isSameGap } from './one-gap'

export const emptyFigures: Figures = { durationSec: 0, bytes: 0, segments: 0, gaps: 0, gapSec: 0 }

/** Unix ms of a row's end, rounded to whole milliseconds. */
export const endMsOf = (startMs: number, durationSec: number): number =>
  Math.round(startMs + durationSec * 1000)

/** Sums over rows; seconds in whole microseconds, so that a million rows do not drift. */
export interface FiguresState {
  readonly startMs: number
  readonly endMs: number
  readonly durationUs: number
  readonly gapUs: number
  readonly bytes: number
  readonly segments: number
  readonly gaps: number
}

const nothing: FiguresState = {
  startMs: Number.POSITIVE_INFINITY,
  endMs: Number.NEGATIVE_INFINITY,
  durationUs: 0,
  gapUs: 0,
  bytes: 0,
  segments: 0,
  gaps: 0,
}

/** Sums without those of the first rows, which the others do not go on with. */
export function withoutFirst(
  all: FiguresState,
  first: FiguresState,
  left: { readonly startMs: number; readonly endMs: number },
): FiguresState {
  return {
    ...left,
    durationUs: all.durationUs - first.durationUs,
    gapUs: all.gapUs - first.gapUs,
    bytes: all.bytes - first.bytes,
    segments: all.segments - first.segments,
    gaps: all.gaps - first.gaps,
  }
}

/** Running sums over the rows of one track. @param start what they begin with. */
export function createFiguresSum(start = nothing): {
  add(row: Row): void
  current(): Figures
  readonly state: FiguresState
} {
  const sum = { ...start }
  /** The row before, where it was a gap. */
  let lastGap: GapRow | undefined
  const cover = (row: { readonly startMs: number; readonly durationSec: number }): void => {
    sum.startMs = Math.min(sum.startMs, row.startMs)
    sum.endMs = Math.max(sum.endMs, endMsOf(row.startMs, row.durationSec))
  }
  return {
    get state() {
      return { ...sum }
    },
    add(row) {
      const gapBefore = lastGap
      lastGap = row.kind === 'gap' ? row : undefined
      switch (row.kind) {
        case 'segment':
          cover(row)
          sum.durationUs += Math.round(row.durationSec * 1e6)
          sum.bytes += row.bytes
          sum.segments += 1
          return
        case 'gap':
          cover(row)
          sum.gapUs += Math.round(row.durationSec * 1e6)
          if (!isSameGap(gapBefore, row)) sum.gaps += 1
          return
        case 'init':
        case 'key':
          sum.bytes += row.bytes
          return
        case 'discontinuity':
          return
      }
    },
    current() {
      const { startMs, endMs, bytes, segments, gaps } = sum
      const counts = {
        durationSec: sum.durationUs / 1e6,
        bytes,
        segments,
        gaps,
        gapSec: sum.gapUs / 1e6,
      }
      return endMs < startMs ? counts : { startMs, endMs, ...counts }
    },
  }
}

/** Figures of a recording: start and end over every track, bytes of all, seconds and counts of the first, and what the sound beside it lacks. */
export function combineFigures(
  infos: readonly Pick<TrackInfo, 'id' | 'kind'>[],
  figuresOf: (trackId: string) => Figures | undefined,
): RecordingFigures {
  let first: Figures | undefined
  let startMs = Number.POSITIVE_INFINITY
  let endMs = Number.NEGATIVE_INFINITY
  let bytes = 0
  let soundGapSec = 0
  // Without lists in between: a library is listed by this, thousands of times.
  for (const { id, kind } of infos) {
    const figures = figuresOf(id) ?? emptyFigures
    startMs = Math.min(startMs, figures.startMs ?? startMs)
    endMs = Math.max(endMs, figures.endMs ?? endMs)
    bytes += figures.bytes
    if (first !== undefined && kind === 'audio') soundGapSec = Math.max(soundGapSec, figures.gapSec)
    first ??= figures
  }
  const { durationSec, segments, gaps, gapSec } = first ?? emptyFigures
  const counts = { durationSec, bytes, segments, gaps, gapSec, soundGapSec }
  return endMs < startMs ? counts : { startMs, endMs, ...counts }
}
