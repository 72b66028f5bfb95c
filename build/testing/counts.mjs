// Reads how many tests a suite ran from what it reported. Pure.

/**
 * @typedef {{ passed: number, failed: number, skipped: number, problems: readonly string[] }} Counts
 * `problems`: why the suite failed where no single test says so; each counts as one failure.
 */

/**
 * @param {{ report: { numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests?: number,
 *   testResults: readonly { name: string, status: string, assertionResults: readonly object[] }[] } | undefined,
 *   exitCode: number | null, late: boolean, deadlineMs: number }} options `report`: of vitest's JSON reporter; undefined = none was written
 * @returns {Counts}
 */
export function countVitest({ report, exitCode, late, deadlineMs }) {
  const problems = []
  if (late) problems.push(`did not end within ${deadlineMs / 60_000} minutes`)
  if (report === undefined && !late) problems.push(`ended without a report (exit code ${exitCode})`)
  const passed = report?.numPassedTests ?? 0
  const failed = report?.numFailedTests ?? 0
  const broken = (report?.testResults ?? []).filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  for (const file of broken) problems.push(`${file.name} could not be run`)
  if (report !== undefined && passed + failed === 0) problems.push('ran no test')
  if (report !== undefined && exitCode !== 0 && failed === 0 && problems.length === 0) {
    problems.push(`errors outside of tests (exit code ${exitCode})`)
  }
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0)
  return { passed, failed: failed + problems.length, skipped, problems }
}

/**
 * @param {{ output: string, exitCode: number | null, late: boolean, deadlineMs: number }} options `output` ends with `check: N passed, N failed`
 * @returns {Counts}
 */
export function countChecks({ output, exitCode, late, deadlineMs }) {
  const [, passedText, failedText] = /^check: (\d+) passed, (\d+) failed$/m.exec(output) ?? []
  const passed = Number(passedText ?? 0)
  const failed = Number(failedText ?? 0)
  const problems = []
  if (late) problems.push(`did not end within ${deadlineMs / 60_000} minutes`)
  else if (passedText === undefined) problems.push(`ended without a result (exit code ${exitCode})`)
  else if (passed + failed === 0) problems.push('ran no check')
  else if (exitCode !== 0 && failed === 0) problems.push(`exit code ${exitCode}`)
  return { passed, failed: failed + problems.length, skipped: 0, problems }
}

/**
 * The table for the person.
 * @param {readonly ({ name: string, sec: number } & Counts)[]} results
 */
export function formatTable(results) {
  const rows = results.map((result) => [
    result.name,
    String(result.passed),
    String(result.failed),
    String(result.skipped),
    result.sec.toFixed(1),
  ])
  const header = ['suite', 'passed', 'failed', 'skipped', 'seconds']
  const widths = header.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  )
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])))
        .join('  '),
    )
    .join('\n')
}
