export interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests?: number
  testResults: readonly {
    name: string
    status: string
    assertionResults: readonly { fullName: string; status: string }[]
  }[]
}

export function filesToRunAgain(report: Report | undefined): readonly string[]

export function joinReports(first: Report, second: Report): Report

export function passedAtLast(first: Report, second: Report): readonly string[]
