import type { TrackStore } from '../store/model'
import { isAside } from './side-tracks'

/**
 * Records the tracks of a session side by side. Media tracks end with any of them that fails; what lies aside ends after
 * them. All keep what they have.
 *
 * @param options.aborting aborted with the first failure.
 * @param options.recordAside told by `mediaEnd` when the media have ended.
 * @throws what the first one of them rejected with, when all have ended.
 */
export async function recordTracks(options: {
  tracks: readonly TrackStore[]
  aborting: AbortController
  recordMedia: (track: TrackStore, trackCount: number) => Promise<void>
  recordAside: (tracks: readonly TrackStore[], mediaEnd: AbortSignal) => Promise<void>
}): Promise<void> {
  const { tracks, aborting, recordMedia, recordAside } = options
  const together = async (recorded: Promise<void>) => {
    try {
      await recorded
    } catch (error) {
      aborting.abort(error)
      throw error
    }
  }
  const infos = tracks.map(({ info }) => info)
  const mediaTracks = tracks.filter(({ info }) => !isAside(info, infos))
  const sideTracks = tracks.filter(({ info }) => isAside(info, infos))
  const mediaEnd = new AbortController()
  const media = mediaTracks.map((track) => together(recordMedia(track, mediaTracks.length)))
  const all = [...media, together(recordAside(sideTracks, mediaEnd.signal))]
  await Promise.allSettled(media)
  mediaEnd.abort()
  const results = await Promise.allSettled(all)
  const failure = results.find((result) => result.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}
