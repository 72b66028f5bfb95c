// The suites of `npm test`, in order: cheap and telling ones first.

const minutes = (count) => count * 60_000

/**
 * @typedef {{ name: string, kind: 'check' | 'build' | 'vitest', deadlineMs: number, needsBuild?: boolean,
 *   mayRunAgain?: boolean }} Suite
 * `deadlineMs`: after it the suite's whole process tree is ended and the suite has failed.
 * `mayRunAgain`: real programs and a real clock; what failed is run once more, alone.
 */

/** @type {readonly Suite[]} */
const suites = [
  { name: 'check', kind: 'check', deadlineMs: minutes(5) },
  { name: 'build', kind: 'build', deadlineMs: minutes(4) },
  { name: 'unit', kind: 'vitest', deadlineMs: minutes(4) },
  { name: 'contract', kind: 'vitest', deadlineMs: minutes(2) },
  {
    name: 'integration',
    kind: 'vitest',
    deadlineMs: minutes(10),
    needsBuild: true,
    mayRunAgain: true,
  },
  {
    name: 'e2e',
    kind: 'vitest',
    deadlineMs: minutes(12),
    needsBuild: true,
    mayRunAgain: true,
  },
]

/**
 * Suites and file filters that the arguments name: `npm test -- unit store` runs the unit tests whose
 * path contains "store". No suite named = all of them.
 * @param {readonly string[]} args
 */
export function selectSuites(args) {
  const names = suites.map((suite) => suite.name)
  const chosen = suites.filter((suite) => args.includes(suite.name))
  const filters = args.filter((arg) => !names.includes(arg))
  const base = chosen.length > 0 ? chosen : suites
  // A file filter means nothing to checks and build.
  return {
    filters,
    selected: filters.length > 0 ? base.filter((suite) => suite.kind === 'vitest') : base,
  }
}
