import { expect, it } from 'vitest'
import { readRetryAfterSec } from '../../../src-main/fetch/retry-after'

const NOW = Date.parse('2026-03-01T10:00:00Z')

it.each([
  ['1', 1],
  [' 30 ', 30],
  ['0', 1],
  ['600', 600],
  ['1000000000', 600],
  ['99999999999999999999999999', 600],
  ['Sun, 01 Mar 2026 10:00:42 GMT', 42],
  ['Sun, 01 Mar 2026 09:00:00 GMT', 1],
  ['Sun, 01 Mar 2099 09:00:00 GMT', 600],
  ['-5', undefined],
  ['1e9', undefined],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('F25 Retry-After %j is %s s', (header, expected) => {
  expect(readRetryAfterSec(header, NOW)).toBe(expected)
})
