import { describe, expect, it } from 'vitest'
import { followSignal, withEitherSignal } from '../../../src-main/ports/either-signal'
import { holdersOf } from '../../support/signal-holders'

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })

const setUp = () => {
  const controllers = [new AbortController(), new AbortController()]
  return { controllers, signals: controllers.map(({ signal }) => signal) }
}

describe('either signal', () => {
  it.each([0, 1])('ends the work with the reason of the one that is aborted (%i)', async (at) => {
    const { controllers, signals } = setUp()
    const running = withEitherSignal(signals, untilAborted)
    controllers[at]?.abort(new Error(`reason ${at}`))
    await expect(running).rejects.toThrow(`reason ${at}`)
  })

  it('is aborted from the start where one of them is', async () => {
    const { controllers, signals } = setUp()
    controllers[1]?.abort(new Error('before'))
    await expect(withEitherSignal(signals, untilAborted)).rejects.toThrow('before')
  })

  it('leaves nothing with them when the work is over, however it ended', async () => {
    const { signals } = setUp()
    expect(await withEitherSignal(signals, async () => 7)).toBe(7)
    const broken = async () => Promise.reject(new Error('broken'))
    await expect(withEitherSignal(signals, broken)).rejects.toThrow('broken')
    expect(signals.map(holdersOf)).toEqual([0, 0])
  })
})

describe('following a signal', () => {
  it('is aborted with it, from the start where it is already', () => {
    const leader = new AbortController()
    const { controller } = followSignal(leader.signal)
    leader.abort('over')
    expect(controller.signal.reason).toBe('over')
    expect(followSignal(leader.signal).controller.signal.reason).toBe('over')
  })

  it('leaves nothing with it, and is not aborted any more, once let go', () => {
    const leader = new AbortController()
    const { controller, letGo } = followSignal(leader.signal)
    letGo()
    expect(holdersOf(leader.signal)).toBe(0)
    leader.abort()
    expect(controller.signal.aborted).toBe(false)
  })
})
