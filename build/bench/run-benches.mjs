// Runs scripts of tests/bench, each in a process of its own, and reads the figures that they leave.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'vite'
import { buildApp, buildReady } from '../setup/app-build.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const outDir = path.join(root, '.cache/bench/bundles')

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

/**
 * The words of a command line: `--…` are for the scripts, the others name rows; none = all. Ends the process for a row that is not known.
 * @param {readonly string[]} argv
 * @param {Readonly<Record<string, string>>} scripts
 */
export function benchArguments(argv, scripts) {
  const options = argv.filter((word) => word.startsWith('--'))
  const wanted = argv.filter((word) => !word.startsWith('--')).map((row) => row.toUpperCase())
  const unknown = wanted.filter((row) => !(row in scripts))
  if (unknown.length > 0) {
    console.error(`No bench for ${unknown.join(', ')}. Known: ${Object.keys(scripts).join(', ')}`)
    process.exit(2)
  }
  const rows = wanted.length > 0 ? wanted : Object.keys(scripts)
  return { options, rows, isQuick: options.includes('--quick') }
}

/**
 * Measures one row after the other. One that fails is named, and makes this process end with 1; the others go on.
 * @param {object} given
 * @param {Readonly<Record<string, string>>} given.scripts each row and its script in tests/bench
 * @param {readonly string[]} given.rows
 * @param {readonly string[]} given.options handed to the scripts
 * @param {boolean} given.isQuick rough figures, which are kept apart
 * @param {(result: import('../../tests/bench/support/report').BenchResult) => void} given.onResult
 */
export async function runBenches({ scripts, rows, options, isQuick, onResult }) {
  const resultsDir = path.join(
    root,
    isQuick ? '.cache/bench/quick-results' : '.cache/bench/results',
  )
  mkdirSync(resultsDir, { recursive: true })
  if (!buildReady(root)) await buildApp(root)
  /** @type {import('../../tests/bench/support/report').BenchResult[]} */
  const results = []
  for (const row of Object.keys(scripts).filter((known) => rows.includes(known))) {
    const run = spawnSync(
      process.execPath,
      ['--expose-gc', await bundle(scripts[row]), ...options],
      {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, VSR_BENCH_RESULTS: resultsDir },
      },
    )
    if (run.status !== 0) {
      console.error(`${row} failed`)
      process.exitCode = 1
      continue
    }
    const result = JSON.parse(readFileSync(path.join(resultsDir, `${row}.json`), 'utf8'))
    results.push(result)
    onResult(result)
  }
  return results
}
