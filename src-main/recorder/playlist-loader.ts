import { VsrError } from '../../src-preload/contract/errors'
import { backoffMs } from '../fetch/backoff'
import type { HttpClient } from '../fetch/http'
import { loadPolicy } from '../fetch/load-policy'
import { type RetryOptions, withRetries } from '../fetch/with-retries'
import { createDeltaMerger } from '../hls/follow/delta-merger'
import { type DeliveryDirectives, withDirectives } from '../hls/follow/delivery-directives'
import { assertRecordable } from '../hls/drm'
import { plainLoad, type ReloadPlan } from '../hls/follow/next-reload'
import type { PlaylistParser } from '../hls/parser'
import type { MediaPlaylist } from '../hls/playlist'
import type { Clock } from '../ports/clock'
import { withFailover } from './source/failover'
import { tellIfSlow } from './tell-if-slow'
import { isFatal } from './gap-cause'
import { requestPlaylist } from './request-playlist'
import type { SourceAccess } from './source/source-access'
import type { StreamInUse } from './source/track-candidates'
import { type OnTrouble, tellTrouble } from './trouble'

/** A media playlist as it came. */
interface LoadedPlaylist {
  readonly playlist: MediaPlaylist
  /** Where it came from. */
  readonly stream: StreamInUse
  /** Monotonic clock when the request for it began. */
  readonly requestedAtMs: number
  /** What it was asked for with: other than planned where the first attempt failed, or the address is another one. */
  readonly asked: DeliveryDirectives
  /** The attempt that was made as planned failed. */
  readonly planFailed: boolean
}

/** Loads the media playlist of one track. */
export interface PlaylistLoader {
  /** Tries until it has one. @throws VsrError where the recording cannot go on; the signal's reason when aborted. */
  load(plan: ReloadPlan, kind: 'playlist' | 'offline-source'): Promise<LoadedPlaylist>
}

/**
 * @param options.onTrouble a failed load; `nextTryMs` is the wall clock of the next one.
 * @param options.onSlow a request that is not answered; `nextTryMs` is when it is given up.
 */
export function createPlaylistLoader(options: {
  trackId: string
  access: SourceAccess
  http: HttpClient
  parser: PlaylistParser
  clock: Clock
  random: () => number
  /** See `isFatal`. */
  hasFootage: () => boolean
  signal: AbortSignal
  onTrouble: OnTrouble
  onSlow: OnTrouble
}): PlaylistLoader {
  const { trackId, access, http, parser, clock, random, signal, onTrouble, onSlow } = options
  const tell = tellTrouble({ clock, onTrouble })
  let lastUrl: string | undefined
  let targetDurationSec: number | undefined
  let listed: MediaPlaylist['segments'] = []
  const deltas = createDeltaMerger()
  /** A source that may be recorded once is not given up when it turns on protection: its segments tell. */
  let isAccepted = options.hasFootage()

  const ask = async (stream: StreamInUse, { directives, holdMs }: ReloadPlan) => {
    // F19: the directives go to the address that is asked for, not to where it led the last time.
    const url = withDirectives(stream.playlistUrl, directives)
    const request = requestPlaylist({
      stream,
      url,
      holdMs,
      targetDurationSec,
      access,
      http,
      parser,
      signal,
    })
    const playlist = await tellIfSlow({ kind: 'playlist', clock, holdMs, onSlow }, request)
    if (!isAccepted) assertRecordable(playlist)
    targetDurationSec = playlist.targetDurationSec
    return playlist
  }

  /** The whole listing: a delta update that does not fit is followed by one full reload (rfc8216bis 6.3.7). */
  const askWhole = async (stream: StreamInUse, plan: ReloadPlan) => {
    const { skip = false, ...others } = plan.directives
    const asked = skip && deltas.isWorthAsking() ? plan.directives : others
    const merged = deltas.merge(await ask(stream, { ...plan, directives: asked }))
    if (merged !== undefined) return { playlist: merged, asked }
    const whole = deltas.merge(await ask(stream, plainLoad))
    if (whole !== undefined) return { playlist: whole, asked: {} }
    throw new VsrError('playlist_unreadable', 'The source leaves out segments without being asked.')
  }

  return {
    async load(firstPlan, kind) {
      let plan = firstPlan
      let planFailed = false
      let refusals = 0
      /** F10: while what is missed may still be listed, a look that comes too late loses it. */
      const mostDelayMs = (elapsedMs: number) => {
        const windowSec = listed.reduce((sum, { durationSec }) => sum + durationSec, 0)
        const isWorthHaste = kind === 'playlist' && elapsedMs < windowSec * 1000
        return isWorthHaste ? (targetDurationSec ?? 0) * 1000 : undefined
      }
      /** The address and the page take turns. */
      const refusedPauseMs = () => backoffMs({ kind, attempt: refusals, random: random() })
      const attempt = async (stream: StreamInUse): Promise<LoadedPlaylist> => {
        if (stream.playlistUrl !== lastUrl) {
          plan = plainLoad
          deltas.forget()
        }
        lastUrl = stream.playlistUrl
        const requestedAtMs = clock.monotonicMs()
        const loaded = await askWhole(stream, plan)
        isAccepted = true
        const { playlist, asked } = loaded
        listed = playlist.segments
        return { playlist, asked, stream, requestedAtMs, planFailed }
      }
      for (;;) {
        let pauseMs = refusals === 0 ? loadPolicy[kind].hopelessPauseMs : refusedPauseMs()
        const onFailure: RetryOptions['onFailure'] = (failure) => {
          planFailed = true
          plan = plainLoad
          tell(failure)
          // A new start may be at a new address.
          if (kind === 'offline-source') access.expireTrack(trackId)
          if (failure.action.action !== 'resolve-again') return
          access.expireTrack(trackId)
          refusals += 1
          pauseMs = Math.max(failure.action.delayMs, refusedPauseMs())
        }
        try {
          const policy = { kind, clock, random, signal, mostDelayMs, onFailure }
          return await withRetries(policy, () => withFailover({ access, trackId }, attempt))
        } catch (error) {
          const hasFootage = isAccepted || options.hasFootage()
          if (signal.aborted || isFatal(error, { hasFootage }) || !(error instanceof VsrError)) {
            throw error
          }
          // F10: a name that leads elsewhere for a while costs no page, and the window is short.
          if (error.code === 'address_refused') pauseMs = loadPolicy[kind].backoffCapMs
          else access.expire()
          onTrouble(error, clock.nowMs() + pauseMs)
          await clock.sleep(pauseMs, signal)
        }
      }
    },
  }
}
