import type { MediaWriter } from '../hls/write/media-writer'
import type { LiveSegment, LiveTrack } from '../ports/live-parts'
import { liveTail, nextInLog } from '../store/live-tail'
import type { MediaExtension, SegmentIndex } from '../store/model'
import { lastSegmentBefore, lastSegmentsWindow, type Window } from './window'

/** No source is in a greater hurry; a target of 0 would be none. */
const SHORTEST_TARGET_SEC = 0.1
/** Parts of so many stored segments at most are still in memory. */
const STORED_WITH_PARTS = 3

/** The end of a playlist that is listed in parts (rfc8216bis 4.4.4.9). */
export interface LiveEdge {
  /** Longest part, seconds. */
  readonly partTargetSec: number
  /** Writes the parts of a stored segment that are still at hand: a player that had begun with them goes on with them. */
  writeStored(position: number): void
  /** The parts of the segment in progress, and the hint at the one that comes next. */
  renderTail(): Buffer
}

/** Undefined where the track's segments have no extension to go by. */
export function createLiveEdge(options: {
  readonly index: SegmentIndex
  readonly window: Window
  readonly live: LiveTrack
  readonly writer: MediaWriter
}): LiveEdge | undefined {
  const { index, window, live, writer } = options
  const last = lastSegmentBefore(index, window.to)
  const extension = last === undefined ? undefined : index.extensionAt(last)
  if (extension === undefined) return undefined
  const oldest = lastSegmentsWindow(index, window.to, STORED_WITH_PARTS).from
  return {
    partTargetSec: longestPartSec(live),
    writeStored(position) {
      if (position < oldest) return
      const row = index.rowAt(position)
      if (row.kind !== 'segment') return
      const { epoch, mediaSequence } = row
      const kept = live.segments.find(
        (segment) => segment.epoch === epoch && segment.mediaSequence === mediaSequence,
      )
      if (kept !== undefined) writeParts(writer, kept, row.extension)
    },
    renderTail() {
      const tail = shownTail(index, window, live)
      if (tail !== undefined) writeParts(writer, tail, extension)
      const next = window.to === index.length ? nextInLog(index) : undefined
      if (next !== undefined) {
        writer.preloadHint({ ...next, partIndex: tail?.parts.length ?? 0, extension })
      }
      return writer.take()
    },
  }
}

/** The segment in progress, where the window reaches up to it. */
export function shownTail(
  index: SegmentIndex,
  window: Window,
  live: LiveTrack | undefined,
): LiveSegment | undefined {
  return window.to === index.length ? liveTail(index, live) : undefined
}

/** What the source declares, or more where it does not keep to it: players take parts longer than the target for an error. */
function longestPartSec({ partTargetSec, segments }: LiveTrack): number {
  const lengths = segments.flatMap(({ parts }) => parts.map(({ durationSec }) => durationSec))
  return Math.max(SHORTEST_TARGET_SEC, partTargetSec, ...lengths)
}

function writeParts(
  writer: MediaWriter,
  { epoch, mediaSequence, parts }: LiveSegment,
  extension: MediaExtension,
): void {
  for (const [partIndex, { durationSec, independent }] of parts.entries()) {
    writer.part({ epoch, mediaSequence, partIndex, durationSec, independent, extension })
  }
}
