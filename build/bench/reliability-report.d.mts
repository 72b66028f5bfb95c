import type { BenchResult } from '../../tests/bench/support/report'

export function reliabilityLines(result: BenchResult): string[]

export function reliabilityReport(options: {
  results: readonly BenchResult[]
  order: readonly string[]
  date: string
  cores: number
  node: string
  previous: string
}): string
