// `node build/bench.mjs [row …] [--quick] [--name=value …]`: measures, prints, and rewrites docs/performance.md. No row = all of
// them. A quick look prints only: what it says is too rough to be kept.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { build } from 'vite'
import { ensurePeers } from './bench/peers.mjs'
import { buildApp, buildReady } from './setup/app-build.mjs'
import { performanceReport, resultLines } from './bench/report.mjs'

const root = path.resolve(import.meta.dirname, '..')
const outDir = path.join(root, '.cache/bench/bundles')

/** Each row of the table of what is measured, and the script that measures it. */
const scripts = {
  P1: 'live-record',
  P2: 'vod-download',
  P3: 'segment-log',
  P4: 'vod-playlist',
  P6: 'export-copy',
  P9: 'serve-start',
  P11: 'library-list',
  SOAK: 'live-soak',
}

/** @param {string} name */
async function bundle(name) {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: path.join(root, `tests/bench/${name}.ts`),
      outDir,
      emptyOutDir: false,
      target: 'node20.19',
      rollupOptions: { output: { format: 'es', entryFileNames: '[name].mjs' } },
    },
  })
  return path.join(outDir, `${name}.mjs`)
}

const options = process.argv.slice(2).filter((word) => word.startsWith('--'))
const isQuick = options.includes('--quick')
const wanted = process.argv
  .slice(2)
  .filter((word) => !word.startsWith('--'))
  .map((row) => row.toUpperCase())
const unknown = wanted.filter((row) => !(row in scripts))
if (unknown.length > 0) {
  console.error(`No bench for ${unknown.join(', ')}. Known: ${Object.keys(scripts).join(', ')}`)
  process.exit(2)
}
/** Rough figures are kept apart from those of docs/performance.md. */
const resultsDir = path.join(root, isQuick ? '.cache/bench/quick-results' : '.cache/bench/results')
mkdirSync(resultsDir, { recursive: true })
await ensurePeers()
if (!buildReady(root)) await buildApp(root)
/** @type {import('../tests/bench/support/report').BenchResult[]} */
const results = []
for (const [row, script] of Object.entries(scripts)) {
  if (wanted.length > 0 && !wanted.includes(row)) continue
  const run = spawnSync(process.execPath, ['--expose-gc', await bundle(script), ...options], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, VSR_BENCH_RESULTS: resultsDir },
  })
  if (run.status !== 0) {
    console.error(`${row} failed`)
    process.exitCode = 1
    continue
  }
  const result = JSON.parse(readFileSync(path.join(resultsDir, `${row}.json`), 'utf8'))
  results.push(result)
  console.log(resultLines(result).join('\n'))
}
if (!isQuick) {
  const file = path.join(root, 'docs/performance.md')
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
