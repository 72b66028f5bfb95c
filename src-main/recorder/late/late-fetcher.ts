import { VsrError } from '../../../src-preload/contract/errors'
import { decideOnFailure } from '../../fetch/failure-action'
import type { Clock } from '../../ports/clock'
import { withEitherSignal } from '../../ports/either-signal'
import type { Logger } from '../../ports/logger'
import type { TrackStore } from '../../store/model'
import { isStorageError } from '../gap-cause'
import type { PlannedSegment } from '../plan'
import type { FetchedMedia } from '../segments/obtain-media'
import type { CurrentListing } from '../source/segment-copies'
import { whenAborted } from '../when-aborted'
import { gapsSince, lateCandidates } from './late-candidates'
import { type LateTries, nextLate } from './next-late'

/** How often is looked whether the live edge leaves room. */
const LOOK_MS = 500
/** At the end of a source, so many failures in a row say that the others are not worth asking for either. */
const LAST_FAILURES = 10
/** A few more tries for what was asked for in its turn when the promise was over already: many sources keep more. */
const LEAST_MS = 15_000
/** A full disk is left alone for so long. */
const STORAGE_PAUSE_MS = 5000
/** Why a wait ends early. */
const CHANGED = new Error('something has changed')

/** A segment that the log has a gap for. */
interface Late extends LateTries {
  readonly planned: PlannedSegment
  /** It is there until then, as far as the source has promised. Monotonic clock. */
  readonly untilMs: number
}

/**
 * Goes on fetching what was noted as a gap, for as long as the source lists it or has promised it: one at a time, each in
 * turn, the oldest first, behind the live edge.
 */
export interface LateFetcher {
  /** A listing came. */
  look(): void
  /** A segment is noted as a gap. */
  missed(planned: PlannedSegment): void
  /** A download on its way whose turn in order is over; false where another is under way, and this one had better end. */
  adopt(planned: PlannedSegment, download: Promise<FetchedMedia>): boolean
  /** Fetches until the signal says that it is enough; rejects for bugs only. */
  run(until: AbortSignal): Promise<void>
  /** One more try for each that is still missing; then nothing more is fetched. */
  finish(): Promise<void>
}

/**
 * @param options.leftMs how long a segment stays available at least (RFC 8216 6.2.2).
 * @param options.isBusy the live edge needs all that there is.
 * @param options.fetch one attempt.
 * @param options.store commits it into the place of its gap; false where there is none yet. The file is its own from then on.
 * @param options.discard what nobody can store any more.
 */
