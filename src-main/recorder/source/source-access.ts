import { VsrError } from '../../../src-preload/contract/errors'
import type { HttpClient } from '../../fetch/http'
import { replaceableSilenceMs } from '../../fetch/load-policy'
import type { ResolveSource, Source } from '../../fetch/source'
import { assertRecordable } from '../../hls/drm'
import type { PlaylistParser } from '../../hls/parser'
import type { Playlist } from '../../hls/playlist'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { TrackInfo } from '../../store/model'
import { type SourceStream, type StreamChoice, streamsOf } from './choose-streams'
import { steerContent } from './content-steering'
import type { RequestBase } from '../segments/download-segment'
import type { Throughput } from './throughput'
import {
  createTrackCandidates,
  type PathwaySwitch,
  type StreamInUse,
  type TrackCandidates,
} from './track-candidates'

/** The source as it can be reached at the moment: its playlists, and how to ask for things. */
export interface SourceAccess
  extends Pick<
    TrackCandidates,
    'inUse' | 'failed' | 'succeeded' | 'leaving' | 'rung' | 'rungsBps' | 'rungNames' | 'setRung'
  > {
  /** Resolves the source where needed, loads its playlist and picks the streams. Callers at the same time share one run. */
  open(): Promise<readonly SourceStream[]>
  /** The playlist URL of a track where it is to be had now. The source is opened again first where that URL was refused or none is known. @throws VsrError `not_a_playlist` where the track is gone. */
  streamOf(trackId: string): Promise<StreamInUse>
  /** The source's URLs do no longer: the next `open` resolves them again. */
  expire(): void
  /** The playlist URL of this track is refused (403, 410): the next `streamOf` opens the source again, once. Other tracks go on with theirs. */
  expireTrack(trackId: string): void
  /** Something else was refused, which may be a sign that the URLs have expired: they are renewed beside what is going on. */
  suspect(): void
  /** Resolves the source again beside what is going on; until that has succeeded, what is known stays in use. Never rejects. */
  refresh(): Promise<void>
  /** Its addresses are refused: opens the source again, unless that was done a moment ago. @throws VsrError where that fails. */
  renew(): Promise<void>
  requestBase(signal: AbortSignal): RequestBase
  /** The shorter deadline for silence on what concerns this track, where another place is there to be asked. Milliseconds. */
  haste(trackId: string, targetDurationSec: number | undefined): number | undefined
  /** Lets the source's steering server say which pathways to use, where it names one. Resolves when that is over. Never rejects. */
  steer(signal: AbortSignal): Promise<void>
}

/** The page is not asked for a new URL more often than this. */
const SHORTEST_RENEWAL_MS = 5000
/** On account of a track that the source no longer lists, not more often than this. */
const MISSING_TRACK_RENEWAL_MS = 30_000

