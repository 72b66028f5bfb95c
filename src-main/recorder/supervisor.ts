import type { TrackTrouble } from '../../src-preload/contract/activity'
import { VsrError } from '../../src-preload/contract/errors'
import type { RecordingState, StateReason } from '../../src-preload/contract/model'
import type { HttpClient } from '../fetch/http'
import type { ResolveSource, Source } from '../fetch/source'
import type { PlaylistParser } from '../hls/parser'
import type { Clock } from '../ports/clock'
import { createLiveParts, type LivePartsReader, type LivePartsWriter } from '../ports/live-parts'
import type { Logger } from '../ports/logger'
import type { Library, RecordingStore } from '../store/model'
import type { StreamChoice } from './source/choose-streams'
import { createSession, type Session, type SessionEnd } from './session'
import { createSuspensionWatch } from './suspension'

/** What a recording that runs is doing. */
interface RecorderStatus {
  readonly state: RecordingState
  readonly reason?: StateReason
  /** Tracks beside the media that cannot be had at the moment; absent where all can. */
  readonly trackTroubles?: readonly TrackTrouble[]
  /** Seconds from the end of what can be watched (stored, and the parts at hand of the segment in progress) to now; only while recording live. */
  readonly latencySec?: number
  /** Seconds of live time not stored yet beyond what is normal, which may still come; absent where all is well. */
  readonly outstandingSec?: number
  readonly live: boolean
}

interface StartOptions extends Pick<StreamChoice, 'quality'> {
  readonly recording: RecordingStore
  /** `worst` unless told: a smaller picture rather than a hole. */
  readonly lowest?: StreamChoice['lowest']
  /** `default` unless told. */
  readonly audio?: StreamChoice['audio']
  /** `all` unless told: they are small. */
  readonly subtitles?: StreamChoice['subtitles']
  readonly resolve: ResolveSource
  /** When it was resolved just now, else `resolve` is called (and retried for ever). */
  readonly source?: Source
}

export interface Recorder {
  /** Begins, or goes on with, a recording; returns at once. One that runs already goes on as it is. */
  start(options: StartOptions): void
  /** Lets segments that are under way finish (bounded, 5 s), persists `stopped`. Idempotent. */
  stop(id: string): Promise<void>
  /** Undefined for a recording that does not run. */
  status(id: string): RecorderStatus | undefined
  /** Called after each change of state or reason, the last one included. Returns the function that ends it. */
  onChange(listener: (id: string, status: RecorderStatus) => void): () => void
  /** Ends all sessions as stop() does, but what the person wants stays `recording` on disk, so that the next start goes on. Idempotent. */
  close(): Promise<void>
}

/** One recording under supervision: sessions come and go, it stays. */
interface Supervised {
  readonly recording: RecordingStore
  ended: Promise<void>
  /** What to do with the recording once its session has ended. */
  intent: 'go-on' | 'stop' | 'leave'
  readonly wake: AbortController
  session: Session | undefined
  status: RecorderStatus
}

/** A session that ran for so long was sound: the next fault counts as the first. */
const STEADY_MS = 60_000

const restartDelayMs = (crashes: number) => Math.min(60_000, 1000 * 2 ** Math.min(crashes, 10))

/** What a person is told when a session broke by a fault of VSR's own. */
const crashed = new VsrError('internal', 'Recording broke off because of a fault in VSR.', {
  hint: 'VSR starts it again by itself. The log tells more.',
})

/** @param aheadSec what can be watched behind the end of what is stored. */
function latencyOf(options: {
  recording: RecordingStore
  live: boolean
  aheadSec: number
  nowMs: number
}): number | undefined {
  const { recording, live, aheadSec, nowMs } = options
  const { endMs } = recording.figures
  return live && endMs !== undefined ? Math.max(0, (nowMs - endMs) / 1000 - aheadSec) : undefined
}

