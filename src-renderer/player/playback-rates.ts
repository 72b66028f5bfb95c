/** Speeds to choose from. */
export const playbackRates = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 4, 8, 16] as const

/** The next speed up (1) or down (-1); the same at the end of the list. */
export function nextRate(rate: number, direction: 1 | -1): number {
  const ordered = direction === 1 ? playbackRates : playbackRates.toReversed()
  return ordered.find((candidate) => (candidate - rate) * direction > 0.001) ?? rate
}
