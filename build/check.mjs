// `npm run check`: format, types, lint, boundaries, unused code. Prints one line per check, the output only of those that fail.
import { spawnSync } from 'node:child_process'

const checks = [
  ['format', 'biome', ['format', '.']],
  ['types', 'tsc', ['-b']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings', '.']],
  [
    'boundaries',
    'depcruise',
    ['--config', '.dependency-cruiser.cjs', 'src-main', 'src-preload', 'src-renderer'],
  ],
  ['unused', 'knip', []],
]

/** A boundary check that looked at nothing has not passed. */
const cruisedNothing = (name, output) => name === 'boundaries' && !/\([1-9]\d* modules/.test(output)

let passed = 0
for (const [name, command, args] of checks) {
  const startMs = performance.now()
  const run = spawnSync(`node_modules/.bin/${command}`, args, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const output = `${run.stdout ?? ''}${run.stderr ?? ''}${run.error ?? ''}`
  const ok = run.status === 0 && !cruisedNothing(name, output)
  console.log(
    `${ok ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - startMs) / 1000).toFixed(1)} s)`,
  )
  if (ok) passed += 1
  else console.log(output)
}
console.log(`check: ${passed} passed, ${checks.length - passed} failed`)
process.exitCode = passed === checks.length ? 0 : 1
