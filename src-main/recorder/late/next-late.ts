/** How often a late segment was asked for. */
export interface LateTries {
  readonly mediaSequence: number
  readonly attempts: number
}

/** Each in turn, the oldest first: one that never comes must not keep the others from being asked for. Pure. */
export function nextLate<T extends LateTries>(waiting: Iterable<T>): T | undefined {
  let next: T | undefined
  for (const one of waiting) {
    const isBefore =
      next === undefined ||
      one.attempts < next.attempts ||
      (one.attempts === next.attempts && one.mediaSequence < next.mediaSequence)
    if (isBefore) next = one
  }
  return next
}
