import type { RecordingSummary } from '../../src-preload/contract/model'

/** Sums over all recordings at one moment. */
export interface LibraryTotals {
  readonly recordingsByState: Readonly<Record<string, number>>
  readonly segments: number
  readonly bytes: number
  readonly gaps: number
  readonly gapSec: number
}

/** Adds recordings up, for the metrics. */
export function totalsOf(recordings: readonly RecordingSummary[]): LibraryTotals {
  const recordingsByState: Record<string, number> = {}
  const totals = { segments: 0, bytes: 0, gaps: 0, gapSec: 0 }
  for (const recording of recordings) {
    recordingsByState[recording.state] = (recordingsByState[recording.state] ?? 0) + 1
    totals.segments += recording.segments
    totals.bytes += recording.bytes
    totals.gaps += recording.gaps
    totals.gapSec += recording.gapSec
  }
  return { recordingsByState, ...totals }
}
