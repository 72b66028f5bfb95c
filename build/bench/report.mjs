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

/** @param {{ results: readonly BenchResult[], date: string, cores: number, node: string }} options */
export function performanceReport({ results, date, cores, node }) {
  const line = (/** @type {readonly string[]} */ row) => `| ${row.join(' | ')} |`
  return [
    '# Performance',
    '',
    `Written by \`node build/bench.mjs\` on ${date}: ${cores} cores, Node ${node}. Medians of at least three runs, VSR and its peer in turn,`,
    'since machines are shared and noisy: trust the ratios more than the figures. Durability (fsync, checksums) is on in every figure of VSR.',
    ...results.flatMap(({ row, title, method, measurements }) => [
      '',
      `## ${row} ${title}`,
      '',
      method,
      '',
      line(header),
      line(header.map(() => '---')),
      ...measurements.map((measurement) => line(cells(measurement))),
    ]),
    '',
  ].join('\n')
}
