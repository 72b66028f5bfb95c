import { type ApiError, VsrError } from '../../src-preload/contract/errors'
import { isExpiry } from '../fetch/failure-action'
import type { MediaPlaylist } from '../hls/playlist'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { isRefusal, isStorageError } from './gap-cause'
import { notLiveAnyMore } from './source/not-live'
import { createEdgeTracker } from './outstanding'
import { reduceSession, type SessionEvent, type SessionPhase } from './recording-state'
import type { OnTrouble } from './trouble'
import { createWatchdog } from './watchdog'

/** What the main track does, for the report. */
interface TrackReport {
  listed(listing: { readonly playlist: MediaPlaylist; readonly edgeMs: number | undefined }): void
  readonly playlistTrouble: OnTrouble
  readonly segmentTrouble: OnTrouble
  /** The playlist is asked for again at this wall clock, or answered by then where the server holds its answer back. */
  reloadDue(atMs: number): void
  stored(): void
  /** The source has ended and is looked at again at this wall clock. */
  ended(nextTryMs: number): void
  /** It is recorded no longer. */
  forget(): void
}

/** What a person is told of a session: state, cause, next try, what is outstanding. Follows what happens and drives none of it. */
export interface SessionReport {
  readonly phase: SessionPhase
  started(): void
  opened(): void
  stopRequested(): void
  /** @param failure why it failed; absent = it came to an orderly end. */
  over(failure?: ApiError): void
  readonly sourceTrouble: OnTrouble
  readonly keyTrouble: OnTrouble
  /** The main track, which is recorded from now on. */
  track(trackId: string): TrackReport
  /** Notices silence until the signal ends it. Never rejects. */
  watch(signal: AbortSignal): Promise<void>
  /** Seconds of live time not stored yet beyond what is normal. */
  outstandingSec(): number
}

/** A reload that was due so long ago is still under way; what takes longer is told by itself, or waits for room. */
const UNDER_WAY_MS = 5000

interface Trouble {
  readonly cause: ApiError
  readonly nextTryMs?: number
}

const silence = (silentMs: number): ApiError => ({
  code: 'source_timeout',
  message: `The source has sent nothing new for ${Math.round(silentMs / 1000)} seconds.`,
  hint: 'VSR keeps asking and goes on by itself as soon as the source does.',
})

/** So much is on its way without being behind: rounding, and a segment that has just been listed does not count. */
const ON_ITS_WAY_SEC = 0.5

const slowness = (behindSec: number): ApiError => ({
  code: 'source_timeout',
  message: `The source sends too slowly: ${Math.round(behindSec)} s of what it lists have not come yet.`,
  hint: 'VSR goes on fetching; what has not come is not lost as long as the source lists it.',
})

/** From this part of the time on in which nothing was stored, the disk was what was waited for. */
const DISK_SHARE = 0.5

const diskSlowness = (behindSec: number): ApiError => ({
  code: 'library_slow',
  message: `The disk that holds the library is too slow: ${Math.round(behindSec)} s of what the source lists are not written yet.`,
  hint: 'VSR goes on, and loses nothing that the source still lists by then. Record fewer streams at once, or choose a library folder on a faster disk.',
})

/**
 * @param options.storedMs the end of a track's rows.
 * @param options.diskBusyMs for how long the disk has been busy writing so far.
 * @param options.onPhase state or reason changed.
 * @param options.onRefused the source's URLs were refused: a sign that they have expired (F18).
 * @param options.isStopping nothing that fails matters any more.
 */
