import type { PlaylistCursor } from '../hls/follow/playlist-cursor'
import type { DiscontinuityRow, SegmentIndex } from '../store/model'
import { emptyTimeline } from './plan'
import type { TrackPosition } from './track-follower'

/** So many of the last segments are enough to tell by their instants whether the numbering goes on. */
const MARKS = 32

/** The row that began the epoch of the last row. */
function lastEpochRow(
  index: SegmentIndex,
): { row: DiscontinuityRow; position: number } | undefined {
  for (let position = index.length - 1; position >= 0; position -= 1) {
    if (index.kindAt(position) !== 'discontinuity') continue
    const row = index.rowAt(position)
    if (row.kind === 'discontinuity' && row.reason === 'epoch') return { row, position }
  }
  return undefined
}

/**
 * Where a track goes on, read from its log: behind the last row, in the same epoch as long as the
 * source's listing continues it.
 *
 * @param options.nowMs wall clock: how long VSR was away tells whether the numbers have moved on as they should.
 */
export function readTrackPosition(options: { index: SegmentIndex; nowMs: number }): TrackPosition {
  const { index, nowMs } = options
  const begun = lastEpochRow(index)
  if (begun === undefined) {
    return { cursor: undefined, timeline: emptyTimeline, newEpoch: 0, awaySec: undefined }
  }
  const { epoch, clock, startMs: epochStartMs, mediaSequence } = begun.row
  let cursor: PlaylistCursor = {
    epoch,
    firstMediaSequence: mediaSequence,
    nextMediaSequence: mediaSequence,
    marks: [],
    namesAreStable: false,
    windowLength: 0,
    doubt: undefined,
    earlier: [],
  }
  let timeline = { ...emptyTimeline, clock, nextStartMs: epochStartMs }
  const from = Math.max(begun.position + 1, index.length - MARKS)
  for (let position = from; position < index.length; position += 1) {
    const row = index.rowAt(position)
    if (row.kind !== 'segment' && row.kind !== 'gap') continue
    const count = row.kind === 'gap' ? row.count : 1
    const lastMediaSequence = row.mediaSequence + count - 1
    const known = clock === 'source' && row.kind === 'segment'
    const mark = {
      mediaSequence: lastMediaSequence,
      name: '',
      ...(known ? { programDateTimeMs: row.startMs } : {}),
    }
    cursor = {
      ...cursor,
      nextMediaSequence: lastMediaSequence + 1,
      marks: [...cursor.marks, mark],
    }
    timeline = {
      ...timeline,
      nextStartMs: row.startMs + row.durationSec * 1000,
      discontinuitySequence: row.discontinuitySequence,
    }
  }
  const awaySec = Math.max(0, (nowMs - timeline.nextStartMs) / 1000)
  return { cursor, timeline, newEpoch: epoch + 1, awaySec }
}
