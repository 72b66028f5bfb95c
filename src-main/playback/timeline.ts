import type { Timeline } from '../../src-preload/contract/model'
import type { RecordingStore, SegmentIndex } from '../store/model'
import { gapSpans } from './gap-spans'
import { clocksOf, spansWithin } from './timeline-spans'

/** Segments that lie no farther apart are drawn as one stretch of footage. */
const JOIN_MS = 500

/** What the timeline draws of a recording: its first video track, else its first track. */
export async function timelineOf(recording: RecordingStore): Promise<Timeline> {
  const tracks = await recording.tracks()
  const track = tracks.find(({ info }) => info.kind === 'video') ?? tracks[0]
  const startMs = Math.round(recording.figures.startMs ?? recording.meta.createdMs)
  const endMs = Math.round(recording.figures.endMs ?? startMs)
  const drawn =
    track === undefined ? { footage: [], gaps: [], discontinuitiesMs: [] } : drawTrack(track.index)
  const spans = spansWithin((await recording.spans()).list(), { startMs, endMs })
  const clocks = track === undefined ? [] : clocksOf(track.index)
  return { id: recording.id, startMs, endMs, ...drawn, spans, clocks }
}

function drawTrack(index: SegmentIndex): Pick<Timeline, 'footage' | 'gaps' | 'discontinuitiesMs'> {
  const footage: { fromMs: number; toMs: number }[] = []
  const discontinuitiesMs: number[] = []
  let span: { fromMs: number; toMs: number } | undefined
  for (let position = 0; position < index.length; position += 1) {
    const kind = index.kindAt(position)
    const fromMs = Math.round(index.startMsAt(position))
    const toMs = Math.round(index.startMsAt(position) + index.durationSecAt(position) * 1000)
    if (kind === 'segment') {
      if (span !== undefined && fromMs - span.toMs <= JOIN_MS) {
        span.toMs = Math.max(span.toMs, toMs)
      } else {
        span = { fromMs, toMs }
        footage.push(span)
      }
    } else if (kind === 'gap') {
      span = undefined
    } else if (kind === 'discontinuity' && footage.length > 0) {
      discontinuitiesMs.push(fromMs)
    }
  }
  const gaps = gapSpans(index).map(({ fromMs, toMs, cause, count }) => ({
    fromMs,
    toMs,
    cause,
    count,
  }))
  return { footage, gaps, discontinuitiesMs }
}
