import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** One line of a report: VSR against a peer measured in the same run, or against a limit. */
export interface Measurement {
  readonly work: string
  readonly unit: 'ms' | 'us' | 'bytes' | 'x' | 'MB' | 's' | 'CPU s' | 'CPU s/GB' | 'MB/h' | ''
  readonly vsr: number
  readonly peer?: { readonly name: string; readonly value: number }
  /** What `vsr` may be at most, in words and in `unit`. */
  readonly bar?: { readonly text: string; readonly limit: number }
}

/** What a bench hands to build/bench.mjs or build/bench-reliability.mjs, which write their reports from all of them. */
export interface BenchResult {
  readonly row: string
  readonly title: string
  readonly method: string
  /** What the command line said to measure so much, such as `--kills=1000`. */
  readonly options?: string
  readonly measurements: readonly Measurement[]
}

/** Where corpora are kept between runs: made once. */
export const corpusDir = path.resolve('.cache/bench/corpus')

/** Writes the figures for whoever has started the bench, and prints them. */
export function report(result: BenchResult): void {
  const dir = path.resolve(process.env['VSR_BENCH_RESULTS'] ?? '.cache/bench/results')
  mkdirSync(dir, { recursive: true })
  writeFileSync(path.join(dir, `${result.row}.json`), `${JSON.stringify(result, undefined, 2)}\n`)
}
