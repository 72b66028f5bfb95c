/** One thing that is wrong in a library. */
export interface Finding {
  readonly kind: 'missing' | 'orphan' | 'damaged'
  /** Absolute. */
  readonly path: string
  /** A sentence for the person: what it is, and what it means. */
  readonly message: string
}

/** What a look at a library has found. */
export interface VerifyReport {
  readonly recordings: number
  /** Of all logs, late segments included. */
  readonly rows: number
  /** Files that belong to a row and are there. */
  readonly files: number
  /** Rows whose file is not there. */
  readonly missing: number
  /** Files that no row and no part of VSR knows. */
  readonly orphans: number
  /** Lines that are no rows, files that are not what was stored, recordings that cannot be opened. */
  readonly damaged: number
  /** Looking repairs nothing. */
  readonly repaired: 0
  /** The first thousand of them. */
  readonly findings: readonly Finding[]
}

const MOST_FINDINGS = 1000

/** Counts what is found, and keeps the first of it. */
export interface ReportSoFar {
  recording(): void
  rows(count: number): void
  file(): void
  found(finding: Finding): void
  done(): VerifyReport
}

export function createReport(): ReportSoFar {
  const counts = { recordings: 0, rows: 0, files: 0 }
  const wrong = { missing: 0, orphan: 0, damaged: 0 }
  const findings: Finding[] = []
  return {
    recording() {
      counts.recordings += 1
    },
    rows(count) {
      counts.rows += count
    },
    file() {
      counts.files += 1
    },
    found(finding) {
      wrong[finding.kind] += 1
      if (findings.length < MOST_FINDINGS) findings.push(finding)
    },
    done() {
      const { missing, orphan, damaged } = wrong
      return { ...counts, missing, orphans: orphan, damaged, repaired: 0, findings }
    },
  }
}
