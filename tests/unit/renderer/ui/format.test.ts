import { describe, expect, it } from 'vitest'
import {
  fileNameOf,
  formatBytes,
  formatClock,
  formatLength,
  formatMoment,
  formatPercent,
  formatSpan,
  pathParts,
} from '../../../../src-renderer/ui/format'

describe('format', () => {
  it('shows lengths as a clock', () => {
    expect(formatLength(0)).toBe('0:00')
    expect(formatLength(65.9)).toBe('1:05')
    expect(formatLength(3723)).toBe('1:02:03')
    expect(formatLength(604_800)).toBe('168:00:00')
    expect(formatLength(-1)).toBe('0:00')
  })

  it('shows spans in at most two units', () => {
    expect(formatSpan(0.84)).toBe('0.8 s')
    expect(formatSpan(11.2)).toBe('11 s')
    expect(formatSpan(59.7)).toBe('1 min')
    expect(formatSpan(125)).toBe('2 min 5 s')
    expect(formatSpan(3840)).toBe('1 h 4 min')
    expect(formatSpan(266_400)).toBe('3 d 2 h')
  })

  it('shows sizes with three digits', () => {
    expect(formatBytes(0)).toBe('0 B')
    expect(formatBytes(999)).toBe('999 B')
    expect(formatBytes(1520)).toBe('1.52 kB')
    expect(formatBytes(23_400_000)).toBe('23.4 MB')
    expect(formatBytes(999_900_000)).toBe('1.00 GB')
  })

  it('never claims 100 % while something is missing', () => {
    expect(formatPercent(1)).toBe('100 %')
    expect(formatPercent(0.999999)).toBe('99.99 %')
    expect(formatPercent(0.9987)).toBe('99.8 %')
    expect(formatPercent(0)).toBe('0 %')
  })

  it('shows local wall clock, with the day when it is another one', () => {
    const ms = new Date(2026, 10, 22, 4, 5, 6, 7).getTime()
    expect(formatClock(ms)).toBe('04:05:06')
    expect(formatClock(ms, { withMs: true })).toBe('04:05:06.007')
    expect(formatMoment(ms, ms + 1000)).toBe('04:05:06')
    expect(formatMoment(ms, ms + 86_400_000)).toBe('2026-11-22 04:05:06')
  })

  it('cuts paths after their slashes and loses nothing', () => {
    for (const path of ['/a/b c.mp4', 'C:\\a\\b.mp4', 'x.mp4', '/', '']) {
      expect(pathParts(path).join('')).toBe(path)
    }
    expect(pathParts('/exports/a b.mp4')).toEqual(['/', 'exports/', 'a b.mp4'])
  })

  it('takes the file name from paths of either kind', () => {
    expect(fileNameOf('/a/b c.mp4')).toBe('b c.mp4')
    expect(fileNameOf('C:\\a\\b.mp4')).toBe('b.mp4')
  })
})
