import { VsrError } from '../../src-preload/contract/errors'
import type { TrackStore } from '../store/model'
import type { SourceAccess } from './source/source-access'
import { type PipelineShared, runTrackPipeline } from './track-pipeline'
import type { OnTrouble } from './trouble'
import { whenAborted } from './when-aborted'

/** A subtitle track that goes on after the media have ended is given up when it stored nothing for so long. */
const STRAGGLER_MS = 30_000
/** And in any case after so many such waits: a playlist without ENDLIST may go on for ever. */
const MOST_WAITS = 10

/**
 * Records subtitle tracks beside the media. What they lack holds nothing up, calls for no other address of the
 * source, and is for the log only: a silent or missing subtitle track is no stall.
 *
 * @param options.mediaEnd aborted when the media tracks have ended.
 * @throws for bugs only.
 */
export async function recordSideTracks(
  options: PipelineShared & { tracks: readonly TrackStore[]; mediaEnd: AbortSignal },
): Promise<void> {
  const { tracks, ...shared } = options
  const runs = await Promise.allSettled(
    tracks.map((track) => recordSideTrack({ ...shared, track })),
  )
  const failure = runs.find((run) => run.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}

async function recordSideTrack(
  options: PipelineShared & { track: TrackStore; mediaEnd: AbortSignal },
): Promise<void> {
  const { track, mediaEnd, access, clock, stopSignal, abortSignal } = options
  const logger = options.logger.child({ track: track.info.id })
  const onTrouble: OnTrouble = (err, nextTryMs) => logger.debug({ err, nextTryMs }, 'trying again')
  const givenUp = new AbortController()
  const done = new AbortController()
  let stored = 0
  const events = {
    onPlaylistTrouble: onTrouble,
    onPlaylistSlow: onTrouble,
    onReload: () => {},
    onTrouble,
    onListing: () => {},
    onEnded: () => {},
    onLive: () => {},
    onStored: () => {
      stored += 1
    },
  }
  const giveUpLate = async () => {
    for (let waits = 0; waits < MOST_WAITS; waits += 1) {
      const before = stored
      await clock.sleep(STRAGGLER_MS, done.signal)
      if (stored === before) break
    }
    givenUp.abort(new VsrError('cancelled', 'The media have ended.'))
  }
  const waiting = whenAborted(AbortSignal.any([mediaEnd, done.signal]))
    .then(giveUpLate)
    .catch((reason: unknown) => {
      if (!done.signal.aborted) throw reason
    })
  try {
    await runTrackPipeline({
      ...options,
      access: besides(access),
      logger,
      events,
      stopSignal: AbortSignal.any([stopSignal, givenUp.signal]),
      abortSignal: AbortSignal.any([abortSignal, givenUp.signal]),
    })
  } catch (error) {
    const isOver = stopSignal.aborted || abortSignal.aborted || givenUp.signal.aborted
    if (!isOver && !(error instanceof VsrError)) throw error
    if (!isOver) logger.warn({ err: error }, 'subtitles cannot be recorded')
  } finally {
    done.abort()
    await waiting
  }
}

/** The source as subtitles see it: what the media found, never looked for anew on their account. */
function besides(access: SourceAccess): SourceAccess {
  return {
    ...access,
    expireTrack: () => {},
    async streamOf(trackId) {
      const stream = access.inUse(trackId)
      if (stream !== undefined) return stream
      throw new VsrError('not_a_playlist', 'The source does not offer these subtitles any more.')
    },
  }
}
