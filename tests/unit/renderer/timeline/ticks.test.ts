import { describe, expect, it } from 'vitest'
import {
  type OffsetMinutes,
  stepFor,
  tickLabel,
  ticksBetween,
} from '../../../../src-renderer/timeline/ticks'

const MIN = 60_000
const HOUR = 60 * MIN
const DAY = 24 * HOUR

/** Berlin in 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC. */
const berlin: OffsetMinutes = (ms) =>
  ms >= Date.UTC(2026, 2, 29, 1) && ms < Date.UTC(2026, 9, 25, 1) ? 120 : 60
const utc: OffsetMinutes = () => 0
const nepal: OffsetMinutes = () => 345

const iso = (ticks: readonly number[]) => ticks.map((ms) => new Date(ms).toISOString().slice(5, 16))

describe('ticks', () => {
  it('picks the smallest step that keeps labels apart', () => {
    expect(stepFor(10_000, 1000, 90)).toBe(1000)
    expect(stepFor(DAY, 1000, 90)).toBe(3 * HOUR)
    expect(stepFor(60 * DAY, 1000, 90)).toBe(7 * DAY)
    expect(stepFor(900 * DAY, 1000, 90) % DAY).toBe(0)
  })

  it('stands on multiples of the step, ends included', () => {
    expect(ticksBetween(10_000, 25_000, 5000, utc)).toEqual([10_000, 15_000, 20_000, 25_000])
    expect(ticksBetween(10_001, 19_999, 5000, utc)).toEqual([15_000])
  })

  it('counts in local time where the zone is no whole hour off', () => {
    const from = Date.UTC(2026, 0, 5, 0, 0)
    expect(iso(ticksBetween(from, from + 3 * HOUR, HOUR, nepal))).toEqual([
      '01-05T00:15',
      '01-05T01:15',
      '01-05T02:15',
    ])
  })

  it('gives a day of 23 hours one midnight at each end', () => {
    const ticks = ticksBetween(Date.UTC(2026, 2, 28), Date.UTC(2026, 2, 31), DAY, berlin)
    expect(iso(ticks)).toEqual(['03-28T23:00', '03-29T22:00', '03-30T22:00'])
  })

  it('gives a day of 25 hours one midnight at each end', () => {
    const ticks = ticksBetween(Date.UTC(2026, 9, 24), Date.UTC(2026, 9, 27), DAY, berlin)
    expect(iso(ticks)).toEqual(['10-24T22:00', '10-25T23:00', '10-26T23:00'])
  })

  it('keeps even hours even on the wall clock when the clock is put forward', () => {
    const ticks = ticksBetween(
      Date.UTC(2026, 2, 28, 23),
      Date.UTC(2026, 2, 29, 6),
      2 * HOUR,
      berlin,
    )
    // 00:00 CET, (02:00 does not exist), 04:00, 06:00, 08:00 CEST
    expect(iso(ticks)).toEqual(['03-28T23:00', '03-29T02:00', '03-29T04:00', '03-29T06:00'])
  })

  it('shows the hour that comes twice twice', () => {
    const ticks = ticksBetween(Date.UTC(2026, 9, 24, 23), Date.UTC(2026, 9, 25, 3), HOUR, berlin)
    expect(iso(ticks)).toEqual([
      '10-24T23:00',
      '10-25T00:00',
      '10-25T01:00',
      '10-25T02:00',
      '10-25T03:00',
    ])
  })

  it('ends by itself when asked for far too many', () => {
    expect(ticksBetween(0, 365 * DAY, 100, utc).length).toBeLessThanOrEqual(400)
  })

  it('labels as fine as the step needs, and midnight with its day', () => {
    const noon = new Date(2026, 10, 22, 12, 30, 5, 250).getTime()
    expect(tickLabel(noon, 100)).toBe('12:30:05.2')
    expect(tickLabel(noon, 1000)).toBe('12:30:05')
    expect(tickLabel(noon, 5 * MIN)).toBe('12:30')
    expect(tickLabel(new Date(2026, 10, 22).getTime(), HOUR)).toBe('11-22')
  })
})
