import type { GoneLates } from './model'

/** Of players that began longer ago, the numbers may jump. */
const MOST_KEPT = 32

export const noLates: GoneLates = { number: 0, segments: 0, breaks: 0 }

/** What a player knows of the late segments that are gone, when it knows those up to a number. */
export const goneLatesUpTo = (lates: readonly GoneLates[], lateNumber: number): GoneLates =>
  lates.findLast(({ number }) => number <= lateNumber) ?? noLates

/**
 * What is to be remembered of late segments when some more go.
 *
 * @param options.lates of those that are gone already.
 * @param options.numbers of those that go now.
 * @param options.countsOf what a player adds that knows the late segments up to a number.
 */
export function withGoneLates(options: {
  readonly lates: readonly GoneLates[]
  readonly numbers: readonly number[]
  readonly countsOf: (lateNumber: number) => Pick<GoneLates, 'segments' | 'breaks'>
}): GoneLates[] {
  const known = options.lates.map(({ number }) => number)
  const numbers = [...new Set([...known, ...options.numbers])].sort((a, b) => a - b)
  return numbers.slice(-MOST_KEPT).map((number) => ({ number, ...options.countsOf(number) }))
}
