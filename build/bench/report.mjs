// Figures as text: for the terminal, and as docs/performance.md.

/** @typedef {import('../../tests/bench/support/report').BenchResult} BenchResult */
/** @typedef {import('../../tests/bench/support/report').Measurement} Measurement */

const header = ['what', 'VSR', 'peer', 'VSR / peer', 'bar', '']

/** @param {number} value */
const short = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(value >= 1 ? 3 : 2))

/** @param {Measurement} measurement */
function cells({ work, unit, vsr, peer, bar }) {
  const amount = (/** @type {number} */ value) => `${short(value)} ${unit}`
  return [
    work,
    amount(vsr),
    peer === undefined ? '' : `${peer.name} ${amount(peer.value)}`,
    peer === undefined ? '' : `${(vsr / peer.value).toFixed(2)}x`,
    bar === undefined ? '' : bar.text,
    bar === undefined ? '' : vsr <= bar.limit ? 'met' : 'missed',
  ]
}

/** @param {BenchResult} result */
export function resultLines(result) {
  const rows = [header, ...result.measurements.map(cells)]
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return [
    `${result.row} ${result.title}`,
    ...rows.map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]))
        .join('  ')
        .trimEnd(),
    ),
    '',
  ]
}

/**
 * docs/performance.md: what was measured now, and the sections of rows that were not as they stood in `previous`.
 * @param {{ results: readonly BenchResult[], date: string, cores: number, node: string, previous: string }} options
 */
export function performanceReport({ results, date, cores, node, previous }) {
  const line = (/** @type {readonly string[]} */ row) => `| ${row.join(' | ')} |`
  const sections = new Map(sectionsOf(previous))
  for (const { row, title, method, measurements } of results) {
    const text = [
      `## ${row} ${title}`,
      '',
      `Taken on ${date}: ${cores} cores, Node ${node}. ${method}`,
      '',
      line(header),
      line(header.map(() => '---')),
      ...measurements.map((measurement) => line(cells(measurement))),
    ]
    sections.set(row, text.join('\n'))
  }
  const inOrder = [...sections].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
  return [
    '# Performance',
    '',
    'Written by `node build/bench.mjs`, which replaces the sections that it measures. Medians of three runs, or of as many as a section says, VSR and its peer in turn,',
    'since machines are shared and noisy: trust the ratios more than the figures. Durability (fsync, checksums) is on in every figure of VSR.',
    '',
    inOrder.map(([, text]) => text).join('\n\n'),
    '',
  ].join('\n')
}

/**
 * The sections of a report by their row.
 * @param {string} report
 * @returns {[string, string][]}
 */
export function sectionsOf(report) {
  return report
    .split(/^(?=## )/m)
    .slice(1)
    .map((text) => [text.split(' ', 2)[1] ?? '', text.trimEnd()])
}
