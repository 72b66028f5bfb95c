import { VsrError } from '../../src-preload/contract/errors'
import { isExpiry } from '../fetch/failure-action'
import { tellingKeys } from '../fetch/key-cache'
import type { Clock } from '../ports/clock'
import type { LiveTrack } from '../ports/live-parts'
import type { TrackInfo, TrackStore } from '../store/model'
import type { PictureBeside } from './absence'
import type { SideReport } from './side-report'
import type { SourceAccess } from './source/source-access'
import { type PipelineEvents, type PipelineShared, runTrackPipeline } from './track-pipeline'
import { whenAborted } from './when-aborted'

/** A track that goes on after the main one has ended is given up when it stored nothing for so long … */
const STRAGGLER_MS = 30_000
/** … or so long where its list is complete: longer than one segment that does not come keeps others waiting. */
const COMPLETE_STRAGGLER_MS = 90_000
/** And in any case after so many waits where its list is not: it may go on for ever. */
const MOST_WAITS = 10

/** A track that was refused is tried again so much later: what a source refuses now, it may give later. */
const REFUSED_MS = 10_000

/**
 * Records tracks beside the main one: sound, subtitles. What they lack holds nothing up: it is no stall, but told for itself.
 * One that is refused is told and tried again, the default sound too: the picture comes only once.
 *
 * @param options.mediaEnd aborted when the main track has ended.
 * @throws for bugs only.
 */
export async function recordSideTracks(
  options: PipelineShared & {
    tracks: readonly TrackStore[]
    mediaEnd: AbortSignal
    report: SideReport
    onLive: (trackId: string, live: LiveTrack | undefined) => void
    beside: PictureBeside
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
    onLive: (trackId: string, live: LiveTrack | undefined) => void
    beside: PictureBeside
  },
): Promise<void> {
  const { track, mediaEnd, clock, stopSignal, abortSignal } = options
  const access = besides(options.access, track.info, clock)
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
    onTrouble(error, nextTryMs) {
      if (isExpiry(error)) access.expireTrack(track.info.id)
      told.segmentTrouble(error, nextTryMs)
    },
    onListing({ playlist, items }) {
      isComplete = playlist.endList
      told.listed(playlist, items.length > 0)
    },
    onEnded: () => {},
    onLive: (live) => options.onLive(track.info.id, live),
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
  const over = AbortSignal.any([stopSignal, abortSignal, givenUp.signal])
  const pipeline = {
    ...options,
    beside: besideOf(track.info, options.beside),
    access,
    keys: tellingKeys(options.keys, told.segmentTrouble),
    logger,
    events,
    stopSignal: AbortSignal.any([stopSignal, givenUp.signal]),
    abortSignal: AbortSignal.any([abortSignal, givenUp.signal]),
  }
  /** Records until it is over. @returns false where the source refused it, and it is to be tried again. */
  const record = async (): Promise<boolean> => {
    try {
      await runTrackPipeline(pipeline)
      return true
    } catch (error) {
      if (over.aborted) return true
      if (!(error instanceof VsrError)) throw error
      logger.warn({ err: error }, 'a track beside the media cannot be recorded now')
      told.playlistTrouble(error, clock.nowMs() + REFUSED_MS)
      return false
    }
  }
  try {
    while (!(await record())) await clock.sleep(REFUSED_MS, over)
  } catch (error) {
    // The wait ended with the recording, or with the track.
    if (!over.aborted) throw error
  } finally {
    done.abort()
    await waiting
  }
}

/** Subtitles list nothing for as long as nobody speaks, and lack nothing then. */
const besideOf = ({ kind }: TrackInfo, beside: PictureBeside): PictureBeside =>
  kind === 'audio' ? beside : { ...beside, storedSec: () => 0 }

/** On account of a sound whose address is refused or no longer offered, the source is asked for another one not more often than this. */
const RENEWAL_MS = 120_000

/** The source as these tracks see it: what the main one found, looked for anew on account of a sound only, and rarely. */
function besides(access: SourceAccess, { kind }: TrackInfo, clock: Clock): SourceAccess {
  let renewedAtMs = Number.NEGATIVE_INFINITY
  const renew = () => {
    const isDue = clock.monotonicMs() - renewedAtMs >= RENEWAL_MS
    if (kind !== 'audio' || !isDue) return
    renewedAtMs = clock.monotonicMs()
    void access.refresh()
  }
  return {
    ...access,
    expireTrack: renew,
    async streamOf(trackId) {
      const stream = access.inUse(trackId)
      if (stream !== undefined) return stream
      renew()
      throw new VsrError('not_a_playlist', 'The source does not offer this track any more.')
    },
  }
}
