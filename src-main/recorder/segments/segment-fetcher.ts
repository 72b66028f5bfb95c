import { VsrError } from '../../../src-preload/contract/errors'
import type { GapCause } from '../../../src-preload/contract/model'
import type { HttpClient } from '../../fetch/http'
import type { KeyCache } from '../../fetch/key-cache'
import { type RetryOptions, withRetries } from '../../fetch/with-retries'
import type { PlaylistParser } from '../../hls/parser'
import { followSignal } from '../../ports/either-signal'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { MediaExtension, NewGap, TempFile, TrackStore } from '../../store/model'
import { isListed, promisedMs, promiseLeftMs } from './availability'
import { boundedAttempt } from './bounded-attempt'
import { discardTemp } from './discard-temp'
import {
  downloadSegment,
  type FetchedInit,
  type FetchedKey,
  joinSegment,
  type RequestBase,
} from './download-segment'
import { watchForBetter } from '../source/better-copy'
import { judgedAttempt } from '../source/failover'
import { createListingRenewal, isRefusedAddress } from '../source/listing-renewal'
import { createLengthCheck } from '../framing/length-check'
import { createInitCache } from './init-cache'
import { gapCauseOf, isFatal, isRefusal, isStorageError } from '../gap-cause'
import { gapRowOf, type PlannedSegment } from '../plan'
import type { WrittenMedia } from './media-sink'
import type { RangeLoader } from './range-loader'
import { requestPlaylist } from '../request-playlist'
import {
  createSegmentCopies,
  type CurrentListing,
  isSamePlace,
  type SegmentCopy,
} from '../source/segment-copies'
import { HOLD_MS, patienceMs } from './segment-patience'
import type { SourceAccess } from '../source/source-access'
import { toldDownload } from './told-download'
import type { Throughput } from '../source/throughput'
import type { StreamInUse } from '../source/track-candidates'
import { type OnTrouble, tellTrouble } from '../trouble'

/** A segment in a temporary file, which is whoever's has it. */
export interface FetchedMedia {
  readonly kind: 'media'
  readonly planned: PlannedSegment
  /** Where it was had. */
  readonly stream: StreamInUse
  readonly temp: TempFile
  readonly extension: MediaExtension
  readonly init: FetchedInit | undefined
  readonly key: FetchedKey | undefined
}

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
  const { track, access, http, keys, throughput, clock, random, logger, signal } = options
  const { listing, isSourceDown, waiting, takeParts, takeRange, onTrouble } = options
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
  const lengths = createLengthCheck()
  let obtainedAtMs = Number.NEGATIVE_INFINITY
  let lookedAheadAtMs = Number.NEGATIVE_INFINITY

  /** From its parts, where they are all there; undefined where the segment has to be fetched. */
  const joinParts = async (planned: PlannedSegment) => {
    const bodies = await takeParts(planned)
    // Parts are taken in the clear only; encryption may have begun with this very segment.
    if (bodies === undefined || planned.segment.key !== undefined) return undefined
    try {
      return await joinSegment({ parts: bodies, track, logger })
    } catch (error) {
      if (isStorageError(error) || !(error instanceof VsrError)) throw error
      const { mediaSequence } = planned.segment
      logger.warn({ err: error, mediaSequence }, 'the parts make no segment, fetching it')
      return undefined
    }
  }

  /** Out of a request for several; undefined where the segment has to be fetched on its own. */
  const takeFromRange = async (
    planned: PlannedSegment,
    { segment, stream }: SegmentCopy,
    takeSignal: AbortSignal,
  ) => {
    const newest = listing()
    if (newest?.epoch !== planned.epoch || !isSamePlace(stream, newest.stream)) return undefined
    return await takeRange(segment, newest.playlist, takeSignal)
  }

  const download = async (
    planned: PlannedSegment,
    copy: SegmentCopy,
    downloadSignal: AbortSignal,
    onSlow: OnTrouble,
  ): Promise<FetchedMedia> => {
    const { segment, stream } = copy
    const init =
      segment.initSection === undefined ? undefined : await inits.get(planned, segment.initSection)
    const base = options.requestBase(downloadSignal)
    const { epoch } = planned
    const media: WrittenMedia & { readonly key?: FetchedKey } =
      (isSamePlace(stream, planned.stream) ? await joinParts(planned) : undefined) ??
      (await takeFromRange(planned, copy, downloadSignal)) ??
      (await toldDownload({ clock, onSlow }, (onFirstByte) =>
        downloadSegment({
          segment,
          epoch,
          base,
          http,
          keys,
          throughput,
          track,
          logger,
          onFirstByte,
        }),
      ))
    const { temp, extension, key } = media
    try {
      lengths.check(planned, { bytes: temp.bytes, mediaSec: media.mediaSec(init?.clocks) })
    } catch (error) {
      await discardTemp(temp, logger)
      throw error
    }
    obtainedAtMs = clock.monotonicMs()
    return { kind: 'media', planned, stream, temp, extension, init, key }
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
        const done = await judgedAttempt(judging, () => download(planned, copy, here, onTrouble))
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
      await download(planned, await copies.find(planned), lateSignal, () => {}),
  }
}
