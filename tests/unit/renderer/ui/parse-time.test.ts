import { describe, expect, it } from 'vitest'
import { parseTypedTime } from '../../../../src-renderer/ui/parse-time'

const at = (...parts: [number, number, number, number?, number?]) =>
  new Date(2026, 10, ...parts).getTime()
/** Over midnight: 22nd 23:00 to 23rd 02:00. */
const extent = { startMs: at(22, 23, 0), endMs: at(23, 2, 0) }

describe('typed times', () => {
  it('takes the day on which the time lies within the recording', () => {
    expect(parseTypedTime('23:30', extent)).toBe(at(22, 23, 30))
    expect(parseTypedTime('1:15:05', extent)).toBe(at(23, 1, 15, 5))
    expect(parseTypedTime(' 01:15:05.25 ', extent)).toBe(at(23, 1, 15, 5, 250))
  })

  it('takes the nearest day when it lies on none', () => {
    expect(parseTypedTime('22:50', extent)).toBe(at(22, 22, 50))
    expect(parseTypedTime('02:10', extent)).toBe(at(23, 2, 10))
  })

  it('takes a day that was typed', () => {
    expect(parseTypedTime('2026-11-22 23:30:00', extent)).toBe(at(22, 23, 30))
    expect(parseTypedTime('2026-11-23T00:00', extent)).toBe(at(23, 0, 0))
  })

  it('takes an offset from the start, as the command line does', () => {
    expect(parseTypedTime('90', extent)).toBe(at(22, 23, 1, 30))
    expect(parseTypedTime('1m30s', extent)).toBe(at(22, 23, 1, 30))
    expect(parseTypedTime('1h', extent)).toBe(at(23, 0, 0))
    expect(parseTypedTime('1.5', extent)).toBe(extent.startMs + 1500)
  })

  it('takes ISO 8601 with a zone', () => {
    const iso = new Date(at(22, 23, 30)).toISOString()
    expect(parseTypedTime(iso, extent)).toBe(at(22, 23, 30))
  })

  it.each(['', 'noon', '25:00', '12:60', '12:00:61', '2026-02-30 10:00', '12:00:00.1234', '1x'])(
    'refuses %j',
    (text) => {
      expect(parseTypedTime(text, extent)).toBeUndefined()
    },
  )
})
