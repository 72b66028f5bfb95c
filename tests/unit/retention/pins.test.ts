import { describe, expect, it } from 'vitest'
import { addPin, removePin } from '../../../src-main/retention/pins'

describe('pinned stretches', () => {
  it('are in order of time, each with an id that no other has', () => {
    const two = addPin(addPin([], { fromMs: 50, toMs: 60 }), { fromMs: 10, toMs: 20, name: 'Goal' })
    expect(two).toEqual([
      { id: 'p2', fromMs: 10, toMs: 20, name: 'Goal' },
      { id: 'p1', fromMs: 50, toMs: 60 },
    ])
    const again = addPin(removePin(two, 'p1'), { fromMs: 70, toMs: 80 })
    expect(again.map(({ id }) => id)).toEqual(['p2', 'p3'])
  })

  it('refuses one that is empty, and more than anybody chooses', () => {
    expect(() => addPin([], { fromMs: 5, toMs: 5 })).toThrow('ends before it begins')
    const many = Array.from({ length: 1000 }, (_, at) => ({
      id: `p${at}`,
      fromMs: at,
      toMs: at + 1,
    }))
    expect(() => addPin(many, { fromMs: 5, toMs: 6 })).toThrow('at most')
  })
})
