import { describe, expect, it } from 'vitest'
import { withDeadline } from '../../../src-main/ports/with-deadline'
import { createFakeClock } from '../../support/fake-clock'

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })

function setUp() {
  const clock = createFakeClock()
  const asking = new AbortController()
  const late = new Error('late')
  const options = { clock, signal: asking.signal, afterMs: 60_000, reason: () => late }
  return { clock, asking, late, options }
}

describe('a deadline', () => {
  it('gives what the work gives in time', async () => {
    const { options } = setUp()
    expect(await withDeadline(options, async () => 7)).toBe(7)
  })

  it('F26 ends the work with the reason given, in whatever words the work reports it', async () => {
    const { clock, options, late } = setUp()
    const running = withDeadline(options, (signal) =>
      untilAborted(signal).catch(() => Promise.reject(new Error('other words'))),
    )
    const ended = expect(running).rejects.toBe(late)
    await clock.advance(60_000)
    await ended
  })

  it('ends it for the reason of whoever asked', async () => {
    const { asking, options } = setUp()
    const running = withDeadline(options, untilAborted)
    const reason = new Error('closing')
    asking.abort(reason)
    await expect(running).rejects.toBe(reason)
  })
})
