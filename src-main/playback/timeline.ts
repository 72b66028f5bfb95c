import type { Timeline } from '../../src-preload/contract/model'
import type { RecordingStore, SegmentIndex } from '../store/model'
import { discontinuityPositionsOf } from './breaks'
import { footageOf, prepareFootage } from './footage'
import { gapSpans } from './gap-spans'
import { clocksOf, spansWithin } from './timeline-spans'

/** What the timeline draws of a recording: its first video track, else its first track. */
export async function timelineOf(recording: RecordingStore): Promise<Timeline> {
  const tracks = await recording.tracks()
  const track = tracks.find(({ info }) => info.kind === 'video') ?? tracks[0]
  if (track !== undefined) await prepareFootage(track.index)
  const startMs = Math.round(recording.figures.startMs ?? recording.meta.createdMs)
  const endMs = Math.round(recording.figures.endMs ?? startMs)
  const drawn =
    track === undefined ? { footage: [], gaps: [], discontinuitiesMs: [] } : drawTrack(track.index)
  const spans = spansWithin((await recording.spans()).list(), { startMs, endMs })
  const clocks = track === undefined ? [] : clocksOf(track.index)
  return { id: recording.id, startMs, endMs, ...drawn, spans, clocks }
}

function drawTrack(index: SegmentIndex): Pick<Timeline, 'footage' | 'gaps' | 'discontinuitiesMs'> {
  const discontinuitiesMs = discontinuityPositionsOf(index)
    .filter((position) => index.indexAt(position) >= index.gone.before)
    .filter((position) => index.segmentsBefore(position) > 0)
    .map((position) => Math.round(index.startMsAt(position)))
  const gaps = gapSpans(index).map(({ fromMs, toMs, cause, count }) => ({
    fromMs,
    toMs,
    cause,
    count,
  }))
  return { footage: footageOf(index), gaps, discontinuitiesMs }
}
