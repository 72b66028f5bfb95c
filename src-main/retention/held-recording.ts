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
 */
export function heldRecording(options: {
  readonly recording: {
    readonly id: string
    readonly meta: Pick<RecordingMeta, 'pinned' | 'pinnedSpans'>
    readonly figures: Figures
  }
  readonly isRunning: boolean
  readonly inUseFromMs: number | undefined
}): HeldRecording {
  const { recording, isRunning, inUseFromMs } = options
  const { id, meta, figures } = recording
  const { startMs = 0, endMs = startMs, bytes } = figures
  const kept = meta.pinnedSpans.filter(({ toMs }) => toMs > startMs).map(({ fromMs }) => fromMs)
  if (inUseFromMs !== undefined) kept.push(inUseFromMs)
  if (isRunning) kept.push(endMs - LIVE_MS)
  return {
    id,
    pinned: meta.pinned,
    ...(kept.length === 0 ? {} : { keepFromMs: Math.min(...kept) }),
    stretches: bytes === 0 ? [] : stretchesOf({ startMs, endMs, bytes }),
  }
}

function stretchesOf(whole: Stretch): readonly Stretch[] {
  const { startMs, endMs, bytes } = whole
  const fitting = Math.floor((endMs - startMs) / LEAST_STRETCH_MS)
  const count = Math.min(MOST_STRETCHES, Math.max(1, fitting))
  const at = (part: number) => Math.round(startMs + ((endMs - startMs) * part) / count)
  const bytesUpTo = (part: number) => Math.round((bytes * part) / count)
  return Array.from({ length: count }, (_, part) => ({
    startMs: at(part),
    endMs: at(part + 1),
    bytes: bytesUpTo(part + 1) - bytesUpTo(part),
  }))
}
