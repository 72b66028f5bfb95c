import { describe, expect, it } from 'vitest'
import { HttpError } from '../../../src-main/fetch/http'
import { type RetryOptions, withRetries } from '../../../src-main/fetch/with-retries'
import { createFakeClock } from './fake-clock'

const offline = () => new HttpError('connection_failed', 'x')

function setUp(more: Partial<RetryOptions> = {}) {
  const clock = createFakeClock()
  const seen: string[] = []
  const options: RetryOptions = {
    kind: 'segment',
    clock,
    random: () => 0,
    signal: new AbortController().signal,
    onFailure: ({ attempt, action }) => seen.push(`${attempt} ${action.action}`),
    ...more,
  }
  return { clock, seen, options }
}

describe('withRetries', () => {
  it('attempts until it succeeds, with growing waits, and tells of each failure', async () => {
    const { clock, seen, options } = setUp()
    const result = await withRetries(options, async (number) => {
      if (number < 4) throw offline()
      return number
    })
    expect(result).toBe(4)
    expect(clock.sleeps).toEqual([500, 1000, 2000])
    expect(seen).toEqual(['1 retry', '2 retry', '3 retry'])
  })

  it('F08 gives up when it is not worth it any longer, with the last error', async () => {
    const { clock, seen, options } = setUp({ giveUpAfterMs: () => 20_000 })
    const last: Error[] = []
    const run = withRetries(options, async () => {
      last.push(offline())
      throw last.at(-1)
    })
    const thrown: unknown = await run.catch((error: unknown) => error)
    expect(thrown).toBe(last.at(-1))
    expect(clock.monotonicMs()).toBeLessThanOrEqual(20_000)
    expect(clock.monotonicMs()).toBeGreaterThan(15_000)
    expect(seen.at(-1)).toMatch(/give-up$/)
  })

  it('F18 hands an expired playlist back to the caller', async () => {
    const { clock, seen, options } = setUp({ kind: 'playlist' })
    const expired = new HttpError('source_forbidden', 'x', { status: 403 })
    await expect(
      withRetries(options, async () => {
        throw expired
      }),
    ).rejects.toBe(expired)
    expect(seen).toEqual(['1 resolve-again'])
    expect(clock.sleeps).toEqual([])
  })

  it('stops when it is aborted: before, during an attempt, and in between', async () => {
    const stopped = new Error('stopped')
    const early = new AbortController()
    early.abort(stopped)
    await expect(
      withRetries(setUp({ signal: early.signal }).options, async () => 'never'),
    ).rejects.toBe(stopped)

    const during = new AbortController()
    const { seen, options } = setUp({ signal: during.signal })
    const failure = offline()
    await expect(
      withRetries(options, async () => {
        during.abort(stopped)
        throw failure
      }),
    ).rejects.toBe(failure)
    expect(seen).toEqual([])

    const between = new AbortController()
    await expect(
      withRetries(
        setUp({ signal: between.signal, onFailure: () => between.abort(stopped) }).options,
        async () => {
          throw offline()
        },
      ),
    ).rejects.toBe(stopped)
  })

  it('lets bugs through at once', async () => {
    const { options } = setUp({ kind: 'playlist' })
    await expect(
      withRetries(options, async () => {
        throw new TypeError('bug')
      }),
    ).rejects.toThrow('bug')
  })
})
