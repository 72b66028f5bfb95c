import { describe, expect, it } from 'vitest'
import { headroomOf, spaceStateOf } from '../../../src-main/retention/disk-space'

describe('the disk', () => {
  it('F31 keeps a gigabyte free, or a share of a small disk, unless told otherwise', () => {
    expect(headroomOf('auto', 2e12)).toBe(1e9)
    expect(headroomOf('auto', 64e6)).toBe(1.28e6)
    expect(headroomOf(5e9, 2e12)).toBe(5e9)
  })

  it('F31 warns before it pauses, and goes on only when there is clearly more', () => {
    const states: string[] = []
    let before: 'ok' | 'low' | 'full' = 'ok'
    for (const freeBytes of [300, 200, 199, 100, 50, 49, 60, 74, 75, 60, 200]) {
      before = spaceStateOf({ freeBytes, headroomBytes: 100, before })
      states.push(before)
    }
    expect(states).toEqual([
      'ok',
      'ok',
      'low',
      'low',
      'low',
      'full',
      'full',
      'full',
      'low',
      'low',
      'ok',
    ])
  })

  it('with no headroom, nothing is ever short', () => {
    expect(spaceStateOf({ freeBytes: 0, headroomBytes: 0, before: 'full' })).toBe('ok')
  })
})
