import { describe, expect, it } from 'vitest'
import { steadyOrder } from '../../../../src-renderer/stores/steady-order'

describe('steady order', () => {
  it('leaves what is shown where it is', () => {
    expect(steadyOrder(['a', 'b', 'c'], ['b', 'c', 'a'])).toEqual(['a', 'b', 'c'])
  })

  it('puts what is new below, and drops what is gone', () => {
    expect(steadyOrder(['a', 'b', 'c'], ['new', 'c', 'a'])).toEqual(['a', 'c', 'new'])
  })
})
