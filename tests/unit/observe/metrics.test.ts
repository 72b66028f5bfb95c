import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../../src-main/observe/metrics'

describe('createMetrics', () => {
  it('reads the figures anew at each scrape and forgets states that are gone', async () => {
    let recordingsByState: Record<string, number> = { recording: 2, failed: 1 }
    const metrics = createMetrics({
      read: async () => ({
        recordingsByState,
        segments: 7,
        bytes: 8,
        gaps: 1,
        gapSec: 1.5,
        trashBytes: 99,
        freeBytes: 77,
        headroomBytes: 55,
        bytesPerHour: 33,
      }),
    })
    const before = await metrics.text()
    expect(before).toContain('vsr_recordings{state="recording"} 2')
    expect(before).toContain('vsr_stored_segments 7')
    expect(before).toContain('vsr_trash_bytes 99')
    expect(before).toContain('vsr_disk_free_bytes 77')
    expect(before).toContain('vsr_stored_bytes_per_hour 33')
    expect(before).toContain('vsr_gap_seconds 1.5')
    recordingsByState = { recording: 1 }
    const after = await metrics.text()
    expect(after).toContain('vsr_recordings{state="recording"} 1')
    expect(after).not.toContain('failed')
  })

  it('tells how late the event loop was, as a figure that is never below nothing', async () => {
    const totals = {
      recordingsByState: {},
      segments: 0,
      bytes: 0,
      gaps: 0,
      gapSec: 0,
      trashBytes: 0,
      headroomBytes: 0,
      bytesPerHour: 0,
    }
    const text = await createMetrics({ read: async () => totals }).text()
    for (const quantile of ['0.5', '0.99', '1']) {
      const line = `vsr_event_loop_delay_seconds{quantile="${quantile}"} `
      const value = text.split('\n').find((candidate) => candidate.startsWith(line))
      expect(Number(value?.slice(line.length))).toBeGreaterThanOrEqual(0)
    }
  })
})
