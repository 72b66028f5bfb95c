import { VsrError } from '../../src-preload/contract/errors'
import type { Clock } from '../ports/clock'
import type { TrackInfo, TrackStore } from '../store/model'
import type { SideReport } from './side-report'
import type { SourceAccess } from './source/source-access'
import { type PipelineEvents, type PipelineShared, runTrackPipeline } from './track-pipeline'
import { whenAborted } from './when-aborted'

/** A track that goes on after the media have ended is given up when it stored nothing for so long … */
const STRAGGLER_MS = 30_000
/** … or so long where its list is complete: longer than one segment that does not come keeps others waiting. */
const COMPLETE_STRAGGLER_MS = 90_000
/** And in any case after so many waits where its list is not: it may go on for ever. */
const MOST_WAITS = 10

/** True for tracks that the recording does without where they cannot be had: subtitles, and sound beside the one that is played when nobody chooses. */
export function isAside(info: TrackInfo, all: readonly TrackInfo[]): boolean {
  if (info.kind === 'subtitles') return true
  const [main] = all
  if (info.kind !== 'audio' || info.id === main?.id) return false
  const isSoundInside = main?.innerAudio !== undefined
  const usual = all.find(({ kind, id }) => kind === 'audio' && id !== main?.id)
  return isSoundInside || info.id !== usual?.id
}

/**
 * Records tracks beside the media: alternate sound, subtitles. What they lack holds nothing up: it is no stall, but told
 * for itself.
 *
 * @param options.mediaEnd aborted when the media tracks have ended.
 * @throws for bugs only.
 */
export async function recordSideTracks(
  options: PipelineShared & {
    tracks: readonly TrackStore[]
    mediaEnd: AbortSignal
    report: SideReport
    recordingStartMs: () => number | undefined
  },
): Promise<void> {
  const { tracks, ...shared } = options
  const runs = await Promise.allSettled(
    tracks.map((track) => recordSideTrack({ ...shared, track })),
  )
  const failure = runs.find((run) => run.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}

async function recordSideTrack(
  options: PipelineShared & {
    track: TrackStore
    mediaEnd: AbortSignal
    report: SideReport
    recordingStartMs: () => number | undefined
  },
): Promise<void> {
  const { track, mediaEnd, access, clock, stopSignal, abortSignal } = options
  const logger = options.logger.child({ track: track.info.id })
  const told = options.report.track(track.info)
  const givenUp = new AbortController()
  const done = new AbortController()
  let stored = 0
  let isComplete = false
  const events: PipelineEvents = {
    onPlaylistTrouble: told.playlistTrouble,
    onPlaylistSlow: told.playlistTrouble,
    onReload: () => {},
    onTrouble: told.segmentTrouble,
    onListing({ playlist, items }) {
      isComplete = playlist.endList
      told.listed(playlist, items.length > 0)
    },
    onEnded: () => {},
    onLive: () => {},
    onStored() {
      stored += 1
      told.stored()
    },
  }
  const giveUpLate = async () => {
    for (let waits = 0; isComplete || waits < MOST_WAITS; waits += 1) {
      const before = stored
      await clock.sleep(isComplete ? COMPLETE_STRAGGLER_MS : STRAGGLER_MS, done.signal)
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
      access: besides(access, track.info, clock),
      logger,
      events,
      stopSignal: AbortSignal.any([stopSignal, givenUp.signal]),
      abortSignal: AbortSignal.any([abortSignal, givenUp.signal]),
    })
  } catch (error) {
    const isOver = stopSignal.aborted || abortSignal.aborted || givenUp.signal.aborted
    if (!isOver && !(error instanceof VsrError)) throw error
    if (!isOver) {
      logger.warn({ err: error }, 'a track beside the media cannot be recorded')
      told.playlistTrouble(error)
    }
  } finally {
    done.abort()
    await waiting
  }
}

/** On account of a sound whose address is refused, the source is asked for another one not more often than this. */
const RENEWAL_MS = 120_000

/** The source as these tracks see it: what the media found, looked for anew on account of a sound only, and rarely. */
function besides(access: SourceAccess, { kind }: TrackInfo, clock: Clock): SourceAccess {
  let renewedAtMs = Number.NEGATIVE_INFINITY
  return {
    ...access,
    expireTrack() {
      const isDue = clock.monotonicMs() - renewedAtMs >= RENEWAL_MS
      if (kind !== 'audio' || !isDue) return
      renewedAtMs = clock.monotonicMs()
      void access.refresh()
    },
    async streamOf(trackId) {
      const stream = access.inUse(trackId)
      if (stream !== undefined) return stream
      throw new VsrError('not_a_playlist', 'The source does not offer this track any more.')
    },
  }
}
