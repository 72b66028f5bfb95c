import { describe, expect, it } from 'vitest'
import { createStopGuard } from '../../../../src-renderer/library/stop-guard'

function guardAt() {
  let ms = 10_000
  const guard = createStopGuard({ nowMs: () => ms })
  return { mayStop: guard.mayStop, after: (passedMs: number) => (ms += passedMs) }
}

describe('stop guard', () => {
  it('takes the second click of a double click on another recording as a slip', () => {
    const { mayStop, after } = guardAt()
    expect(mayStop('first')).toBe(true)
    after(250)
    expect(mayStop('second')).toBe(false)
  })

  it('lets two recordings be stopped one after the other', () => {
    const { mayStop, after } = guardAt()
    expect(mayStop('first')).toBe(true)
    after(700)
    expect(mayStop('second')).toBe(true)
  })

  it('lets the same one be stopped again at once, as after a refusal', () => {
    const { mayStop } = guardAt()
    expect(mayStop('first')).toBe(true)
    expect(mayStop('first')).toBe(true)
  })
})
