import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { crc32Range } from '../../../src-main/store/crc32-range'
import { createRandom } from '../../support/fault-store-samples'

describe('crc32Range', () => {
  it('agrees with zlib on every length and place', () => {
    const random = createRandom(3)
    const bytes = Uint8Array.from({ length: 200 }, () => Math.floor(random() * 256))
    for (let from = 0; from < 9; from += 1) {
      for (let to = from; to <= bytes.length; to += 1) {
        expect(crc32Range(bytes, from, to)).toBe(crc32(bytes.subarray(from, to)))
      }
    }
  })
})
