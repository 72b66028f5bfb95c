// What failed beside real programs on a busy machine is run once more, alone. What passes then counts as passed and
// is named, so that nobody takes it for sound. Pure.

/** With more files than these, something is broken and a second run only takes time. */
const MOST_FILES = 3

/** @typedef {{ fullName: string, status: string }} TestResult */
/** @typedef {{ name: string, status: string, assertionResults: readonly TestResult[] }} FileResult */
/**
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests?: number,
 *   testResults: readonly FileResult[] }} Report of vitest's JSON reporter
 */

/**
 * The files to run once more; none where all is well or too much is wrong.
 * @param {Report | undefined} report
 * @returns {readonly string[]}
 */
export function filesToRunAgain(report) {
  const failed = (report?.testResults ?? []).filter(({ status }) => status === 'failed')
  return failed.length > MOST_FILES ? [] : failed.map(({ name }) => name)
}

/**
 * The first report with the files of the second in the place of its own.
 * @param {Report} first
 * @param {Report} second
 * @returns {Report}
 */
export function joinReports(first, second) {
  const byName = new Map(second.testResults.map((file) => [file.name, file]))
  const testResults = first.testResults.map((file) => byName.get(file.name) ?? file)
  const count = (status) =>
    testResults.reduce(
      (sum, file) => sum + file.assertionResults.filter((test) => test.status === status).length,
      0,
    )
  return {
    testResults,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending') + count('skipped'),
    numTodoTests: count('todo'),
  }
}

/**
 * The tests that failed at first and passed then.
 * @param {Report} first
 * @param {Report} second
 * @returns {readonly string[]}
 */
export function passedAtLast(first, second) {
  const passed = new Set(
    second.testResults.flatMap((file) => namesOf(file, ({ status }) => status === 'passed')),
  )
  return first.testResults
    .flatMap((file) => namesOf(file, ({ status }) => status === 'failed'))
    .filter((name) => passed.has(name))
}

const namesOf = (file, choose) =>
  file.assertionResults.filter(choose).map(({ fullName }) => `${file.name}: ${fullName}`)
