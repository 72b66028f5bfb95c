import type { RecordingMeta, Figures } from '../store/model'
import type { HeldRecording, Stretch } from './decide-retention'

/** What is being recorded stays for so long behind its end, so that whoever watches it live is left alone. */
const LIVE_MS = 60_000
/** A recording goes in so many pieces at most, and none is shorter than this. */
const MOST_STRETCHES = 24
const LEAST_STRETCH_MS = 10_000

/**
 * A recording as `decideRetention` sees it. How its bytes lie in time is estimated, as if they came evenly: to know it would mean to read every
 * log, and what a piece truly frees is seen when it is gone.
 *
 * @param options.inUseFromMs somebody uses footage from there on, unix ms.
 * @param options.inPieces its beginning can go; else it goes as a whole, and not while it runs.
 */
export function heldRecording(options: {
  readonly recording: {
    readonly id: string
    readonly meta: Pick<RecordingMeta, 'pinned' | 'pinnedSpans'>
    readonly figures: Figures
  }
  readonly isRunning: boolean
  readonly inUseFromMs: number | undefined
  readonly inPieces: boolean
}): HeldRecording {
  const { recording, isRunning, inUseFromMs, inPieces } = options
  const { id, meta, figures } = recording
  const { startMs = 0, endMs = startMs, bytes } = figures
  const kept = meta.pinnedSpans.filter(({ toMs }) => toMs > startMs).map(({ fromMs }) => fromMs)
  if (inUseFromMs !== undefined) kept.push(inUseFromMs)
  if (isRunning) kept.push(inPieces ? endMs - LIVE_MS : Number.NEGATIVE_INFINITY)
  return {
    id,
    pinned: meta.pinned,
    ...(kept.length === 0 ? {} : { keepFromMs: Math.min(...kept) }),
    stretches: bytes === 0 ? [] : stretchesOf({ startMs, endMs, bytes }, inPieces),
  }
}

function stretchesOf(whole: Stretch, inPieces: boolean): readonly Stretch[] {
  const { startMs, endMs, bytes } = whole
  const fitting = Math.floor((endMs - startMs) / LEAST_STRETCH_MS)
  const count = inPieces ? Math.min(MOST_STRETCHES, Math.max(1, fitting)) : 1
  const at = (part: number) => Math.round(startMs + ((endMs - startMs) * part) / count)
  const bytesUpTo = (part: number) => Math.round((bytes * part) / count)
  return Array.from({ length: count }, (_, part) => ({
    startMs: at(part),
    endMs: at(part + 1),
    bytes: bytesUpTo(part + 1) - bytesUpTo(part),
  }))
}
