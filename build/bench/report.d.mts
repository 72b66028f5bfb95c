import type { BenchResult } from '../../tests/bench/support/report'

export function resultLines(result: BenchResult): string[]

export function performanceReport(options: {
  results: readonly BenchResult[]
  date: string
  cores: number
  node: string
  previous: string
}): string
