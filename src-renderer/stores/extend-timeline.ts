import type { RecordingSummary, Timeline } from '../../src-preload/contract/model'

/** What a new summary means for the timeline at hand. */
export type TimelineStep =
  | { readonly kind: 'same' }
  | { readonly kind: 'extended'; readonly timeline: Timeline }
  /** Something happened that only the engine can tell: a gap, a restart. */
  | { readonly kind: 'stale' }

/**
 * Grows the last footage span to the summary's end. That is right as long as the wall-clock time it
 * grew by is footage and nothing else; anything else asks for a fresh timeline.
 */
export function extendTimeline(
  timeline: Timeline,
  before: RecordingSummary,
  now: RecordingSummary,
): TimelineStep {
  // A gap may have been filled, in part or whole.
  if (now.gaps !== before.gaps || now.gapSec !== before.gapSec) return { kind: 'stale' }
  if (now.startMs !== before.startMs) return { kind: 'stale' }
  if (now.endMs === undefined || before.endMs === undefined) return { kind: 'stale' }
  const grownMs = now.endMs - before.endMs
  if (grownMs <= 0) return { kind: 'same' }
  const last = timeline.footage.at(-1)
  if (last === undefined || last.toMs < timeline.endMs) return { kind: 'stale' }
  const storedMs = (now.durationSec - before.durationSec) * 1000
  if (Math.abs(grownMs - storedMs) > Math.max(500, grownMs * 0.1)) return { kind: 'stale' }
  // The timeline may be newer than the summary it was read with: never past the stored end.
  const endMs = Math.max(timeline.endMs, Math.min(timeline.endMs + grownMs, now.endMs))
  const footage = [...timeline.footage.slice(0, -1), { ...last, toMs: endMs }]
  return { kind: 'extended', timeline: { ...timeline, endMs, footage } }
}
