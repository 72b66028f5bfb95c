import { expect, it } from 'vitest'
import { performanceReport } from '../../../build/bench/report.mjs'

const result = (row: string, vsr: number) => ({
  row,
  title: 'work',
  method: 'How.',
  measurements: [{ work: 'wall', unit: 'ms' as const, vsr }],
})
const report = (date: string, previous: string, ...results: ReturnType<typeof result>[]) =>
  performanceReport({ results, date, cores: 2, node: 'v20', previous })

it('replaces the sections that were measured, and keeps the others with their date', () => {
  const first = report('2026-01-01', '', result('P3', 1), result('P10', 2))
  const second = report('2026-02-02', first, result('P1', 3), result('P3', 4))
  const sections = second.split('## ').slice(1)
  expect(sections.map((text) => text.slice(0, text.indexOf(' ')))).toEqual(['P1', 'P3', 'P10'])
  expect(sections[1]).toContain('Taken on 2026-02-02')
  expect(sections[1]).toContain('| wall | 4.00 ms |')
  expect(sections[2]).toContain('Taken on 2026-01-01')
  expect(sections[2]).toContain('| wall | 2.00 ms |')
})
