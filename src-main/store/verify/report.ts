/** One thing that is wrong in a library. */
export interface Finding {
  readonly kind: 'missing' | 'orphan' | 'damaged'
  /** Absolute. */
  readonly path: string
  /** A sentence for the person: what it is, and what it means. */
  readonly message: string
  /** What a repair makes of it, as a sentence; absent where it is left as it is. */
  readonly remedy?: string
  /** That has been done. */
  readonly repaired?: true
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
  /** How many of those are no longer so. */
  readonly repaired: number
  /** What earlier repairs and starts have set aside: files in quarantine, and lines of logs. No fault. */
  readonly setAside: number
  /** The first thousand of them. */
  readonly findings: readonly Finding[]
}

const MOST_FINDINGS = 1000

/** Counts what is found, and keeps the first of it. */
export interface ReportSoFar {
  recording(counts: Pick<VerifyReport, 'rows' | 'files' | 'setAside'>): void
  found(finding: Finding): void
  done(): VerifyReport
}

export function createReport(): ReportSoFar {
  const counts = { recordings: 0, rows: 0, files: 0 }
  const wrong = { missing: 0, orphan: 0, damaged: 0 }
  const findings: Finding[] = []
  let repaired = 0
  let setAside = 0
  return {
    recording(added) {
      counts.recordings += 1
      counts.rows += added.rows
      counts.files += added.files
      setAside += added.setAside
    },
    found(finding) {
      wrong[finding.kind] += 1
      if (finding.repaired === true) repaired += 1
      if (findings.length < MOST_FINDINGS) findings.push(finding)
    },
    done() {
      const { missing, orphan, damaged } = wrong
      return { ...counts, missing, orphans: orphan, damaged, repaired, setAside, findings }
    },
  }
}
