import { describe, expect, it } from 'vitest'
import { createWatchdog, silenceOf } from '../../../src-main/recorder/watchdog'
import { createFakeClock } from '../../support/fake-clock'

function setUp() {
  const clock = createFakeClock()
  const silences: string[] = []
  const watchdog = createWatchdog({
    clock,
    onSilence: (silence, silentMs) => silences.push(`${silence} ${silentMs}`),
  })
  watchdog.setTargetDurationSec(4)
  const ending = new AbortController()
  const running = watchdog.run(ending.signal)
  return { clock, silences, watchdog, end: async () => (ending.abort(), await running) }
}

describe('silenceOf', () => {
  it.each([
    ['short segments', 4, undefined, 'late', 'stalled'],
    ['segments of 7 s', 7, 'quiet', 'late', 'stalled'],
    ['segments of 10 s', 10, 'quiet', 'late', 'stalled'],
    ['segments of a minute', 60, 'quiet', 'late', 'stalled'],
  ])('F01 is told in time, and not before: %s', (_what, target, quiet, late, stalled) => {
    const ms = target * 1000
    expect(silenceOf(ms, target)).toBeUndefined()
    expect(silenceOf(Math.max(9000, ms) + 1, target)).toBe(quiet ?? 'late')
    expect(silenceOf(Math.min(ms * 1.5, ms + 9000) + 1, target)).toBe(late)
    expect(silenceOf(ms * 3.5 + 1, target)).toBe(stalled)
  })
})

describe('createWatchdog', () => {
  it('F01 says late after 1.5 target durations of silence, stalled after 3.5, and neither before', async () => {
    const { clock, silences, watchdog, end } = setUp()
    watchdog.touch('v0')
    await clock.advance(6000)
    expect(silences).toEqual([])
    await clock.advance(8000)
    expect([silences[0], silences.at(-1)]).toEqual(['late 6001', 'late 13001'])
    await clock.advance(1000)
    expect(silences.at(-1)).toBe('stalled 14001')
    await end()
  })

  it.each([4, 6, 8, 10, 12, 20, 60])(
    'F01 tells the cause within 10 s of when a segment of %i s could have come, and a silence before that',
    async (targetSec) => {
      const { clock, silences, watchdog, end } = setUp()
      watchdog.setTargetDurationSec(targetSec)
      watchdog.touch('v0')
      // The next listing with something new is due a target duration after the last one, and half of one later at the latest.
      await clock.advance(Math.min(targetSec * 1500, targetSec * 1000 + 9000))
      expect(silences.filter((told) => !told.startsWith('quiet'))).toEqual([])
      await clock.advance(1000)
      expect(silences.at(-1)).toMatch(/^late/)
      const firstToldMs = Number(silences[0]?.split(' ')[1])
      expect(firstToldMs).toBeLessThanOrEqual(Math.max(10, targetSec + 1) * 1000)
      await end()
    },
  )

  it('F24 is content only when every track goes on', async () => {
    const { clock, watchdog, silences, end } = setUp()
    watchdog.touch('v0')
    watchdog.touch('a0')
    await clock.advance(16_000)
    expect(silences.length).toBeGreaterThan(0)
    expect(watchdog.touch('v0')).toBe(false)
    expect(watchdog.touch('a0')).toBe(true)
    await end()
  })

  it('does not mind the silence of a track that has ended', async () => {
    const { clock, watchdog, silences, end } = setUp()
    watchdog.touch('v0')
    watchdog.forget('v0')
    await clock.advance(60_000)
    expect(silences).toEqual([])
    await end()
  })
})
