// `node build/bench-reliability.mjs [row …] [--quick] [--kills=N …]`: breaks VSR in every way that its faults name, counts what was
// lost, prints, and rewrites docs/reliability.md. No row = all of them. A quick look prints only.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { reliabilityLines, reliabilityReport } from './bench/reliability-report.mjs'
import { benchArguments, runBenches } from './bench/run-benches.mjs'

/** Each row of the report, and the script that measures it. */
const scripts = {
  KILLS: 'reliability-kills',
  CRASHES: 'reliability-crashes',
  DISK: 'reliability-disk',
  RESTART: 'reliability-restart',
  RECOVERY: 'reliability-recovery',
  SOURCE: 'reliability-source',
  HOSTILE: 'reliability-hostile',
}

const { options, rows, isQuick } = benchArguments(process.argv.slice(2), scripts)
const results = await runBenches({
  scripts,
  rows,
  options,
  isQuick,
  onResult: (result) => console.log(reliabilityLines(result).join('\n')),
})
if (!isQuick) {
  const file = path.resolve(import.meta.dirname, '../docs/reliability.md')
  writeFileSync(
    file,
    reliabilityReport({
      results,
      order: Object.keys(scripts),
      date: new Date().toISOString().slice(0, 10),
      cores: availableParallelism(),
      node: process.version,
      previous: existsSync(file) ? readFileSync(file, 'utf8') : '',
    }),
  )
}
