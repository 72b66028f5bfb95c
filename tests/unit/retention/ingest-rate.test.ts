import { describe, expect, it } from 'vitest'
import { createIngestRate } from '../../../src-main/retention/ingest-rate'
import { createFakeClock } from '../../support/fake-clock'

describe('how fast recordings grow', () => {
  it('is told per hour and recording, by the last minutes only', async () => {
    const clock = createFakeClock()
    const rate = createIngestRate({ clock })
    for (let sec = 0; sec < 1200; sec += 2) {
      rate.stored('slow', sec < 600 ? 5000 : 1000)
      rate.stored('fast', 9000)
      await clock.advance(2000)
    }
    expect(rate.bytesPerHour('slow')).toBeCloseTo(500 * 3600, -5)
    expect(rate.bytesPerHour('fast')).toBeCloseTo(4500 * 3600, -6)
    expect(rate.bytesPerHour('unknown')).toBeUndefined()
    await clock.advance(6 * 60_000)
    expect(rate.bytesPerHour('fast')).toBeUndefined()
  })

  it('is not told by the first seconds, in which a segment is little, or a whole window comes at once', async () => {
    const clock = createFakeClock()
    const rate = createIngestRate({ clock })
    const seen: (number | undefined)[] = []
    for (let sec = 0; sec <= 60; sec += 2) {
      rate.stored('new', 1000)
      seen.push(rate.bytesPerHour('new'))
      await clock.advance(2000)
    }
    expect(seen.slice(0, 30).every((perHour) => perHour === undefined)).toBe(true)
    expect(seen.at(-1)).toBeGreaterThan(490 * 3600)
    expect(seen.at(-1)).toBeLessThan(520 * 3600)
  })
})
