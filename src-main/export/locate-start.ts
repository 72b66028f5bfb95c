import type { SegmentRow } from '../store/model'
import type { KeyFrame, MediaHead } from './media-head'
import type { Run } from './plan'

/** Where a run is cut: the key frame at or before the wanted instant; the first one after where there is none before. */
export interface Start {
  /** Segments to read, from the one that holds the key frame. */
  readonly rows: readonly SegmentRow[]
  readonly head: MediaHead
  /** Unix ms. */
  readonly atMs: number
  /** On the media's own clock. */
  readonly mediaSec: number
  /** See KeyFrame. */
  readonly leadSec: number
}

/** Instants in the log are whole milliseconds. */
const ROUNDING_MS = 1
/** How many segments are looked through forwards for a first key frame. */
const MAX_AHEAD = 12

/** @param probe reads some rows as one piece of media. */
export async function locateStart(options: {
  run: Run
  wantedMs: number
  probe: (rows: readonly SegmentRow[]) => Promise<MediaHead>
}): Promise<Start> {
  const { run, wantedMs, probe } = options
  const earlier = [...run.before]
  let rows = run.rows.slice(0, 1)
  let head = await probe(rows)
  for (;;) {
    const found = keyFrameAtOrBefore(head, anchorMs(rows), wantedMs)
    if (found !== undefined) return toStart(rows, run, head, found)
    const previous = earlier.pop()
    if (previous === undefined) break
    rows = [previous, ...rows]
    head = await probe(rows)
  }
  const ahead = Math.min(run.rows.length, MAX_AHEAD)
  for (let count = 2; head.keyFrames.length === 0 && count <= ahead; count += 1) {
    rows = run.rows.slice(0, count)
    head = await probe(rows)
  }
  return toStart(rows, run, head, head.keyFrames[0] ?? { atSec: head.firstSec, leadSec: 0 })
}

const anchorMs = (rows: readonly SegmentRow[]) => rows[0]?.startMs ?? 0

const instantOf = (head: MediaHead, startMs: number, mediaSec: number) =>
  Math.round(startMs + (mediaSec - head.firstSec) * 1000)

const keyFrameAtOrBefore = (head: MediaHead, startMs: number, wantedMs: number) =>
  head.keyFrames.findLast(({ atSec }) => instantOf(head, startMs, atSec) <= wantedMs + ROUNDING_MS)

/** Segments before the run that were looked at come first; the rest of the run follows. */
function toStart(
  probed: readonly SegmentRow[],
  run: Run,
  head: MediaHead,
  { atSec, leadSec }: KeyFrame,
): Start {
  const inRun = run.rows[0]?.index ?? 0
  const before = probed.filter((row) => row.index < inRun)
  return {
    rows: [...before, ...run.rows],
    head,
    atMs: instantOf(head, anchorMs(probed), atSec),
    mediaSec: atSec,
    leadSec,
  }
}

/** Timestamps of MPEG-TS and of packed audio have 33 bits: they begin anew after so long, in one track a little before the other. */
const WRAP_SEC = 2 ** 33 / 90_000
/** Two clocks that differ by more than this are not the same clock; what arrived without a date may be a target duration off. */
const SAME_CLOCK_SEC = 10

/**
 * How far into a second track's media a moment of the first lies, in seconds; negative where the second begins later. The
 * media's own timestamps are exact, where both tracks share them; else the instants of the log have to do.
 */
export function companionOffsetSec(options: {
  start: Pick<Start, 'atMs' | 'mediaSec'>
  companionStartMs: number
  /** Undefined where the media do not say. */
  companionFirstSec: number | undefined
}): number {
  const { start, companionStartMs, companionFirstSec } = options
  const byInstants = (start.atMs - companionStartMs) / 1000
  if (companionFirstSec === undefined) return byInstants
  const apartSec = start.mediaSec - companionFirstSec
  const byMedia = apartSec - Math.round((apartSec - byInstants) / WRAP_SEC) * WRAP_SEC
  return Math.abs(byMedia - byInstants) <= SAME_CLOCK_SEC ? byMedia : byInstants
}
