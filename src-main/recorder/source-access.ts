import { VsrError } from '../../src-preload/contract/errors'
import type { HttpClient } from '../fetch/http'
import type { ResolveSource, Source } from '../fetch/source'
import { assertRecordable } from '../hls/drm'
import type { PlaylistParser } from '../hls/parser'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type { TrackInfo } from '../store/model'
import { type SourceStream, type StreamChoice, streamsOf } from './choose-streams'
import type { RequestBase } from './download-segment'

/** The source as it can be reached at the moment: its playlists, and how to ask for things. */
export interface SourceAccess {
  /** Resolves the source where needed, loads its playlist and picks the streams. Callers at the same time share one run. */
  open(): Promise<readonly SourceStream[]>
  /** The playlist URL of a track, opened again if the source has expired. @throws VsrError `not_a_playlist` where the track is gone. */
  streamOf(trackId: string): Promise<SourceStream>
  /** The source's URLs are refused (403, 410): they are resolved again before the next request. */
  expire(): void
  /** Resolves the source again beside what is going on; until that has succeeded, what is known stays in use. Never rejects. */
  refresh(): Promise<void>
  renewIfExpired(): Promise<void>
  requestBase(signal: AbortSignal): RequestBase
}

/** The page is not asked for a new URL more often than this. */
const SHORTEST_RENEWAL_MS = 5000

/**
 * @param options.source as resolved just now; without it the first `open` resolves.
 * @param options.knownTracks what the recording holds already.
 * @param options.signal ends everything that is under way.
 */
export function createSourceAccess(options: {
  source: Source | undefined
  resolve: ResolveSource
  choice: StreamChoice
  knownTracks: () => Promise<readonly TrackInfo[]>
  /** The recording has something already: what is protected now is told by its segments. */
  hasFootage: boolean
  http: HttpClient
  parser: PlaylistParser
  clock: Clock
  logger: Logger
  signal: AbortSignal
}): SourceAccess {
  const { resolve, choice, knownTracks, http, parser, clock, logger, signal } = options
  let source = options.source
  let resolvedAtMs = clock.monotonicMs()
  let expired = false
  let isAccepted = options.hasFootage
  let streams: readonly SourceStream[] = []
  let opening: Promise<readonly SourceStream[]> | undefined

  const requestBase = (requestSignal: AbortSignal): RequestBase => {
    if (source === undefined) throw new Error('the source was asked for before it was opened')
    const { headers, allowPrivateNetwork, playlistUrl } = source
    return {
      headers,
      allowPrivateNetwork,
      origin: new URL(playlistUrl).origin,
      signal: requestSignal,
    }
  }

  const openNow = async (isRefresh: boolean): Promise<readonly SourceStream[]> => {
    if (source === undefined || expired || isRefresh) {
      resolvedAtMs = clock.monotonicMs()
      source = await resolve(signal)
    }
    const { playlistUrl, headers, allowPrivateNetwork } = source
    const { text, url } = await http.text({
      url: playlistUrl,
      kind: 'playlist',
      headers,
      allowPrivateNetwork,
      signal,
    })
    const playlist = await parser.parse(text, url)
    if (!isAccepted) assertRecordable(playlist)
    isAccepted = true
    // F19: reloads start from the address that was asked for, not from where it led to this time.
    streams = streamsOf({ playlist, url: playlistUrl, choice, known: await knownTracks() })
    expired = false
    return streams
  }
  const open = (isRefresh = false) => {
    opening ??= openNow(isRefresh).finally(() => {
      opening = undefined
    })
    return opening
  }

  return {
    open: () => open(),
    async streamOf(trackId) {
      if (expired || streams.length === 0) await open()
      const stream = streams.find(({ info }) => info.id === trackId)
      if (stream !== undefined) return stream
      // The next look asks the source once more: it may list the track again.
      expired = true
      throw new VsrError('not_a_playlist', 'The source does not offer this track any more.', {
        hint: 'VSR keeps looking for it.',
      })
    },
    expire() {
      if (clock.monotonicMs() - resolvedAtMs >= SHORTEST_RENEWAL_MS) expired = true
    },
    async refresh() {
      try {
        await open(true)
      } catch (err) {
        if (!signal.aborted) logger.warn({ err }, 'the source could not be resolved again')
      }
    },
    async renewIfExpired() {
      if (expired) await open()
    },
    requestBase,
  }
}
