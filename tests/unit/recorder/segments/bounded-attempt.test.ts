import { describe, expect, it } from 'vitest'
import { boundedAttempt } from '../../../../src-main/recorder/segments/bounded-attempt'
import { createFakeClock } from '../../../support/fake-clock'
import { holdersOf } from '../../../support/signal-holders'

function setUp() {
  const clock = createFakeClock()
  const ending = new AbortController()
  const state = { isSpent: false, heir: undefined as Promise<unknown> | undefined, hasHeir: false }
  const handOver = (attempt: Promise<unknown>) => {
    if (state.hasHeir) state.heir = attempt
    return state.hasHeir
  }
  const options = { clock, signal: ending.signal, isSpent: () => state.isSpent, handOver }
  return { clock, ending, state, options }
}

describe('boundedAttempt', () => {
  it('hands on what the attempt comes to', async () => {
    const { options } = setUp()
    await expect(boundedAttempt(options, async () => 'done')).resolves.toBe('done')
    const broken = async () => {
      throw new Error('broken')
    }
    await expect(boundedAttempt(options, broken)).rejects.toThrow('broken')
  })

  it('F11 ends an attempt that is not worth waiting for any longer', async () => {
    const { clock, state, options } = setUp()
    const ended = boundedAttempt(options, (signal) => clock.sleep(300_000, signal)).catch(
      (error: unknown) => error,
    )
    await clock.advance(30_000)
    state.isSpent = true
    await clock.advance(1000)
    expect(await ended).toMatchObject({ code: 'source_timeout' })
  })

  it('F11 hands over an attempt that is waited for no longer, and lets it come', async () => {
    const { clock, state, options } = setUp()
    state.hasHeir = true
    const slow = async (signal: AbortSignal) => {
      await clock.sleep(60_000, signal)
      return 'done'
    }
    const ended = boundedAttempt(options, slow).catch((error: unknown) => error)
    await clock.advance(30_000)
    state.isSpent = true
    await clock.advance(1000)
    expect(await ended).toMatchObject({ code: 'source_timeout' })
    await clock.advance(30_000)
    await expect(state.heir).resolves.toBe('done')
  })

  it('ends with the reason of its signal', async () => {
    const { clock, ending, options } = setUp()
    const ended = boundedAttempt(options, (signal) => clock.sleep(300_000, signal))
    ending.abort(new Error('stopped'))
    await expect(ended).rejects.toThrow('stopped')
  })

  it('leaves nothing with its signal, which lives as long as the recording', async () => {
    const { ending, options } = setUp()
    const before = holdersOf(ending.signal)
    for (let count = 0; count < 3; count += 1) await boundedAttempt(options, async () => 'done')
    expect(holdersOf(ending.signal)).toBe(before)
  })
})
