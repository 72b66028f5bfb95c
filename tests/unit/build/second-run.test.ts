import { describe, expect, it } from 'vitest'
import {
  filesToRunAgain,
  joinReports,
  passedAtLast,
  type Report,
} from '../../../build/testing/second-run.mjs'

function report(files: Readonly<Record<string, Readonly<Record<string, string>>>>): Report {
  const testResults = Object.entries(files).map(([name, tests]) => {
    const assertionResults = Object.entries(tests).map(([fullName, status]) => ({
      fullName,
      status,
    }))
    const isSound = assertionResults.every(({ status }) => status !== 'failed')
    return { name, status: isSound ? 'passed' : 'failed', assertionResults }
  })
  return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, testResults }
}

const first = report({
  'a.test.ts': { plays: 'passed', seeks: 'failed', waits: 'pending' },
  'b.test.ts': { records: 'passed' },
})

describe('a second run of what failed', () => {
  it('is of the files with failures, and of none where all is well', () => {
    expect(filesToRunAgain(first)).toEqual(['a.test.ts'])
    expect(filesToRunAgain(report({ 'b.test.ts': { records: 'passed' } }))).toEqual([])
    expect(filesToRunAgain(undefined)).toEqual([])
  })

  it('is not made where much is broken', () => {
    const broken = ['a', 'b', 'c', 'd'].map((name) => [name, { works: 'failed' }] as const)
    expect(filesToRunAgain(report(Object.fromEntries(broken)))).toEqual([])
  })

  it('takes the place of the first for its files, and names what passed only then', () => {
    const second = report({ 'a.test.ts': { plays: 'passed', seeks: 'passed', waits: 'pending' } })
    const joined = joinReports(first, second)
    expect(joined).toMatchObject({ numPassedTests: 3, numFailedTests: 0, numPendingTests: 1 })
    expect(passedAtLast(first, second)).toEqual(['a.test.ts: seeks'])
  })

  it('leaves failed what fails twice, also where it is another test', () => {
    const second = report({ 'a.test.ts': { plays: 'failed', seeks: 'passed', waits: 'pending' } })
    expect(joinReports(first, second)).toMatchObject({ numPassedTests: 2, numFailedTests: 1 })
  })
})
