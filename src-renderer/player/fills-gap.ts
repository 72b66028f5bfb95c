import type { RecordingSummary } from '../../src-preload/contract/model'

/** What rounding makes of a sum of seconds. */
const LEAST_SEC = 0.05

/** Whether footage came between two looks at a recording into a gap that the first one had. Pure. */
export function fillsGap(
  before: Pick<RecordingSummary, 'id' | 'gapSec'> | undefined,
  now: Pick<RecordingSummary, 'id' | 'gapSec'> | undefined,
): boolean {
  return before !== undefined && before.id === now?.id && now.gapSec < before.gapSec - LEAST_SEC
}
