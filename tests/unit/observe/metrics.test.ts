import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../../src-main/observe/metrics'

describe('createMetrics', () => {
  it('reads the figures anew at each scrape and forgets states that are gone', async () => {
    let recordingsByState: Record<string, number> = { recording: 2, failed: 1 }
    const metrics = createMetrics({
      read: () => ({ recordingsByState, segments: 7, bytes: 8, gaps: 1, gapSec: 1.5 }),
    })
    const before = await metrics.text()
    expect(before).toContain('vsr_recordings{state="recording"} 2')
    expect(before).toContain('vsr_stored_segments 7')
    expect(before).toContain('vsr_gap_seconds 1.5')
    recordingsByState = { recording: 1 }
    const after = await metrics.text()
    expect(after).toContain('vsr_recordings{state="recording"} 1')
    expect(after).not.toContain('failed')
  })
})