export function createSessionReport(options: {
  clock: Clock
  logger: Logger
  onPhase: (phase: SessionPhase) => void
  onRefused: () => void
  isStopping: () => boolean
  storedMs: (trackId: string) => number | undefined
  diskBusyMs: () => number
}): SessionReport {
  const { clock, logger, onPhase, onRefused, isStopping, storedMs, diskBusyMs } = options
  /** What fails at the moment, by whose it is; a playlist's trouble ends with the next listing, that of segments with the next one stored. */
  const troubles = new Map<string, Trouble>()
  const firstTrouble = () => troubles.values().next().value
  /** Tracks whose source has ended and is waited for. */
  const ended = new Set<string>()
  /** When each track's playlist is asked for next, wall clock: the next try of whatever has none of its own. */
  const reloads = new Map<string, number>()
  const edges = createEdgeTracker({ clock })
  let phase: SessionPhase = { state: 'idle' }

  const nextReloadMs = () => {
    const due = [...reloads.values()].filter((atMs) => atMs > clock.nowMs() - UNDER_WAY_MS)
    return due.length === 0 ? undefined : Math.min(...due)
  }
  /** A person is told when something happens next, as long as anything does. */
  const withNextTry = (event: SessionEvent): SessionEvent => {
    const isOpen = event.type === 'trouble' || event.type === 'stalled' || event.type === 'quiet'
    const nextTryMs = nextReloadMs()
    if (!isOpen || event.nextTryMs !== undefined || nextTryMs === undefined) return event
    return { ...event, nextTryMs }
  }
  const dispatch = (event: SessionEvent) => {
    const next = reduceSession(phase, withNextTry(event))
    if (next === phase) return
    if (next.state !== phase.state) {
      logger.info({ from: phase.state, to: next.state, code: next.reason?.cause?.code }, 'state')
    }
    phase = next
    onPhase(next)
  }
  const happened = (type: 'started' | 'opened' | 'stop-requested' | 'progressed' | 'ended') =>
    dispatch({ type, atMs: clock.nowMs() })
  const noteTrouble = (about: string, error: unknown, nextTryMs?: number) => {
    if (!(error instanceof VsrError) || isStopping()) return
    logger.warn({ err: error, code: error.code, nextTryMs }, 'trying again')
    const cause = error.toApiError()
    const trouble = nextTryMs === undefined ? { cause } : { cause, nextTryMs }
    troubles.set(about, trouble)
    if (isExpiry(error)) onRefused()
    const isCertain = isStorageError(error) || isRefusal(error)
    const type = isCertain && phase.state === 'recording' ? 'stalled' : 'trouble'
    dispatch({ type, atMs: clock.nowMs(), ...trouble })
  }
  /** Every track goes on; what still fails in one of them stays to be seen. */
  const noteProgress = () => {
    const rest = firstTrouble()
    if (rest === undefined || phase.state === 'stalled') happened('progressed')
    if (rest !== undefined) dispatch({ type: 'trouble', atMs: clock.nowMs(), ...rest })
  }
  /** When something was stored the last time, monotonic, and for how long the disk had been busy by then. */
  let lastStored = { atMs: clock.monotonicMs(), busyMs: diskBusyMs() }
  const isDiskSlow = () => {
    const busyMs = diskBusyMs() - lastStored.busyMs
    return busyMs > DISK_SHARE * (clock.monotonicMs() - lastStored.atMs)
  }
  const slownessOf = (behindSec: number) =>
    isDiskSlow() ? diskSlowness(behindSec) : slowness(behindSec)
  const watchdog = createWatchdog({
    clock,
    onSilence: (kind, silentMs) => {
      if (isStopping()) return
      const atMs = clock.nowMs()
      const behindSec = edges.behindSec(storedMs)
      // What is listed and does not come is on its way, since nothing failed.
      const isSlow = behindSec > ON_ITS_WAY_SEC
      if (kind === 'quiet' && !isSlow && firstTrouble() === undefined) {
        dispatch({ type: 'quiet', atMs, quietSinceMs: Math.round(atMs - silentMs) })
        return
      }
      const cause = isSlow ? slownessOf(behindSec) : silence(silentMs)
      const type = kind === 'stalled' ? 'stalled' : 'trouble'
      dispatch({ type, atMs, ...(firstTrouble() ?? { cause }) })
    },
  })

  const track = (trackId: string): TrackReport => {
    const playlistId = `${trackId} playlist`
    const segmentsId = `${trackId} segments`
    const forget = () => {
      reloads.delete(trackId)
      watchdog.forget(trackId)
      edges.forget(trackId)
    }
    watchdog.touch(trackId)
    return {
      listed({ playlist, edgeMs }) {
        const { targetDurationSec, endList } = playlist
        troubles.delete(playlistId)
        if (edgeMs !== undefined) edges.listed(trackId, { edgeMs, targetDurationSec })
        watchdog.setTargetDurationSec(targetDurationSec)
        if (endList || !ended.delete(trackId)) return
        watchdog.touch(trackId)
        happened('opened')
      },
      playlistTrouble(error, nextTryMs) {
        const isAwaited = ended.has(trackId) && error instanceof VsrError
        noteTrouble(playlistId, isAwaited ? notLiveAnyMore(error) : error, nextTryMs)
      },
      segmentTrouble(error, nextTryMs) {
        if (isRefusal(error)) watchdog.stall(trackId)
        noteTrouble(segmentsId, error, nextTryMs)
      },
      reloadDue(atMs) {
        reloads.set(trackId, atMs)
      },
      stored() {
        lastStored = { atMs: clock.monotonicMs(), busyMs: diskBusyMs() }
        troubles.delete(segmentsId)
        troubles.delete('keys')
        if (!ended.has(trackId) && watchdog.touch(trackId)) noteProgress()
      },
      ended(nextTryMs) {
        ended.add(trackId)
        forget()
        const cause = notLiveAnyMore().toApiError()
        dispatch({ type: 'waiting', atMs: clock.nowMs(), cause, nextTryMs })
      },
      forget,
    }
  }

  return {
    get phase() {
      return phase
    },
    started: () => happened('started'),
    opened() {
      troubles.delete('source')
      happened('opened')
    },
    stopRequested: () => happened('stop-requested'),
    over(failure) {
      if (failure === undefined) happened('ended')
      else dispatch({ type: 'failed', atMs: clock.nowMs(), cause: failure })
    },
    sourceTrouble: (error, nextTryMs) => noteTrouble('source', error, nextTryMs),
    keyTrouble: (error, nextTryMs) => noteTrouble('keys', error, nextTryMs),
    track,
    watch: (signal) => watchdog.run(signal),
    outstandingSec: () =>
      edges.outstandingSec({ storedMs, isTroubled: phase.reason?.cause !== undefined }),
  }
}
