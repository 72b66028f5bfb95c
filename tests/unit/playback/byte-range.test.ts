import { describe, expect, it } from 'vitest'
import { decideRange } from '../../../src-main/playback/byte-range'

describe('decideRange', () => {
  it('S07 agrees with a plain reading of RFC 9110 for every small case', () => {
    for (let size = 0; size <= 4; size += 1) {
      for (let first = 0; first <= 5; first += 1) {
        const open = decideRange(`bytes=${first}-`, size)
        expect(open).toEqual(first < size ? { first, last: size - 1 } : 'unsatisfiable')
        for (let last = 0; last <= 5; last += 1) {
          const expected =
            last < first
              ? 'whole'
              : first < size
                ? { first, last: Math.min(last, size - 1) }
                : 'unsatisfiable'
          expect(decideRange(`bytes=${first}-${last}`, size)).toEqual(expected)
        }
        const suffix = decideRange(`bytes=-${first}`, size)
        const length = Math.min(first, size)
        expect(suffix).toEqual(
          length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 },
        )
      }
    }
  })

  it('S07 gives everything for what is no single range', () => {
    for (const header of [
      undefined,
      '',
      'bytes=',
      'bytes=-',
      'bytes=0-1,2-3',
      'items=0-1',
      'bytes=x-1',
    ]) {
      expect(decideRange(header, 10)).toBe('whole')
    }
  })
})