/** Keeps sessions running: several recordings at once, each independent of the others. */
export function createRecorder(options: {
  library: Library
  http: HttpClient
  parser: PlaylistParser
  clock: Clock
  random: () => number
  logger: Logger
  /** Segments downloaded at once per track; asked anew each time. */
  parallelDownloads: () => number
  /** Where the parts of segments in progress are shown; absent = nobody looks. */
  liveParts?: LivePartsWriter & Pick<LivePartsReader, 'get'>
}): Recorder {
  const { library, clock, logger } = options
  const suspension = createSuspensionWatch(clock)
  const closing = new AbortController()
  let watching: Promise<void> | undefined
  const liveParts = options.liveParts ?? createLiveParts()
  const shared = { ...options, liveParts, clock: suspension.clock, suspension }
  const running = new Map<string, Supervised>()
  const listeners = new Set<(id: string, status: RecorderStatus) => void>()
  let isClosed = false

  const announce = (supervised: Supervised, status: RecorderStatus) => {
    supervised.status = status
    for (const listener of listeners) listener(supervised.recording.id, status)
  }

  /** Puts on disk how it ended, so that the next start knows. */
  const persistEnd = async (supervised: Supervised, end: SessionEnd, log: Logger) => {
    const { recording, intent } = supervised
    if (end.kind === 'stopped' && intent === 'leave') return
    if (end.kind === 'failed') {
      const { code, message, hint } = end.error
      const failure = { code, message, ...(hint === undefined ? {} : { hint }) }
      await recording.update({ state: 'failed', failure })
      log.error({ code }, 'recording failed')
    } else {
      const sourceEnded = end.kind === 'source-ended'
      await recording.update({ state: 'stopped', live: false, sourceEnded })
    }
    await recording.writeResumeInfo(undefined)
  }

  /** One session. @returns how it ended, or undefined when it broke. */
  const runSession = async (
    supervised: Supervised,
    start: StartOptions,
    source: Source | undefined,
    log: Logger,
  ): Promise<SessionEnd | { readonly kind: 'broken'; readonly error: unknown }> => {
    const { quality, lowest = 'worst', audio = 'default', subtitles = 'all' } = start
    const session = createSession({
      ...start,
      choice: { quality, lowest, audio, subtitles },
      source,
      shared,
      logger: log,
      isFinal: () => supervised.intent !== 'leave',
      onPhase: (phase) => {
        // The last word is said once it is on disk.
        const isLast = phase.state === 'stopped' || phase.state === 'failed'
        if (!isLast) announce(supervised, { ...phase, live: session.live })
      },
    })
    supervised.session = session
    try {
      return await session.run()
    } catch (error) {
      return { kind: 'broken', error }
    }
  }
  const pauseAfterCrash = async (
    supervised: Supervised,
    error: unknown,
    crashes: number,
    log: Logger,
  ) => {
    const nowMs = clock.nowMs()
    const delayMs = restartDelayMs(crashes)
    const cause = (error instanceof VsrError ? error : crashed).toApiError()
    log.error({ err: error, delayMs }, 'session broke, starting another')
    const reason = { sinceMs: nowMs, cause, nextTryMs: nowMs + delayMs }
    announce(supervised, { state: 'stalled', reason, live: supervised.status.live })
    try {
      await clock.sleep(delayMs, supervised.wake.signal)
    } catch (reasonOfAbort) {
      if (!supervised.wake.signal.aborted) throw reasonOfAbort
    }
  }

  /** Runs sessions until one ends in an orderly way, or the person wants an end. */
  const runSessions = async (
    supervised: Supervised,
    start: StartOptions,
    log: Logger,
  ): Promise<SessionEnd> => {
    let source = start.source
    for (let crashes = 0; ; crashes += 1) {
      const beganMs = clock.monotonicMs()
      const end = await runSession(supervised, start, source, log)
      if (end.kind !== 'broken') return end
      source = undefined
      if (clock.monotonicMs() - beganMs > STEADY_MS) crashes = 0
      if (supervised.intent === 'go-on') {
        await pauseAfterCrash(supervised, end.error, crashes, log)
      } else {
        log.error({ err: end.error }, 'session broke while it ended')
      }
      if (supervised.intent !== 'go-on') return { kind: 'stopped' }
    }
  }

  const supervise = async (supervised: Supervised, start: StartOptions) => {
    const { recording } = supervised
    const log = logger.child({ recording: recording.id })
    const end = await runSessions(supervised, start, log)
    try {
      await persistEnd(supervised, end, log)
    } catch (err) {
      // It will be found as `recording` and go on at the next start, which is the safer side.
      log.error({ err }, 'could not note how the recording ended')
    }
    running.delete(recording.id)
    const reason =
      end.kind === 'failed'
        ? { sinceMs: clock.nowMs(), cause: end.error.toApiError() }
        : { sinceMs: clock.nowMs() }
    const state = end.kind === 'failed' ? 'failed' : 'stopped'
    announce(supervised, { state, reason, live: false })
  }

  const end = async (supervised: Supervised, intent: 'stop' | 'leave') => {
    if (supervised.intent !== 'stop') supervised.intent = intent
    supervised.wake.abort()
    await supervised.session?.stop()
    await supervised.ended
  }

  return {
    start(start) {
      const { recording } = start
      if (isClosed || running.has(recording.id)) return
      const supervised: Supervised = {
        recording,
        ended: Promise.resolve(),
        intent: 'go-on',
        wake: new AbortController(),
        session: undefined,
        status: { state: 'idle', live: recording.meta.live },
      }
      running.set(recording.id, supervised)
      supervised.ended = supervise(supervised, start)
      watching ??= suspension.run(closing.signal)
    },
    async stop(id) {
      const supervised = running.get(id)
      if (supervised !== undefined) {
        await end(supervised, 'stop')
        return
      }
      const recording = library.get(id)
      if (recording?.meta.state !== 'recording') return
      await recording.update({ state: 'stopped', live: false })
      await recording.writeResumeInfo(undefined)
    },
    status(id) {
      const supervised = running.get(id)
      if (supervised === undefined) return undefined
      const { status, recording } = supervised
      const aheadSec = supervised.session?.aheadSec ?? 0
      const { live } = status
      const latencySec = latencyOf({ recording, live, aheadSec, nowMs: clock.nowMs() })
      const outstandingSec = supervised.session?.outstandingSec ?? 0
      const trackTroubles = supervised.session?.trackTroubles
      return {
        ...status,
        ...(trackTroubles === undefined ? {} : { trackTroubles }),
        ...(latencySec === undefined ? {} : { latencySec }),
        ...(outstandingSec === 0 ? {} : { outstandingSec }),
      }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      isClosed = true
      await Promise.all([...running.values()].map((supervised) => end(supervised, 'leave')))
      closing.abort()
      await watching
    },
  }
}
