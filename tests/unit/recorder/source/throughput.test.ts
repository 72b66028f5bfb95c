import { describe, expect, it } from 'vitest'
import { createThroughput } from '../../../../src-main/recorder/source/throughput'
import { createFakeClock } from '../../../support/fake-clock'

describe('createThroughput', () => {
  it('knows nothing before something came', () => {
    expect(createThroughput({ clock: createFakeClock() }).bitsPerSec()).toBeUndefined()
  })

  it('counts from the first byte, and time once where several come at a time', async () => {
    const clock = createFakeClock()
    const throughput = createThroughput({ clock })
    const [a, b] = [throughput.start(), throughput.start()]
    await clock.advance(10_000)
    for (let at = 0; at < 20; at += 1) {
      a.received(12_500)
      b.received(12_500)
      await clock.advance(100)
    }
    a.end()
    b.end()
    expect(throughput.bitsPerSec()).toBeGreaterThan(1_900_000)
    expect(throughput.bitsPerSec()).toBeLessThan(2_200_000)
  })

  it('tells of a slow download before it has ended', async () => {
    const clock = createFakeClock()
    const throughput = createThroughput({ clock })
    const slow = throughput.start()
    slow.received(1000)
    await clock.advance(1000)
    slow.received(11_500)
    expect(throughput.bitsPerSec()).toBeCloseTo(100_000, -2)
  })

  it('notices within seconds that a wide way has become narrow', async () => {
    const clock = createFakeClock()
    const throughput = createThroughput({ clock })
    const burst = throughput.start()
    burst.received(125_000)
    burst.end()
    expect(throughput.bitsPerSec()).toBeGreaterThan(50_000_000)
    const slow = throughput.start()
    for (let at = 0; at < 40; at += 1) {
      slow.received(1875)
      await clock.advance(100)
    }
    expect(throughput.bitsPerSec()).toBeLessThan(400_000)
  })

  it('follows a way that becomes wide again within a few downloads', async () => {
    const clock = createFakeClock()
    const throughput = createThroughput({ clock })
    const get = async (bytes: number, ms: number) => {
      const transfer = throughput.start()
      transfer.received(1)
      await clock.advance(ms)
      transfer.received(bytes)
      transfer.end()
    }
    for (let at = 0; at < 10; at += 1) await get(12_500, 1000)
    expect(throughput.bitsPerSec()).toBeLessThan(110_000)
    for (let at = 0; at < 8; at += 1) await get(125_000, 100)
    expect(throughput.bitsPerSec()).toBeGreaterThan(1_000_000)
  })
})
