import type { RecordingSummary } from '../../../src-preload/contract/model'

/** A recording as the dispatcher would list it. */
export function recordingLike(fields: Partial<RecordingSummary> = {}): RecordingSummary {
  return {
    id: 'abcdefgh',
    title: 'Talk',
    sourceUrl: 'https://example.test/live.m3u8',
    state: 'recording',
    startMs: 1_000_000,
    endMs: 1_090_000,
    durationSec: 90,
    bytes: 1,
    segments: 45,
    gaps: 0,
    gapSec: 0,
    completeness: 1,
    live: true,
    pinned: false,
    keepWaiting: false,
    createdMs: 1_000_000,
    ...fields,
  }
}
