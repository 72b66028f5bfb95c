import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { reliabilityReport } from '../../../build/bench/reliability-report.mjs'

const result = (row: string, lost: number) => ({
  row,
  title: 'work',
  method: 'How.',
  options: '--kills=7',
  measurements: [{ work: 'lost', unit: '' as const, vsr: lost, bar: { text: '0', limit: 0 } }],
})
const report = (date: string, previous: string, ...results: ReturnType<typeof result>[]) =>
  reliabilityReport({
    results,
    order: ['KILLS', 'DISK'],
    date,
    cores: 2,
    node: 'v20',
    previous,
  })

it('says what was promised and missed, by which command, and keeps what was not measured now', () => {
  const first = report('2026-01-01', '', result('DISK', 0), result('KILLS', 0))
  const second = report('2026-02-02', first, result('KILLS', 2))
  const sections = second.split('## ').slice(1)
  expect(sections.map((text) => text.slice(0, text.indexOf(' ')))).toEqual(['KILLS', 'DISK'])
  expect(sections[0]).toContain('`npm run bench:reliability -- KILLS --kills=7`, 2026-02-02')
  expect(sections[0]).toContain('| lost | 2 | 0 | missed |')
  expect(sections[1]).toContain('2026-01-01')
  expect(sections[1]).toContain('| lost | 0 | 0 | met |')
})

it('the published figures keep what is promised', () => {
  const published = readFileSync('docs/reliability.md', 'utf8')
  expect(published).toContain('## KILLS')
  expect(published).not.toContain('| missed |')
})
