import { VsrError } from '../../../src-preload/contract/errors'
import type { HttpClient } from '../../fetch/http'
import type { MediaPlaylist, MediaSegment } from '../../hls/playlist'
import type { Logger } from '../../ports/logger'
import type { TrackStore } from '../../store/model'
import { cutBody } from './cut-body'
import { discardTemp } from './discard-temp'
import { requestFor, type RequestBase } from './download-segment'
import { partKey } from '../parts/fetch-part'
import { openMediaSink, type WrittenMedia } from './media-sink'
import { rangeRun } from './range-run'
import { measuredStream, type Throughput } from '../source/throughput'
import { whenAborted } from '../when-aborted'

/** Fetches neighbouring byte ranges of one resource with one request. */
export interface RangeLoader {
  /**
   * A segment out of a request for several, once, the framing checked; the caller commits or discards its file.
   * Undefined where it has to be fetched on its own: it has no neighbours, or the request for them failed.
   * @param signal ends the wait; the request goes on for the others. Rejects with its reason.
   */
  take(
    segment: MediaSegment,
    playlist: MediaPlaylist,
    signal: AbortSignal,
  ): Promise<WrittenMedia | undefined>
  /** Ends what is under way and discards what nobody took. */
  close(): Promise<void>
}

/** @param options.signal ends requests that are under way. */
export function createRangeLoader(options: {
  readonly track: TrackStore
  readonly http: HttpClient
  readonly throughput: Throughput
  readonly logger: Logger
  readonly requestBase: (signal: AbortSignal) => RequestBase
  readonly signal: AbortSignal
}): RangeLoader {
  const { track, http, throughput, logger, requestBase } = options
  const closing = new AbortController()
  const signal = AbortSignal.any([options.signal, closing.signal])
  const results = new Map<string, Promise<WrittenMedia | undefined>>()
  /** Where the last request for several ended: what lies before has had its turn. */
  let asked = { uri: '', end: 0 }

  const load = async (
    run: readonly MediaSegment[],
    settle: (segment: MediaSegment, media: WrittenMedia) => void,
  ): Promise<void> => {
    const { uri, byteRange } = run[0] ?? {}
    if (uri === undefined || byteRange === undefined) return
    const length = run.reduce((sum, segment) => sum + (segment.byteRange?.length ?? 0), 0)
    asked = { uri, end: byteRange.offset + length }
    const request = {
      ...requestFor(uri, requestBase(signal)),
      kind: 'segment' as const,
      byteRange: { offset: byteRange.offset, length },
    }
    const sink = cutBody({
      lengths: run.map(({ byteRange: own }) => own?.length ?? 0),
      open: () => openMediaSink({ track, logger }),
      onPiece(media, at) {
        const segment = run[at]
        if (segment !== undefined) settle(segment, media)
      },
    })
    try {
      await measuredStream({ http, request, sink, throughput })
    } catch (error) {
      await sink.discard()
      throw error
    }
  }
  const begin = (run: readonly MediaSegment[]): void => {
    const waiting = new Map<string, (media: WrittenMedia | undefined) => void>()
    for (const segment of run) {
      const key = partKey(segment)
      results.set(key, new Promise((resolve) => void waiting.set(key, resolve)))
    }
    const loading = load(run, (segment, media) => waiting.get(partKey(segment))?.(media))
    void loading
      .catch((error: unknown) => {
        if (signal.aborted) return
        const log = error instanceof VsrError ? logger.info : logger.error
        log({ err: error, segments: run.length }, 'a request for several segments failed')
      })
      // Those that have come stay; the others are fetched one by one.
      .then(() => waiting.forEach((resolve) => resolve(undefined)))
  }

  return {
    async take(segment, playlist, waitSignal) {
      const key = partKey(segment)
      if (!results.has(key)) {
        const isAsked = segment.uri === asked.uri && (segment.byteRange?.offset ?? 0) < asked.end
        const run = isAsked || signal.aborted ? [] : rangeRun(playlist, segment)
        if (run.length < 2) return undefined
        begin(run)
      }
      const result = results.get(key)
      await Promise.race([result, whenAborted(waitSignal)])
      // What comes too late is nobody's, and `close` discards it.
      waitSignal.throwIfAborted()
      results.delete(key)
      return await result
    },
    async close() {
      closing.abort()
      const left = await Promise.all(results.values())
      results.clear()
      for (const media of left) if (media !== undefined) await discardTemp(media.temp, logger)
    },
  }
}
