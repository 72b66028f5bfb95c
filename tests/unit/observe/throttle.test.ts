import { describe, expect, it } from 'vitest'
import { createThrottle } from '../../../src-main/observe/throttle'
import { createFakeClock } from '../../support/fake-clock'

const setUp = () => {
  const clock = createFakeClock()
  const actions: string[] = []
  const throttle = createThrottle({ clock, intervalMs: 250, action: (id) => actions.push(id) })
  return { clock, actions, throttle }
}

describe('a throttle', () => {
  it('acts at once, then once more for all calls within the interval', async () => {
    const { clock, actions, throttle } = setUp()
    for (let call = 0; call < 5; call += 1) throttle.call('a')
    expect(actions).toEqual(['a'])
    await clock.advance(250)
    expect(actions).toEqual(['a', 'a'])
    await clock.advance(1000)
    expect(actions).toEqual(['a', 'a'])
  })

  it('keeps ids apart', () => {
    const { actions, throttle } = setUp()
    throttle.call('a')
    throttle.call('b')
    expect(actions).toEqual(['a', 'b'])
  })

  it('bears many ids without a warning of a leak', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => void warnings.push(warning)
    process.on('warning', onWarning)
    const { clock, throttle } = setUp()
    for (let id = 0; id < 50; id += 1) throttle.call(String(id))
    await clock.advance(1)
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })

  it('acts no more once it is closed', async () => {
    const { clock, actions, throttle } = setUp()
    throttle.call('a')
    throttle.call('a')
    throttle.close()
    throttle.call('b')
    await clock.advance(1000)
    expect(actions).toEqual(['a'])
  })
})
