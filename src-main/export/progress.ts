import type { ExportJob } from '../../src-preload/contract/model'
import type { Clock } from '../ports/clock'

type ProgressReport = Required<Pick<ExportJob, 'percent' | 'speed' | 'etaSec'>>

/** 100 is for a file that is there, checked and named. */
const MAX_PERCENT = 99

/** Turns fractions of the work into what a person is shown; percent never goes back. */
export function createProgress(options: {
  readonly clock: Pick<Clock, 'monotonicMs'>
  /** Length of the range, seconds. */
  readonly mediaSec: number
}): {
  /** @returns undefined where there is nothing new to say. */
  report(fraction: number): ProgressReport | undefined
} {
  const { clock, mediaSec } = options
  const startMs = clock.monotonicMs()
  let best = 0
  return {
    report: (fraction) => {
      if (!(fraction > best)) return undefined
      best = Math.min(1, fraction)
      const elapsedSec = Math.max(0.001, (clock.monotonicMs() - startMs) / 1000)
      return {
        percent: Math.min(MAX_PERCENT, Math.round(best * 1000) / 10),
        speed: Math.round(((mediaSec * best) / elapsedSec) * 10) / 10,
        etaSec: Math.round((elapsedSec * (1 - best)) / best),
      }
    },
  }
}
