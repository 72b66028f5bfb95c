import { VsrError } from '../../../src-preload/contract/errors'
import type { GapCause } from '../../../src-preload/contract/model'
import type { HttpClient } from '../../fetch/http'
import type { KeyCache } from '../../fetch/key-cache'
import { type RetryOptions, withRetries } from '../../fetch/with-retries'
import type { PlaylistParser } from '../../hls/parser'
import { followSignal } from '../../ports/either-signal'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { NewGap, TrackStore } from '../../store/model'
import { isListed, promisedMs, promiseLeftMs } from './availability'
import { boundedAttempt } from './bounded-attempt'
import type { RequestBase } from './download-segment'
import { watchForBetter } from '../source/better-copy'
import { judgedAttempt } from '../source/failover'
import { createListingRenewal, isRefusedAddress } from '../source/listing-renewal'
import { createInitCache } from './init-cache'
import { gapCauseOf, isFatal, isRefusal, isStorageError } from '../gap-cause'
import { gapRowOf, type PlannedSegment } from '../plan'
import { createMediaObtainer, type FetchedMedia, type ObtainMedia } from './obtain-media'
import type { RangeLoader } from './range-loader'
import { requestPlaylist } from '../request-playlist'
import { createSegmentCopies, type CurrentListing } from '../source/segment-copies'
import { HOLD_MS, patienceMs } from './segment-patience'
import type { SourceAccess } from '../source/source-access'
import type { Throughput } from '../source/throughput'
import type { StreamInUse } from '../source/track-candidates'
import { type OnTrouble, tellTrouble } from '../trouble'

/** What became of a planned segment. */
export type FetchedSegment =
  | FetchedMedia
  /** Waited for no longer, or never wanted: then `refusal` says why. `planned`: what it was asked for as, where it was. */
  | {
      readonly kind: 'gap'
      readonly row: NewGap
      readonly planned?: PlannedSegment
      readonly refusal?: VsrError
    }
  /** The disk refused it; the source still has it. */
  | { readonly kind: 'not-stored'; readonly planned: PlannedSegment; readonly error: VsrError }
  /** The session ends before it was obtained: whoever goes on later begins with it, unless others behind it were; then it is this gap. */
  | { readonly kind: 'dropped'; readonly gap: NewGap }

/** One that is refused is asked for at so many fresh addresses before it may be given up. */
const LEAST_RENEWALS = 4
/** So many may wait in order for one of a complete source, where nothing is in a hurry. */
const MANY_WAITING = 32
/** A segment obtained so long ago says no more about the way to the source. */
const LATELY_MS = 30_000

/** Obtains the segments of one track. */
export interface SegmentFetcher {
  /**
   * With retries, for as long as those behind it may wait. Never rejects for what the source or the disk does, except for
   * failures that end the recording (DRM and the like) and for bugs.
   */
  fetch(planned: PlannedSegment): Promise<FetchedSegment>
  /** One attempt, that speaks neither for nor against the place that was asked. */
  fetchLate(planned: PlannedSegment, signal: AbortSignal): Promise<FetchedMedia>
}

