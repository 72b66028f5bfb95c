import { describe, expect, it } from 'vitest'
import { formatBytes, formatDuration, formatTable } from '../../../../src-main/api/cli/format'

describe('formats for the terminal', () => {
  it('shows hours only where there are some', () => {
    expect([formatDuration(0), formatDuration(61.9), formatDuration(3661)]).toEqual([
      '00:00',
      '01:01',
      '1:01:01',
    ])
  })

  it('picks a unit that keeps sizes short', () => {
    expect([formatBytes(999), formatBytes(1000), formatBytes(12_345_678)]).toEqual([
      '999 B',
      '1.0 kB',
      '12.3 MB',
    ])
  })

  it('aligns columns', () => {
    expect(
      formatTable([
        ['ID', 'TITLE'],
        ['abcdef', 'x'],
      ]),
    ).toBe('ID      TITLE\nabcdef  x')
  })
})
