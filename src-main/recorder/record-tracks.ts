import type { TrackStore } from '../store/model'

/**
 * Records the tracks of a session side by side: the main one, which comes first, and those beside it, which end after it.
 * What makes one of them fail for good ends all. All keep what they have.
 *
 * @param options.aborting aborted with the first failure.
 * @param options.recordAside told by `mainEnd` when the main track has ended.
 * @throws what the first one of them rejected with, when all have ended.
 */
export async function recordTracks(options: {
  tracks: readonly TrackStore[]
  aborting: AbortController
  recordMain: (track: TrackStore) => Promise<void>
  recordAside: (tracks: readonly TrackStore[], mainEnd: AbortSignal) => Promise<void>
}): Promise<void> {
  const { tracks, aborting, recordMain, recordAside } = options
  const [main, ...aside] = tracks
  if (main === undefined) return
  const together = async (recorded: Promise<void>) => {
    try {
      await recorded
    } catch (error) {
      aborting.abort(error)
      throw error
    }
  }
  const mainEnd = new AbortController()
  const ofMain = together(recordMain(main)).finally(() => mainEnd.abort())
  const results = await Promise.allSettled([ofMain, together(recordAside(aside, mainEnd.signal))])
  const failure = results.find((result) => result.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}
