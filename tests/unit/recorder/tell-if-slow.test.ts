import { describe, expect, it } from 'vitest'
import { tellIfSlow } from '../../../src-main/recorder/tell-if-slow'
import { createFakeClock } from '../../support/fake-clock'

function setUp(holdMs: number) {
  const clock = createFakeClock()
  const told: unknown[] = []
  const kind = 'playlist' as const
  const options = { kind, clock, holdMs, onSlow: (error: unknown) => void told.push(error) }
  return { clock, told, options }
}

describe('tellIfSlow', () => {
  it('says nothing of an answer that comes in time, or of a failure', async () => {
    const { clock, told, options } = setUp(0)
    await expect(tellIfSlow(options, Promise.resolve('list'))).resolves.toBe('list')
    await expect(tellIfSlow(options, Promise.reject(new Error('no')))).rejects.toThrow('no')
    await clock.advance(60_000)
    expect(told).toEqual([])
  })

  it.each([0, 12_000])('F11 tells once of one that is held back %i ms too long', async (holdMs) => {
    const { clock, told, options } = setUp(holdMs)
    const slow = tellIfSlow(options, clock.sleep(60_000))
    await clock.advance(holdMs + 4999)
    expect(told).toEqual([])
    await clock.advance(30_000)
    expect(told).toMatchObject([{ code: 'source_timeout' }])
    await clock.advance(60_000)
    await slow
  })
})
