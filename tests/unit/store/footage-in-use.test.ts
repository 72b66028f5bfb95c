import { describe, expect, it } from 'vitest'
import { createFootageInUse } from '../../../src-main/store/footage-in-use'
import { createStillClock } from '../../support/fault-store-samples'

const MINUTE_MS = 60_000
const START_MS = 1_790_000_000_000

function setUp() {
  const clock = createStillClock(START_MS)
  return { clock, inUse: createFootageInUse({ clock }) }
}

describe('footage in use', () => {
  it('F39 is held from the earliest instant on, for as long as somebody holds it', () => {
    const { inUse } = setUp()
    expect(inUse.earliestMs('a')).toBeUndefined()
    const later = inUse.hold('a', 5000)
    const earlier = inUse.hold('a', 1000)
    inUse.hold('b', 10)
    expect(inUse.earliestMs('a')).toBe(1000)
    earlier()
    earlier()
    expect(inUse.earliestMs('a')).toBe(5000)
    later()
    expect(inUse.earliestMs('a')).toBeUndefined()
    expect(inUse.earliestMs('b')).toBe(10)
  })

  it('F39 is what was watched in the last five minutes, to ten seconds', () => {
    const { clock, inUse } = setUp()
    inUse.watched('a', START_MS + 3000)
    expect(inUse.earliestMs('a')).toBe(START_MS)
    clock.advance(3 * MINUTE_MS)
    inUse.watched('a', START_MS + 3 * MINUTE_MS)
    expect(inUse.earliestMs('a')).toBe(START_MS)
    clock.advance(2 * MINUTE_MS)
    expect(inUse.earliestMs('a')).toBe(START_MS + 3 * MINUTE_MS)
    clock.advance(3 * MINUTE_MS)
    expect(inUse.earliestMs('a')).toBeUndefined()
  })

  it('F39 goes back with somebody who jumps back, and for as long as that is watched', () => {
    const { clock, inUse } = setUp()
    inUse.watched('a', START_MS + 60 * MINUTE_MS)
    clock.advance(MINUTE_MS)
    inUse.watched('a', START_MS)
    expect(inUse.earliestMs('a')).toBe(START_MS)
    clock.advance(4 * MINUTE_MS + 1)
    expect(inUse.earliestMs('a')).toBe(START_MS)
    clock.advance(MINUTE_MS)
    expect(inUse.earliestMs('a')).toBeUndefined()
  })
})
