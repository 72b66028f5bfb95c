import type { LiveSegment, LiveTrack } from '../ports/live-parts'
import type { SegmentIndex } from './model'

/** The number that the source gives the segment in progress; undefined where something else than a segment comes last in the log. */
export function nextInLog(
  index: SegmentIndex,
): Pick<LiveSegment, 'epoch' | 'mediaSequence'> | undefined {
  const last = index.length - 1
  if (last < 0 || index.kindAt(last) !== 'segment') return undefined
  const row = index.rowAt(last)
  if (row.kind !== 'segment') return undefined
  return { epoch: row.epoch, mediaSequence: row.mediaSequence + 1 }
}

/**
 * The segment in progress that follows right behind the last row of a log: undefined where nothing of it is at hand, or something else comes between (a
 * break, a gap, a segment that is not stored yet).
 */
export function liveTail(
  index: SegmentIndex,
  live: LiveTrack | undefined,
): LiveSegment | undefined {
  const next = nextInLog(index)
  if (live === undefined || next === undefined) return undefined
  const segment = live.segments.find(
    ({ epoch, mediaSequence }) => epoch === next.epoch && mediaSequence === next.mediaSequence,
  )
  return segment === undefined || segment.parts.length === 0 ? undefined : segment
}

/** Seconds of it. */
export function liveTailSec(index: SegmentIndex, live: LiveTrack | undefined): number {
  const parts = liveTail(index, live)?.parts ?? []
  return parts.reduce((sum, { durationSec }) => sum + durationSec, 0)
}
