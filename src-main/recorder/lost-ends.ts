import { VsrError } from '../../src-preload/contract/errors'
import type { GapCause } from '../../src-preload/contract/model'
import type { Logger } from '../ports/logger'
import type { RecordingStore, TrackStore } from '../store/model'
import { readTrackPosition } from './track-position'

/** What is shorter is a track that ends a little sooner than its picture. */
const SHORTEST_SEC = 1

/**
 * When a recording ends for good: where a track beside the picture could not be had, what it lacks up to the end of the
 * picture is a gap of its own.
 *
 * @param options.causeOf why a track could not be had; undefined where it could.
 * A disk that refuses that keeps nothing from ending.
 */
export async function noteLostEnds(options: {
  recording: Pick<RecordingStore, 'tracks'>
  causeOf: (trackId: string) => GapCause | undefined
  nowMs: number
  logger: Logger
}): Promise<void> {
  const { recording, logger } = options
  try {
    const [main, ...tracks] = await recording.tracks()
    if (main !== undefined) await noteEnds({ ...options, main, tracks })
  } catch (err) {
    if (!(err instanceof VsrError)) throw err
    logger.warn({ err }, 'the gaps at the end could not be noted')
  }
}

async function noteEnds(options: {
  main: TrackStore
  tracks: readonly TrackStore[]
  causeOf: (trackId: string) => GapCause | undefined
  nowMs: number
}): Promise<void> {
  const { main, tracks, causeOf, nowMs } = options
  const { startMs: mainStartMs, endMs } = main.index.figures
  if (mainStartMs === undefined || endMs === undefined) return
  for (const track of tracks) {
    const cause = causeOf(track.info.id)
    if (cause === undefined) continue
    const { cursor, timeline } = readTrackPosition({ index: track.index, nowMs })
    const startMs = Math.round(timeline.nextStartMs ?? mainStartMs)
    const durationSec = (endMs - startMs) / 1000
    if (durationSec < SHORTEST_SEC) continue
    await track.appendGap({
      epoch: cursor?.epoch ?? 0,
      startMs,
      mediaSequence: cursor?.nextMediaSequence ?? 0,
      discontinuitySequence: timeline.discontinuitySequence,
      durationSec,
      cause,
      count: 0,
    })
  }
}
