import { VsrError } from '../../../src-preload/contract/errors'
import type { HttpClient } from '../../fetch/http'
import type { KeyCache } from '../../fetch/key-cache'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { MediaExtension, TempFile, TrackStore } from '../../store/model'
import { createLengthCheck } from '../framing/length-check'
import { isStorageError } from '../gap-cause'
import type { PlannedSegment } from '../plan'
import { type CurrentListing, isSamePlace, type SegmentCopy } from '../source/segment-copies'
import type { Throughput } from '../source/throughput'
import type { StreamInUse } from '../source/track-candidates'
import type { OnTrouble } from '../trouble'
import { discardTemp } from './discard-temp'
import {
  downloadSegment,
  type FetchedInit,
  type FetchedKey,
  joinSegment,
  type RequestBase,
} from './download-segment'
import type { InitCache } from './init-cache'
import type { WrittenMedia } from './media-sink'
import type { RangeLoader } from './range-loader'
import { toldDownload } from './told-download'

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

/**
 * One attempt to obtain a segment where it is to be had: from its parts, out of a request for several, or on its own.
 *
 * Rejects as `downloadSegment` does, and with VsrError `truncated` for one that is much too short.
 */
export type ObtainMedia = (
  planned: PlannedSegment,
  copy: SegmentCopy,
  signal: AbortSignal,
  /** Told while nothing of it comes. */
  onSlow: OnTrouble,
) => Promise<FetchedMedia>

export function createMediaObtainer(options: {
  track: TrackStore
  http: HttpClient
  keys: KeyCache
  throughput: Throughput
  clock: Clock
  logger: Logger
  inits: InitCache
  listing: () => CurrentListing | undefined
  requestBase: (signal: AbortSignal) => RequestBase
  takeParts: (planned: PlannedSegment) => Promise<readonly Uint8Array[] | undefined>
  takeRange: RangeLoader['take']
}): ObtainMedia {
  const { track, http, keys, throughput, clock, logger } = options
  const { inits, listing, takeParts, takeRange } = options
  const lengths = createLengthCheck()

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

  return async (
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
    return { kind: 'media', planned, stream, temp, extension, init, key }
  }
}
