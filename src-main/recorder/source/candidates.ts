import type { ApiError } from '../../../src-preload/contract/errors'

/** What is loaded from a candidate: each is judged on its own, so that a listing that still comes hides no dead segments. */
export type Subject = 'playlist' | 'segment'

/** The places from which a track can be had, by id, and how they did. */
export interface Candidates {
  /** Best first; never empty. */
  readonly ids: readonly string[]
  readonly inUse: string
  /** Failures in a row of the one in use. */
  readonly failures: Readonly<Record<Subject, number>>
  /** Until when, on the monotonic clock, a candidate is not gone back to. */
  readonly penalisedUntilMs: ReadonlyMap<string, number>
}

export interface CandidateFailure {
  readonly id: string
  readonly subject: Subject
  /** So many attempts at this very thing failed; a segment that is missing from one place only is had from the other. */
  readonly attempts: number
  readonly cause: ApiError
  readonly atMs: number
}

/** Two failures on one: go on with the other. */
const MOST_FAILURES = 2
/** A candidate that failed is left alone for so long, unless all have failed. */
const PENALTY_MS = 60_000

const noFailures = { playlist: 0, segment: 0 } as const

const use = (candidates: Candidates, inUse: string): Candidates =>
  inUse === candidates.inUse ? candidates : { ...candidates, inUse, failures: noFailures }

const penaltyOf = ({ penalisedUntilMs }: Candidates, id: string, atMs: number): number =>
  Math.max(0, (penalisedUntilMs.get(id) ?? 0) - atMs)

const firstFree = (candidates: Candidates, atMs: number): string | undefined =>
  candidates.ids.find((id) => penaltyOf(candidates, id, atMs) === 0)

/** True where another one is not penalised. */
export const hasFreeOther = (candidates: Candidates, atMs: number): boolean =>
  candidates.ids.some((id) => id !== candidates.inUse && penaltyOf(candidates, id, atMs) === 0)

/** @param ids best first. */
export const startCandidates = (ids: readonly string[]): Candidates => ({
  ids,
  inUse: ids[0] ?? '',
  failures: noFailures,
  penalisedUntilMs: new Map(),
})

/** The candidates as the source ranks them now: the best one that is not penalised is taken. */
export function rankCandidates(
  candidates: Candidates,
  ids: readonly string[],
  atMs: number,
): Candidates {
  const ranked = { ...candidates, ids }
  return use(ranked, firstFree(ranked, atMs) ?? ids[0] ?? '')
}

/** The one in use gave what it was asked for. */
export function noteSuccess(candidates: Candidates, id: string, subject: Subject): Candidates {
  if (id !== candidates.inUse || candidates.failures[subject] === 0) return candidates
  return { ...candidates, failures: { ...candidates.failures, [subject]: 0 } }
}

/**
 * The one in use failed. Two failures in a row, or two at the same thing, move on to the best one that is not
 * penalised; where all are, to the one whose penalty ends first. Pure.
 *
 * @returns `retryAtOnce` where another one is in use now that has not failed itself: waiting would only lose time.
 */
export function noteFailure(
  candidates: Candidates,
  { id, subject, attempts, atMs }: Omit<CandidateFailure, 'cause'>,
): { candidates: Candidates; retryAtOnce: boolean } {
  // A late word about one that was left already.
  if (id !== candidates.inUse) return { candidates, retryAtOnce: false }
  const count = candidates.failures[subject] + 1
  const counted = { ...candidates, failures: { ...candidates.failures, [subject]: count } }
  if (candidates.ids.length < 2 || Math.max(count, attempts) < MOST_FAILURES) {
    return { candidates: counted, retryAtOnce: false }
  }
  const penalisedUntilMs = new Map(candidates.penalisedUntilMs).set(id, atMs + PENALTY_MS)
  const penalised = { ...counted, penalisedUntilMs }
  const free = firstFree(penalised, atMs)
  if (free !== undefined) return { candidates: use(penalised, free), retryAtOnce: true }
  const [next = id] = candidates.ids.toSorted(
    (a, b) => penaltyOf(penalised, a, atMs) - penaltyOf(penalised, b, atMs),
  )
  return { candidates: use(penalised, next), retryAtOnce: false }
}
