import { describe, expect, it } from 'vitest'
import { parseSpanLength, parseTimestamp } from '../../../src-main/playback/span-time'

describe('span time', () => {
  it('reads unix seconds, unix milliseconds and local calendar time', () => {
    expect(parseTimestamp('1790000000')).toBe(1_790_000_000_000)
    expect(parseTimestamp('1790000000123')).toBe(1_790_000_000_123)
    expect(parseTimestamp('0')).toBe(0)
    expect(parseTimestamp('20260228235959')).toBe(new Date(2026, 1, 28, 23, 59, 59).getTime())
    expect(parseTimestamp('20240229000000')).toBe(new Date(2024, 1, 29).getTime())
  })

  it('S08 refuses calendar times that do not exist', () => {
    for (const text of [
      '20260229000000',
      '20261301000000',
      '20260100000000',
      '20260101240000',
      '20260101006000',
      '00000101000000',
    ]) {
      expect(() => parseTimestamp(text), text).toThrow(/not a point in time/)
    }
  })

  it('reads lengths', () => {
    expect(parseSpanLength('90')).toBe(90)
    expect(parseSpanLength('1h30m')).toBe(5400)
    expect(parseSpanLength('31d')).toBe(31 * 86_400)
    expect(parseSpanLength('now')).toBe('now')
  })

  it('S08 refuses lengths out of bounds', () => {
    for (const text of ['', '0', '-5', '0.5', 'NaN', '1e3', '2678401', '31d1s', '1x', 'Now!']) {
      expect(() => parseSpanLength(text), text).toThrow(/between 1 second and 31 days/)
    }
  })
})
