import type { Clock } from '../ports/clock'

/** So much of the live edge may be on its way without anything being wrong: what a recording begins with (RFC 8216 6.3.3). */
const NORMAL_TARGETS = 3
/** A source may be silent for so long (RFC 8216 6.3.4). */
const SILENT_TARGETS = 1.5

/** Where a live track stands, for {@link outstandingSec}. */
export interface EdgeFigures {
  /** End of what the source has listed, on the recording's timeline. Unix ms. */
  readonly edgeMs: number
  /** End of what is stored or known to be a gap. Unix ms. */
  readonly storedMs: number
  /** Since the source listed something new. */
  readonly silentMs: number
  readonly targetDurationSec: number
  /** Something fails or is late at the moment. */
  readonly isTroubled: boolean
}

/**
 * Seconds of live time that passed and are not stored yet, beyond what is normal: listed and not obtained,
 * or not listed since the source fell silent. They are neither stored nor missing: most come later. Pure.
 */
export function outstandingSec(figures: EdgeFigures): number {
  const { edgeMs, storedMs, silentMs, targetDurationSec, isTroubled } = figures
  const targetMs = targetDurationSec * 1000
  const listedMs = Math.max(0, edgeMs - storedMs)
  const unlistedMs = silentMs > targetMs * SILENT_TARGETS ? silentMs - targetMs : 0
  const isNormal = !isTroubled && unlistedMs === 0 && listedMs <= targetMs * NORMAL_TARGETS
  return isNormal ? 0 : (listedMs + unlistedMs) / 1000
}

/** Follows the live edge of each track of a session. */
export interface EdgeTracker {
  /** A listing was loaded: the end of its last segment. */
  listed(trackId: string, edge: { edgeMs: number; targetDurationSec: number }): void
  /** The track has ended. */
  forget(trackId: string): void
  /** Seconds that were listed and are not stored, of the track that has most of them. */
  behindSec(storedMs: (trackId: string) => number | undefined): number
  /** Of the track that is furthest behind; 0 where none is. `storedMs`: the end of its rows. */
  outstandingSec(options: {
    storedMs: (trackId: string) => number | undefined
    isTroubled: boolean
  }): number
}

export function createEdgeTracker(options: { clock: Clock }): EdgeTracker {
  const { clock } = options
  const edges = new Map<string, { edgeMs: number; targetDurationSec: number; newsAtMs: number }>()
  return {
    listed(trackId, { edgeMs, targetDurationSec }) {
      const known = edges.get(trackId)
      const newsAtMs = known?.edgeMs === edgeMs ? known.newsAtMs : clock.monotonicMs()
      edges.set(trackId, { edgeMs, targetDurationSec, newsAtMs })
    },
    forget: (trackId) => void edges.delete(trackId),
    behindSec(storedMs) {
      const behind = [...edges].map(([id, { edgeMs }]) => edgeMs - (storedMs(id) ?? edgeMs))
      return Math.max(0, ...behind) / 1000
    },
    outstandingSec({ storedMs, isTroubled }) {
      const nowMs = clock.monotonicMs()
      let most = 0
      for (const [trackId, { newsAtMs, ...edge }] of edges) {
        const stored = storedMs(trackId) ?? edge.edgeMs
        const silentMs = nowMs - newsAtMs
        most = Math.max(most, outstandingSec({ ...edge, storedMs: stored, silentMs, isTroubled }))
      }
      return most
    },
  }
}
