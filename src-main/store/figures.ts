import type { Figures, Row } from './model'

export const emptyFigures: Figures = { durationSec: 0, bytes: 0, segments: 0, gaps: 0, gapSec: 0 }

/** Unix ms of a row's end, rounded to whole milliseconds. */
export const endMsOf = (startMs: number, durationSec: number): number =>
  Math.round(startMs + durationSec * 1000)

/** Running sums over the rows of one track. Seconds are summed in whole microseconds, so that a million rows do not drift. */
export function createFiguresSum(): { add(row: Row): void; current(): Figures } {
  let startMs: number | undefined
  let endMs = 0
  let durationUs = 0
  let gapUs = 0
  let bytes = 0
  let segments = 0
  let gaps = 0
  const cover = (row: { readonly startMs: number; readonly durationSec: number }): void => {
    startMs ??= row.startMs
    endMs = Math.max(endMs, endMsOf(row.startMs, row.durationSec))
  }
  return {
    add(row) {
      switch (row.kind) {
        case 'segment':
          cover(row)
          durationUs += Math.round(row.durationSec * 1e6)
          bytes += row.bytes
          segments += 1
          return
        case 'gap':
          cover(row)
          gapUs += Math.round(row.durationSec * 1e6)
          gaps += 1
          return
        case 'init':
          bytes += row.bytes
          return
        case 'discontinuity':
          return
      }
    },
    current: () => ({
      ...(startMs === undefined ? {} : { startMs, endMs }),
      durationSec: durationUs / 1e6,
      bytes,
      segments,
      gaps,
      gapSec: gapUs / 1e6,
    }),
  }
}

/** Figures of a recording: start and end over every track, bytes of all, seconds and counts of the first. */
export function combineFigures(tracks: readonly Figures[]): Figures {
  const [first = emptyFigures] = tracks
  const starts = tracks.flatMap((track) => (track.startMs === undefined ? [] : [track.startMs]))
  const ends = tracks.flatMap((track) => (track.endMs === undefined ? [] : [track.endMs]))
  const { durationSec, segments, gaps, gapSec } = first
  return {
    ...(starts.length === 0 ? {} : { startMs: Math.min(...starts), endMs: Math.max(...ends) }),
    durationSec,
    bytes: tracks.reduce((sum, track) => sum + track.bytes, 0),
    segments,
    gaps,
    gapSec,
  }
}
