import { cutBeside, cutRecording } from './cut-recording'
import { mainTrackOf } from './main-track'
import type { LetGo, SegmentIndex, TrackInfo } from './model'
import type { OpenTrack } from './track-store'

interface TrackRows {
  readonly info: TrackInfo
  /** Without late segments. */
  readonly index: SegmentIndex
}

/** How many entries a growing playlist of a track lists before a position beside its segments: what its numbers count, too. */
export type CountBeside = (track: TrackRows, main: TrackRows, position: number) => number

/**
 * Lets go of what ends before an instant (unix ms) in all tracks of a recording. The main track comes last: its breaks are those of the others, which
 * must not lie before its beginning, be it after a crash.
 *
 * Throws VsrError `disk_full`, `library_unwritable`.
 */
export async function letGoOfTracks(options: {
  readonly tracks: readonly OpenTrack[]
  readonly beforeMs: number
  readonly countBeside: CountBeside
}): Promise<LetGo> {
  const { tracks, beforeMs, countBeside } = options
  const main = mainTrackOf(tracks.map((track) => ({ info: track.store.info, track })))?.track
  if (main === undefined) return { bytes: 0, segments: 0, untilMs: undefined }
  const others = tracks.filter((track) => track !== main)
  const cut = cutRecording(
    main.told,
    others.map(({ told }) => told),
    beforeMs,
  )
  const { mainPosition, instantMs } = cut
  const mainIndex = mainPosition === 0 ? undefined : main.told.indexAt(mainPosition)
  const sum = { bytes: 0, segments: 0 }
  const letGo = async (track: OpenTrack, position: (told: SegmentIndex) => number) => {
    const mainRows = { info: main.store.info, index: main.told }
    const gone = await track.letGo({
      position,
      beside: (index, at) => countBeside({ info: track.store.info, index }, mainRows, at),
    })
    sum.bytes += gone.bytes
    sum.segments += gone.segments
  }
  for (const track of others) {
    const reached = track.store.info.kind === 'subtitles' ? 'start' : 'middle'
    await letGo(track, (told) => cutBeside(told, instantMs, reached))
  }
  await letGo(main, (told) => (mainIndex === undefined ? 0 : (told.positionOf(mainIndex) ?? 0)))
  return { ...sum, untilMs: main.told.figures.startMs }
}