/**
 * @param options.source as resolved just now; without it the first `open` resolves.
 * @param options.knownTracks what the recording holds already.
 * @param options.onOffer what the source offers, when it is opened for the first time.
 * @param options.onSwitch a track goes on from another place.
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
  random: () => number
  throughput: Throughput
  logger: Logger
  onOffer: (playlist: Playlist) => void
  onSwitch: (change: PathwaySwitch) => void
  signal: AbortSignal
}): SourceAccess {
  const { resolve, choice, knownTracks, http, parser, clock, logger, signal } = options
  let source = options.source
  let resolvedAtMs = clock.monotonicMs()
  let expired = false
  /** Tracks whose playlist URL was refused since the source was last opened on their account. */
  const refused = new Set<string>()
  let isOpen = false
  /** Of the last renewal beside what was going on. */
  let refreshFailure = { error: undefined as unknown, atMs: Number.NEGATIVE_INFINITY }
  let isAccepted = options.hasFootage
  const candidates = createTrackCandidates({
    clock,
    onSwitch({ stream, ...change }) {
      logger.warn(change, 'goes on from another place')
      options.onSwitch({ stream, ...change })
    },
  })
  let steeringUri: string | undefined
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
      try {
        source = await resolve(signal)
      } finally {
        resolvedAtMs = clock.monotonicMs()
      }
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
    const known = [...(await knownTracks())]
    // Each place goes by the ids that the ones before it gave: they may list renditions in another order.
    const list = (part: Playlist) => {
      const streams = streamsOf({ playlist: part, url: playlistUrl, choice, known })
      const isNew = (info: TrackInfo) => known.every(({ id }) => id !== info.id)
      known.push(...streams.map(({ info }) => info).filter(isNew))
      return streams
    }
    const streams = candidates.offer({ playlist, list, lowest: choice.lowest })
    steeringUri = playlist.kind === 'media' ? undefined : playlist.contentSteering?.serverUri
    expired = false
    if (!isOpen) options.onOffer(playlist)
    isOpen = true
    refused.clear()
    return streams
  }
  const open = (isRefresh = false) => {
    opening ??= openNow(isRefresh).finally(() => {
      opening = undefined
    })
    return opening
  }

  const expireAfter = (ms: number) => {
    const isDue = clock.monotonicMs() - resolvedAtMs >= ms
    expired ||= isDue
    return isDue
  }
  const refresh = async () => {
    try {
      await open(true)
    } catch (err) {
      refreshFailure = { error: err, atMs: clock.monotonicMs() }
      if (!signal.aborted) logger.warn({ err }, 'the source could not be resolved again')
    }
  }

  /** Another place may still give the track while the source's own playlist cannot be had. */
  const openFor = async (trackId: string) => {
    try {
      if (clock.monotonicMs() - refreshFailure.atMs < SHORTEST_RENEWAL_MS)
        throw refreshFailure.error
      await open()
    } catch (error) {
      if (!(error instanceof VsrError) || !candidates.hasOther(trackId)) throw error
    }
  }

  return {
    open: () => open(),
    inUse: candidates.inUse,
    failed: candidates.failed,
    succeeded: candidates.succeeded,
    leaving: candidates.leaving,
    rung: candidates.rung,
    rungNames: candidates.rungNames,
    rungsBps: candidates.rungsBps,
    setRung: candidates.setRung,
    async streamOf(trackId) {
      const isKnown = candidates.inUse(trackId) !== undefined
      // One renewal for each refusal: where that fails, the known URL has its turn again.
      if (refused.delete(trackId) || !isKnown) await openFor(trackId)
      const stream = candidates.inUse(trackId)
      if (stream !== undefined) return stream
      // The next look asks the source once more: it may list the track again.
      expireAfter(MISSING_TRACK_RENEWAL_MS)
      throw new VsrError('not_a_playlist', 'The source does not offer this track any more.', {
        hint: 'VSR keeps looking for it.',
      })
    },
    expire: () => void expireAfter(SHORTEST_RENEWAL_MS),
    expireTrack(trackId) {
      if (expireAfter(SHORTEST_RENEWAL_MS)) refused.add(trackId)
    },
    suspect() {
      if (expireAfter(SHORTEST_RENEWAL_MS) && isOpen) void refresh()
    },
    refresh,
    async renew() {
      if (expireAfter(SHORTEST_RENEWAL_MS)) await open()
    },
    requestBase,
    haste(trackId, targetDurationSec) {
      if (targetDurationSec === undefined || !candidates.isReplaceable(trackId)) return undefined
      return replaceableSilenceMs(targetDurationSec)
    },
    steer: (steerSignal) =>
      steerContent({
        ...options,
        serverUri: () => steeringUri,
        report: () => ({
          pathwayId: candidates.mainPathwayId(),
          throughputBps: options.throughput.bitsPerSec(),
        }),
        requestBase,
        onManifest: ({ priority, clones }) => candidates.steer(priority, clones),
        signal: steerSignal,
      }),
  }
}
