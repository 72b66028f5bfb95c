import { describe, expect, it } from 'vitest'
import {
  parseDurationSec,
  parseInstantMs,
  parseUntilMs,
} from '../../../src-preload/contract/time-text'

describe('parseDurationSec', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['5m', 300],
    ['1h30m', 5400],
    ['1m30s', 90],
    ['2d', 172_800],
    ['0.5', 0.5],
    ['00:01:30.500', 90.5],
    ['01:30', 90],
    [' 1H ', 3600],
  ])('reads %s', (text, seconds) => {
    expect(parseDurationSec(text)).toBe(seconds)
  })

  it.each(['', 'x', '-1', '1h-3m', 'NaN', '1e9', '00:99:00', '30m1h', 'Infinity', '1 2'])(
    'refuses %j',
    (text) => {
      expect(parseDurationSec(text)).toBeUndefined()
    },
  )
})

describe('parseInstantMs', () => {
  const startMs = Date.UTC(2026, 2, 1, 12)

  it.each([
    ['90', startMs + 90_000],
    ['1m30s', startMs + 90_000],
    ['00:01:30.500', startMs + 90_500],
    ['2026-03-01T12:00:10Z', startMs + 10_000],
    ['2026-03-01T14:00:10+02:00', startMs + 10_000],
    ['1772366410', 1_772_366_410_000],
    ['1772366410123', 1_772_366_410_123],
  ])('reads %s', (text, ms) => {
    expect(parseInstantMs(text, startMs)).toBe(ms)
  })

  it('reads a date without zone as local time', () => {
    expect(parseInstantMs('2026-03-01T12:00:10', startMs)).toBe(
      new Date(2026, 2, 1, 12, 0, 10).getTime(),
    )
  })

  it.each(['', 'soon', '1e308', '-5', '2026-13-45', '999999999999999999'])('refuses %j', (text) => {
    expect(parseInstantMs(text, startMs)).toBeUndefined()
  })
})

describe('parseUntilMs', () => {
  const nowMs = new Date(2026, 2, 1, 14, 0, 0).getTime()

  it('takes a time of day still to come as today', () => {
    expect(parseUntilMs('14:30', nowMs)).toBe(new Date(2026, 2, 1, 14, 30).getTime())
  })

  it('takes a time of day gone by as tomorrow', () => {
    expect(parseUntilMs('13:30', nowMs)).toBe(new Date(2026, 2, 2, 13, 30).getTime())
  })

  it('refuses a date that lies behind and a text that is no time', () => {
    expect(parseUntilMs('2020-01-01T10:00', nowMs)).toBeUndefined()
    expect(parseUntilMs('25:00', nowMs)).toBeUndefined()
  })
})
