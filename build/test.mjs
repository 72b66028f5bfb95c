// `npm test`: every suite, a table, and as the last line `N passed, N failed`.
// `npm test -- unit e2e` runs some suites; `npm test -- unit store` some files of them.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { buildApp, buildReady } from './setup/app-build.mjs'
import { sayFailure } from './setup/say.mjs'
import { countChecks, countVitest, formatTable } from './testing/counts.mjs'
import { runTree } from './testing/run-tree.mjs'
import { filesToRunAgain, joinReports, passedAtLast } from './testing/second-run.mjs'
import { selectSuites } from './testing/suites.mjs'

const root = path.resolve(import.meta.dirname, '..')
const { selected, filters } = selectSuites(process.argv.slice(2))

/** @param {import('./testing/suites.mjs').Suite} suite */
async function runCheck({ deadlineMs }) {
  const script = path.join(root, 'build/check.mjs')
  const { code, output, late } = await runTree({
    command: process.execPath,
    args: [script],
    cwd: root,
    deadlineMs,
  })
  return countChecks({ output, exitCode: code, late, deadlineMs })
}

async function runBuild() {
  try {
    await buildApp(root)
    return { passed: 1, failed: 0, skipped: 0, problems: [] }
  } catch (error) {
    sayFailure(error)
    return { passed: 0, failed: 1, skipped: 0, problems: ['the build failed'] }
  }
}

/**
 * @param {import('./testing/suites.mjs').Suite} suite
 * @param {readonly string[]} files whose path contains one of these; none = all
 */
async function runProject({ name, deadlineMs }, files) {
  const reportFile = path.join(root, `.cache/test-reports/${name}.json`)
  mkdirSync(path.dirname(reportFile), { recursive: true })
  rmSync(reportFile, { force: true })
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  const { code, late, leftOver } = await runTree({
    command: process.execPath,
    args: [vitest, 'run', '--project', name, ...reporters, ...files],
    cwd: root,
    deadlineMs,
  })
  if (leftOver) console.log(`Note: ${name} left processes running; they have been ended.`)
  const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined
  return { report, exitCode: code, late, deadlineMs }
}

/** @param {import('./testing/suites.mjs').Suite} suite */
async function runVitest(suite) {
  if (suite.needsBuild && !buildReady(root)) {
    const built = await runBuild()
    if (built.failed > 0) return built
  }
  const first = await runProject(suite, filters)
  const files = suite.mayRunAgain && !first.late ? filesToRunAgain(first.report) : []
  if (files.length === 0) return countVitest(first)
  console.log(`\n== ${suite.name}, once more: ${files.join(' ')}`)
  const second = await runProject(suite, files)
  if (second.late || second.report === undefined) return countVitest(first)
  const report = joinReports(first.report, second.report)
  return {
    ...countVitest({ ...second, report }),
    atLast: passedAtLast(first.report, second.report),
  }
}

const runners = { check: runCheck, build: runBuild, vitest: runVitest }

const results = []
for (const suite of selected) {
  console.log(`\n== ${suite.name}`)
  const startMs = performance.now()
  const counts = await runners[suite.kind](suite)
  results.push({ name: suite.name, sec: (performance.now() - startMs) / 1000, ...counts })
}

console.log(`\n${formatTable(results)}\n`)
for (const { name, problems, atLast = [] } of results) {
  for (const problem of problems) console.log(`${name}: ${problem}`)
  for (const test of atLast) console.log(`${name}: passed only at the second run: ${test}`)
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1
