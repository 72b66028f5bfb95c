// `node build/bench.mjs [row …] [--quick] [--name=value …]`: measures, prints, and rewrites docs/performance.md. No row = all of
// them. A quick look prints only: what it says is too rough to be kept.
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { ensurePeers } from './bench/peers.mjs'
import { performanceReport, resultLines } from './bench/report.mjs'
import { benchArguments, runBenches } from './bench/run-benches.mjs'

/** Each row of the table of what is measured, and the script that measures it. */
const scripts = {
  P1: 'live-record',
  P2: 'vod-download',
  P3: 'segment-log',
  P4: 'vod-playlist',
  P6: 'export-copy',
  P9: 'serve-start',
  P11: 'library-list',
  P12: 'year-long',
  SOAK: 'live-soak',
}

const { options, rows, isQuick } = benchArguments(process.argv.slice(2), scripts)
await ensurePeers()
const results = await runBenches({
  scripts,
  rows,
  options,
  isQuick,
  onResult: (result) => console.log(resultLines(result).join('\n')),
})
if (!isQuick) {
  const file = path.resolve(import.meta.dirname, '../docs/performance.md')
  writeFileSync(
    file,
    performanceReport({
      results,
      date: new Date().toISOString().slice(0, 10),
      cores: availableParallelism(),
      node: process.version,
      previous: readFileSync(file, 'utf8'),
    }),
  )
}
