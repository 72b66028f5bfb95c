import type { MediaPlaylist } from '../hls/playlist'
import type { Clock } from '../ports/clock'
import type { SegmentIndex, TrackStore } from '../store/model'

/**
 * Where the discontinuities of the main track lie, by their discontinuity sequence number. Tracks are matched by it (RFC 8216
 * 6.2.4, 6.3.3): their segments need not be equally long.
 */
export interface BreakStarts {
  /** The main track, whichever is named first, has a discontinuity here, unix ms. Those of other tracks are not taken. */
  note(trackId: string, discontinuitySequence: number, startMs: number): void
  /** The track numbers anew. */
  forget(trackId: string): void
  /** Undefined where it is not known (yet), and for the main track itself. */
  startMs(trackId: string, discontinuitySequence: number): number | undefined
  /** Resolves when the main track has come to this discontinuity, at the latest after so many milliseconds; at once for the main track. Rejects with the signal's reason. */
  awaited(
    trackId: string,
    discontinuitySequence: number,
    bounds: { clock: Clock; atMostMs: number; signal: AbortSignal },
  ): Promise<void>
}

/** More are not in a listing at once; the oldest make room. */
const MOST_BREAKS = 10_000

export function createBreakStarts(): BreakStarts {
  let mainId: string | undefined
  const starts = new Map<number, number>()
  const waiting = new Set<() => void>()

  const startMs = (trackId: string, discontinuitySequence: number) =>
    trackId === mainId ? undefined : starts.get(discontinuitySequence)

  return {
    startMs,
    note(trackId, discontinuitySequence, atMs) {
      mainId ??= trackId
      if (trackId !== mainId) return
      starts.set(discontinuitySequence, atMs)
      const [oldest] = starts.keys()
      if (starts.size > MOST_BREAKS && oldest !== undefined) starts.delete(oldest)
      for (const look of waiting) look()
    },
    forget(trackId) {
      mainId ??= trackId
      if (trackId === mainId) starts.clear()
    },
    async awaited(trackId, discontinuitySequence, { clock, atMostMs, signal }) {
      const isThere = () =>
        mainId === undefined ||
        trackId === mainId ||
        startMs(trackId, discontinuitySequence) !== undefined
      if (isThere()) return
      const found = new AbortController()
      const look = () => {
        if (isThere()) found.abort()
      }
      waiting.add(look)
      try {
        await clock.sleep(atMostMs, AbortSignal.any([found.signal, signal]))
      } catch (reason) {
        if (!found.signal.aborted) throw reason
      } finally {
        waiting.delete(look)
      }
    },
  }
}

/** The discontinuities of a track that is gone on with, in its last epoch: those of the source, by their number. */
export function* storedBreaks(
  index: SegmentIndex,
): Generator<{ readonly discontinuitySequence: number; readonly startMs: number }> {
  let from = index.length - 1
  const isEpoch = (position: number) => {
    if (index.kindAt(position) !== 'discontinuity') return false
    const row = index.rowAt(position)
    return row.kind === 'discontinuity' && row.reason === 'epoch'
  }
  while (from > 0 && !isEpoch(from)) from -= 1
  let isBroken = false
  for (let position = Math.max(0, from) + 1; position < index.length; position += 1) {
    const kind = index.kindAt(position)
    if (kind === 'discontinuity') isBroken = true
    if (!isBroken || (kind !== 'segment' && kind !== 'gap')) continue
    isBroken = false
    const row = index.rowAt(position)
    if (row.kind === 'segment' || row.kind === 'gap') yield row
  }
}

/** Of a main track that is gone on with. */
export function noteStoredBreaks(breaks: BreakStarts, { info, index }: TrackStore): void {
  for (const { discontinuitySequence, startMs } of storedBreaks(index)) {
    breaks.note(info.id, discontinuitySequence, startMs)
  }
}

/** Waits once for each discontinuity that is listed last, where its place depends on the main track. */
export function createBreakWait(options: {
  trackId: string
  starts: BreakStarts
  clock: Clock
  signal: AbortSignal
}): (playlist: MediaPlaylist) => Promise<void> {
  const { trackId, starts, clock, signal } = options
  let waitedFor = -1
  return async ({ segments, targetDurationSec }) => {
    const last = segments.findLast(({ discontinuity }) => discontinuity)
    if (last === undefined || last.programDateTimeMs !== undefined) return
    const { discontinuitySequence } = last
    if (discontinuitySequence === waitedFor) return
    waitedFor = discontinuitySequence
    const atMostMs = targetDurationSec * 1000
    await starts.awaited(trackId, discontinuitySequence, { clock, atMostMs, signal })
  }
}
