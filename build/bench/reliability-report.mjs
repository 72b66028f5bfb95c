// What was broken and what was lost, as text: for the terminal, and as docs/reliability.md.
import { sectionsOf } from './report.mjs'

/** @typedef {import('../../tests/bench/support/report').BenchResult} BenchResult */
/** @typedef {import('../../tests/bench/support/report').Measurement} Measurement */

const header = ['figure', 'measured', 'promised', '']

/** Counts as they are, times to three places. @param {number} value */
const amount = (value) => (Number.isInteger(value) ? `${value}` : value.toPrecision(3))

/** @param {Measurement} measurement */
function cells({ work, unit, vsr, bar }) {
  const measured = `${amount(vsr)} ${unit}`.trim()
  if (bar === undefined) return [work, measured, '', '']
  return [work, measured, bar.text, vsr <= bar.limit ? 'met' : 'missed']
}

/** @param {BenchResult} result */
export function reliabilityLines(result) {
  const rows = [header, ...result.measurements.map(cells)]
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const line = (/** @type {readonly string[]} */ row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]))
      .join('  ')
      .trimEnd()
  return [`${result.row} ${result.title}`, ...rows.map(line), '']
}

/**
 * docs/reliability.md: what was measured now, and the sections of rows that were not as they stood in `previous`.
 * @param {{ results: readonly BenchResult[], order: readonly string[], date: string, cores: number, node: string, previous: string }} options
 */
export function reliabilityReport({ results, order, date, cores, node, previous }) {
  const line = (/** @type {readonly string[]} */ row) => `| ${row.join(' | ')} |`
  const sections = new Map(sectionsOf(previous))
  for (const { row, title, method, measurements, options = '' } of results) {
    const text = [
      `## ${row} ${title}`,
      '',
      `\`npm run bench:reliability -- ${row}${options === '' ? '' : ` ${options}`}\`, ${date}: ${cores} cores, Node ${node}. ${method}`,
      '',
      line(header),
      line(header.map(() => '---')),
      ...measurements.map((measurement) => line(cells(measurement))),
    ]
    sections.set(row, text.join('\n'))
  }
  const inOrder = order.flatMap((row) => sections.get(row) ?? [])
  return [
    '# Reliability',
    '',
    'Written by `npm run bench:reliability`, which breaks VSR on purpose, counts what was lost, and replaces the sections that it measures. A segment is *acknowledged*',
    'when its bytes, its name and its row in the log are durable: nothing acknowledged may ever be lost. `npm test` does the same with smaller numbers.',
    'Memory, descriptors and completeness over 100 000 reloads are in [performance](performance.md), section SOAK (`npm run bench:soak`).',
    '',
    inOrder.join('\n\n'),
    '',
  ].join('\n')
}
