import { describe, expect, it } from 'vitest'
import { createWatchdog } from '../../../src-main/recorder/watchdog'
import { createFakeClock } from '../../support/fake-clock'

function setUp() {
  const clock = createFakeClock()
  const stalls: number[] = []
  const watchdog = createWatchdog({ clock, onStall: (silentMs) => stalls.push(silentMs) })
  watchdog.setTargetDurationSec(4)
  const ending = new AbortController()
  const running = watchdog.run(ending.signal)
  return { clock, stalls, watchdog, end: async () => (ending.abort(), await running) }
}

describe('createWatchdog', () => {
  it('F01 speaks up after 3.5 target durations of silence, not before', async () => {
    const { clock, stalls, watchdog, end } = setUp()
    watchdog.touch('v0')
    await clock.advance(14_000)
    expect(stalls).toEqual([])
    await clock.advance(1000)
    expect(stalls).toEqual([15_000])
    await end()
  })

  it('F24 is content only when every track goes on', async () => {
    const { clock, watchdog, stalls, end } = setUp()
    watchdog.touch('v0')
    watchdog.touch('a0')
    await clock.advance(16_000)
    expect(stalls.length).toBeGreaterThan(0)
    expect(watchdog.touch('v0')).toBe(false)
    expect(watchdog.touch('a0')).toBe(true)
    await end()
  })

  it('does not mind the silence of a track that has ended', async () => {
    const { clock, watchdog, stalls, end } = setUp()
    watchdog.touch('v0')
    watchdog.forget('v0')
    await clock.advance(60_000)
    expect(stalls).toEqual([])
    await end()
  })
})