export function createLateFetcher(options: {
  track: Pick<TrackStore, 'index'>
  listing: () => CurrentListing | undefined
  leftMs: (planned: PlannedSegment) => number
  isBusy: () => boolean
  fetch: (planned: PlannedSegment, signal: AbortSignal) => Promise<FetchedMedia>
  store: (media: FetchedMedia) => Promise<boolean>
  discard: (media: FetchedMedia) => Promise<void>
  clock: Clock
  random: () => number
  logger: Logger
  signal: AbortSignal
}): LateFetcher {
  const { track, listing, leftMs, isBusy, fetch, store, discard, clock, random } = options
  const { logger, signal } = options
  const waiting = new Map<number, Late>()
  /** Those that no further try can help. */
  const hopeless = new Set<number>()
  let epoch: number | undefined
  let failures = 0
  let notBeforeMs = 0
  let bug: { readonly error: unknown } | undefined
  /** One download at a time; never rejects. */
  let underWay: Promise<void> | undefined
  let changed = new AbortController()

  const lateOf = (planned: PlannedSegment): Late => {
    const { mediaSequence } = planned.segment
    const attempts = waiting.get(mediaSequence)?.attempts ?? 0
    const untilMs = clock.monotonicMs() + Math.max(LEAST_MS, leftMs(planned))
    return { mediaSequence, attempts, planned, untilMs }
  }
  const note = (planned: PlannedSegment): void => {
    const { mediaSequence } = planned.segment
    if (!hopeless.has(mediaSequence)) waiting.set(mediaSequence, lateOf(planned))
  }
  /** What is missing now, and can still be had. */
  const refresh = (): void => {
    const newest = listing()
    if (newest === undefined) return
    if (newest.epoch !== epoch) {
      epoch = newest.epoch
      waiting.clear()
      hopeless.clear()
    }
    const nowMs = clock.monotonicMs()
    const first = newest.playlist.segments[0]?.mediaSequence ?? 0
    for (const number of hopeless) if (number < first) hopeless.delete(number)
    for (const planned of lateCandidates(track.index, newest)) note(planned)
    const numbers = [...waiting.keys()]
    const next = (newest.playlist.segments.at(-1)?.mediaSequence ?? -1) + 1
    const span = { epoch: newest.epoch, first: Math.min(next, ...numbers), next }
    const gaps = numbers.length === 0 ? [] : gapsSince(track.index, span)
    for (const [number, { untilMs }] of waiting) {
      const isMissing = gaps.some(
        ({ mediaSequence, count }) => number >= mediaSequence && number < mediaSequence + count,
      )
      if (!isMissing || nowMs > untilMs) waiting.delete(number)
    }
  }
  const noteFailure = (late: Late, error: unknown): void => {
    if (!(error instanceof VsrError)) {
      bug ??= { error }
      return
    }
    const { mediaSequence } = late
    waiting.set(mediaSequence, { ...late, attempts: late.attempts + 1 })
    failures += 1
    const action = isStorageError(error)
      ? { action: 'retry' as const, delayMs: STORAGE_PAUSE_MS }
      : decideOnFailure({
          kind: 'segment',
          error,
          attempt: failures,
          elapsedMs: 0,
          giveUpAfterMs: Number.POSITIVE_INFINITY,
          random: random(),
        })
    logger.debug({ err: error, mediaSequence, ...action }, 'a missed segment is still not there')
    if (action.action === 'give-up') hopeless.add(mediaSequence)
    if (action.action === 'give-up') waiting.delete(mediaSequence)
    else notBeforeMs = clock.monotonicMs() + action.delayMs
  }
  /** What was taken over may be there before its gap is. */
  const storeInGap = async (media: FetchedMedia): Promise<void> => {
    while (!(await store(media))) {
      try {
        await clock.sleep(LOOK_MS, signal)
      } catch (reason) {
        await discard(media)
        throw reason
      }
    }
  }
  const settle = async (late: Late, download: Promise<FetchedMedia>): Promise<void> => {
    try {
      await storeInGap(await download)
      failures = 0
      waiting.delete(late.mediaSequence)
    } catch (error) {
      if (!signal.aborted) noteFailure(late, error)
    }
  }
  const begin = (late: Late, download: Promise<FetchedMedia>): Promise<void> => {
    underWay = settle(late, download).finally(() => {
      underWay = undefined
      changed.abort(CHANGED)
    })
    return underWay
  }
  /** Ends early when something has changed. */
  const pause = (ms: number, until: AbortSignal): Promise<void> =>
    withEitherSignal([until, changed.signal], async (woken) => {
      try {
        await clock.sleep(ms, woken)
      } catch (reason) {
        if (!woken.aborted) throw reason
      }
    })
  const untilChanged = (until: AbortSignal): Promise<void> =>
    withEitherSignal([until, changed.signal], whenAborted)

  return {
    look() {
      const newest = listing()
      const isIdle = waiting.size === 0 && newest !== undefined
      if (isIdle && lateCandidates(track.index, newest).length === 0) return
      changed.abort(CHANGED)
    },
    missed(planned) {
      if (planned.epoch === epoch) note(planned)
      changed.abort(CHANGED)
    },
    adopt(planned, download) {
      if (underWay !== undefined || signal.aborted) return false
      void begin(lateOf(planned), download)
      return true
    },
    async run(until) {
      while (!until.aborted) {
        changed = new AbortController()
        refresh()
        const late = nextLate(waiting.values())
        const waitMs = notBeforeMs - clock.monotonicMs()
        if (bug !== undefined) throw bug.error
        if (underWay !== undefined) await underWay
        else if (late === undefined) await untilChanged(until)
        else if (waitMs > 0) await pause(waitMs, until)
        else if (isBusy()) await pause(LOOK_MS, until)
        else await begin(late, fetch(late.planned, signal))
      }
      await underWay
      if (bug !== undefined) throw bug.error
    },
    async finish() {
      refresh()
      failures = 0
      const missing = [...waiting.values()].sort((a, b) => a.mediaSequence - b.mediaSequence)
      for (const late of missing) {
        if (signal.aborted || failures >= LAST_FAILURES) return
        await begin(late, fetch(late.planned, signal))
        if (bug !== undefined) throw bug.error
      }
    },
  }
}
