import { expect, it } from 'vitest'
import { LONGEST_MS, recordThroughOutage, SEGMENT_MS } from '../../support/short-outages'

const STEP_MS = 100

it('F10 an outage that ends two target durations before the window has moved on costs nothing, whenever it begins', async () => {
  const costly: string[] = []
  for (let startMs = 20_000; startMs < 20_000 + SEGMENT_MS; startMs += STEP_MS) {
    const { gaps } = await recordThroughOutage({ startMs, lastsMs: LONGEST_MS - 1 })
    if (gaps > 0) costly.push(`begun at ${startMs} ms: ${gaps} gaps`)
  }
  expect(costly).toEqual([])
})
