import type { LiveSegment, LiveTrack } from '../ports/live-parts'
import type { SegmentIndex } from './model'

/**
 * The segment in progress that follows right behind the last row of a log: undefined where nothing of it is at hand, or something else comes between (a
 * break, a gap, a segment that is not stored yet).
 */
export function liveTail(
  index: SegmentIndex,
  live: LiveTrack | undefined,
): LiveSegment | undefined {
  const last = index.length - 1
  if (live === undefined || last < 0 || index.kindAt(last) !== 'segment') return undefined
  const row = index.rowAt(last)
  if (row.kind !== 'segment') return undefined
  const next = live.segments.find(
    ({ epoch, mediaSequence }) => epoch === row.epoch && mediaSequence === row.mediaSequence + 1,
  )
  return next === undefined || next.parts.length === 0 ? undefined : next
}

/** Seconds of it. */
export function liveTailSec(index: SegmentIndex, live: LiveTrack | undefined): number {
  const parts = liveTail(index, live)?.parts ?? []
  return parts.reduce((sum, { durationSec }) => sum + durationSec, 0)
}
