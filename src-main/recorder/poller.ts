import { backoffMs } from '../fetch/backoff'
import type { HttpClient } from '../fetch/http'
import { fullTrust, judgeLoad } from '../hls/follow/blocking-trust'
import { nextReload, plainLoad } from '../hls/follow/next-reload'
import type { PlaylistParser } from '../hls/parser'
import type { Clock } from '../ports/clock'
import type { PictureBeside } from './absence'
import { createBreakWait } from './break-starts'
import type { EpochStarts } from './epoch-starts'
import { createPlaylistLoader } from './playlist-loader'
import type { SourceAccess } from './source/source-access'
import type { SuspensionWatch } from './suspension'
import { createTrackFollower, type PollBatch, type TrackPosition } from './track-follower'
import type { OnTrouble } from './trouble'

/** Timers are late by a little. Intervals count from when a request was due, or the lateness of each would add up to a drift (F02). */
const TIMER_SLACK_MS = 100

/** What the person wants at the ends of a source. */
export interface WaitingWishes {
  /** Asked anew at each ENDLIST: wait for another start. */
  keepWaiting(): boolean
  /** The source was waited for: what its first listing holds is recorded from the oldest segment on. */
  startAtOldest(): boolean
}

/**
 * Loads a track's media playlist again and again and yields what each load brought. Ends only after
 * ENDLIST, unless a new start is waited for (F23); everything else is tried for ever. While the consumer is busy, no
 * reload happens.
 *
 * @param options.onTrouble a failed load; `nextTryMs` is the wall clock of the next one.
 * @param options.onSlow a request that is not answered; `nextTryMs` is when it is given up.
 * @param options.onReload the next load is due at this wall clock, or answered by then where the server holds its answer back.
 * @param options.onEnded the source has ended; it is looked at again at `nextTryMs` (wall clock).
 * @throws VsrError where the recording cannot go on (DRM and the like); the signal's reason when aborted.
 */
export async function* pollPlaylist(options: {
  trackId: string
  position: TrackPosition
  access: SourceAccess
  http: HttpClient
  parser: PlaylistParser
  clock: Clock
  random: () => number
  epochStarts: EpochStarts
  /** See `createTrackFollower`. */
  beside?: PictureBeside
  suspension: Pick<SuspensionWatch, 'wakes' | 'asleepMs'>
  /** See `isFatal`. */
  hasFootage: () => boolean
  signal: AbortSignal
  wishes: WaitingWishes
  /** Why segments failed while the last batch waited for room; undefined where it did not wait. */
  heldUpBy: () => unknown
  onTrouble: OnTrouble
  onSlow: OnTrouble
  onReload: (atMs: number) => void
  onEnded: (nextTryMs: number) => void
}): AsyncGenerator<PollBatch, void, void> {
  const { access, clock, random, signal, wishes, onTrouble, onEnded } = options
  const follower = createTrackFollower(options)
  const breakWait = createBreakWait({ ...options, starts: options.epochStarts.breaks })
  const loader = createPlaylistLoader({
    ...options,
    onTrouble: (error, nextTryMs) => {
      follower.noteFailure(error)
      onTrouble(error, nextTryMs)
    },
  })
  let dueMs = clock.monotonicMs()
  let reload = plainLoad
  let trust = fullTrust
  /** How often the source was looked at since it ended; 0 while it has not. */
  let looksAfterEnd = 0

  for (;;) {
    const afterEnd = looksAfterEnd > 0
    const loaded = await loader.load(reload, afterEnd ? 'offline-source' : 'playlist')
    const { playlist, requestedAtMs, asked, planFailed } = loaded
    await breakWait(playlist)
    const fromOldest = wishes.startAtOldest()
    const { batch, changed } = follower.take({
      playlist,
      stream: loaded.stream,
      requestedAtMs,
      afterEnd,
      fromOldest,
    })
    const { isStale } = batch
    yield batch
    // What was made meanwhile, and is listed no longer, is missing for the same reason.
    const hindrance = options.heldUpBy()
    if (hindrance !== undefined) follower.noteFailure(hindrance)
    if (playlist.endList) {
      if (!wishes.keepWaiting()) return
      looksAfterEnd += 1
      const attempt = looksAfterEnd
      const delayMs = backoffMs({ kind: 'offline-source', attempt, random: random() })
      onEnded(clock.nowMs() + delayMs)
      await clock.sleep(delayMs, signal)
      access.expireTrack(options.trackId)
      reload = plainLoad
      continue
    }
    looksAfterEnd = 0

    if (planFailed) trust = judgeLoad({ trust, asked: reload.directives, playlist: undefined })
    trust = judgeLoad({ trust, asked, playlist: isStale ? undefined : playlist })
    const isOnTime = requestedAtMs - dueMs < TIMER_SLACK_MS
    const countedFromMs = isOnTime ? Math.min(dueMs, requestedAtMs) : requestedAtMs
    const elapsedMs = clock.monotonicMs() - countedFromMs
    reload = nextReload({ playlist, changed, isStale, elapsedMs, trust })
    dueMs = clock.monotonicMs() + reload.delayMs
    options.onReload(Math.round(clock.nowMs() + reload.delayMs + reload.holdMs))
    await clock.sleep(reload.delayMs, signal)
  }
}