export function createSegmentFetcher(options: {
  track: TrackStore
  access: SourceAccess
  http: HttpClient
  parser: PlaylistParser
  keys: KeyCache
  throughput: Throughput
  clock: Clock
  random: () => number
  /** See `isFatal`. */
  hasFootage: () => boolean
  logger: Logger
  /** No further attempts; one that is under way goes on. */
  stopSignal: AbortSignal
  /** Ends attempts that are under way. */
  signal: AbortSignal
  /** The last load of the playlist. */
  listing: () => CurrentListing | undefined
  /** The playlist, or the source itself, cannot be had either. */
  isSourceDown: () => boolean
  onRenewed: (listing: CurrentListing) => void
  onSourceDown: OnTrouble
  /** How many segments have come that wait for an earlier one. */
  waiting: () => number
  /** So many may wait without a sign of anything: those that were begun together. */
  parallelDownloads: () => number
  /** So many are listed and not begun that what is gone already is tried once. */
  isBehind: () => boolean
  /** Has a newer segment asked for: nothing else tells whether it is these, or the way to the source. */
  lookAhead: () => void
  /** Takes over a download that comes too slowly to be waited for; false where it had better end. */
  adopt: (planned: PlannedSegment, download: Promise<FetchedMedia>) => boolean
  /** What a request for something of this track is sent with. */
  requestBase: (signal: AbortSignal) => RequestBase
  /** The bytes of a segment whose parts are at hand. */
  takeParts: (planned: PlannedSegment) => Promise<readonly Uint8Array[] | undefined>
  takeRange: RangeLoader['take']
  /** A failed attempt; `nextTryMs` is the wall clock of the next one. */
  onTrouble: OnTrouble
}): SegmentFetcher {
  const { track, access, http, keys, clock, random, signal } = options
  const { listing, isSourceDown, waiting, onTrouble } = options
  const retrySignal = AbortSignal.any([options.stopSignal, signal])
  const trackId = track.info.id
  const load = (stream: StreamInUse) =>
    requestPlaylist({
      ...options,
      stream,
      targetDurationSec: listing()?.playlist.targetDurationSec,
    })
  const places = { trackId, access, clock, listing, load }
  const copies = createSegmentCopies(places)
  const { onRenewed, onSourceDown: onFailed } = options
  const renewal = createListingRenewal({ ...places, onRenewed, onFailed })
  const inits = createInitCache({ http, keys, requestBase: () => options.requestBase(signal) })
  let obtainedAtMs = Number.NEGATIVE_INFINITY
  let lookedAheadAtMs = Number.NEGATIVE_INFINITY

  const obtainNow = createMediaObtainer({ ...options, inits })
  const obtain: ObtainMedia = async (...asked) => {
    const media = await obtainNow(...asked)
    obtainedAtMs = clock.monotonicMs()
    return media
  }
  /** @param tried counts the attempts at each place. */
  const attempt = async (
    planned: PlannedSegment,
    tried: Map<string, number>,
    attemptSignal: AbortSignal,
  ): Promise<FetchedMedia> => {
    for (;;) {
      const copy = await copies.find(planned)
      const { pathwayId } = copy.stream
      const attempts = (tried.get(pathwayId) ?? 0) + 1
      tried.set(pathwayId, attempts)
      const judging = { access, trackId, pathwayId, subject: 'segment' as const, attempts }
      const { controller, letGo } = followSignal(attemptSignal)
      const { signal: here } = controller
      const onFound = (reason: unknown) => controller.abort(reason)
      const endWatch = watchForBetter({ access, trackId, copies, planned, copy, onFound })
      try {
        const done = await judgedAttempt(judging, () => obtain(planned, copy, here, onTrouble))
        if (done !== undefined) return done.value
      } catch (error) {
        // Ended for a better copy only, the next turn finds it.
        if (!here.aborted || attemptSignal.aborted) throw error
      } finally {
        endWatch()
        letGo()
      }
    }
  }

  const lookAhead = () => {
    if (clock.monotonicMs() - lookedAheadAtMs < HOLD_MS) return
    lookedAheadAtMs = clock.monotonicMs()
    options.lookAhead()
  }
  const fetch = async (planned: PlannedSegment): Promise<FetchedSegment> => {
    // F10: many sources keep more than they promise, but a long backlog must not be waited for one by one.
    const worthMs = options.isBehind()
      ? promiseLeftMs(planned, listing())
      : promisedMs(planned, listing())
    const startedMs = clock.monotonicMs()
    const tried = new Map<string, number>()
    const isOver = (error: unknown) => isFatal(error, { hasFootage: options.hasFootage() })
    /** Fresh addresses that it was asked for at. */
    let renewals = 0
    const isHoldingUp = () => {
      const isComplete = listing()?.playlist.endList ?? false
      return waiting() > (isComplete ? MANY_WAITING : Math.max(1, options.parallelDownloads()))
    }
    const giveUpAfterMs = (error: unknown) => {
      if (isOver(error)) return 0
      if (isRefusedAddress(error) && renewals < LEAST_RENEWALS) return Number.POSITIVE_INFINITY
      const newest = listing()
      const latelyMs = Math.max(LATELY_MS, (newest?.playlist.targetDurationSec ?? 0) * 2000)
      const since = Math.max(startedMs, clock.monotonicMs() - latelyMs)
      const othersCome = obtainedAtMs >= since
      if (!othersCome && clock.monotonicMs() - startedMs >= HOLD_MS) lookAhead()
      return patienceMs({
        error,
        availableMs: worthMs,
        isListed: isListed(planned, newest),
        isComplete: newest?.playlist.endList ?? false,
        isSourceDown: isSourceDown(),
        othersCome,
        isHoldingUp: isHoldingUp(),
      })
    }
    /** One that comes, however slowly, is let come while it holds up nobody. */
    const isSpent = () =>
      isHoldingUp() && clock.monotonicMs() - startedMs >= giveUpAfterMs(undefined)
    const handOver = (download: Promise<FetchedMedia>) => options.adopt(planned, download)
    const bounds = { clock, signal, isSpent, handOver }
    const policy = { kind: 'segment' as const, clock, random, signal: retrySignal, giveUpAfterMs }
    let lastCause: GapCause = 'timeout'
    const tell = tellTrouble({ clock, onTrouble })
    /** The listing that the last attempt went by, where it was refused. */
    let refused: CurrentListing | undefined
    let asked: CurrentListing | undefined
    const onFailure: RetryOptions['onFailure'] = (failure) => {
      lastCause = gapCauseOf(failure.error)
      refused = isRefusedAddress(failure.error) ? asked : undefined
      tell(failure)
    }
    const tryOnce = async (attemptSignal: AbortSignal) => {
      if (refused !== undefined) {
        await renewal.renew(refused)
        if (!isSourceDown()) renewals += 1
      }
      asked = listing()
      return await attempt(planned, tried, attemptSignal)
    }
    try {
      return await withRetries({ ...policy, onFailure }, () => boundedAttempt(bounds, tryOnce))
    } catch (error) {
      if (retrySignal.aborted) return { kind: 'dropped', gap: gapRowOf(planned, lastCause) }
      if (isStorageError(error)) return { kind: 'not-stored', planned, error }
      if (isOver(error) || !(error instanceof VsrError)) throw error
      const row = gapRowOf(planned, gapCauseOf(error))
      return { kind: 'gap', row, planned, ...(isRefusal(error) ? { refusal: error } : {}) }
    }
  }
  return {
    fetch,
    fetchLate: async (planned, lateSignal) =>
      await obtain(planned, await copies.find(planned), lateSignal, () => {}),
  }
}
