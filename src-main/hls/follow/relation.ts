import { isKeptWhole } from './first-selection'
import type { MediaPlaylist, MediaSegment } from '../playlist'
import type { Numbering } from './numbering'
import { partingOf } from './parting'
import { type Agreement, agreement, toleranceMs } from './playlist-identity'

/** Without any other sign, an hour of missing segments is still believed to be one numbering. */
export const LONGEST_BELIEVED_JUMP_SEC = 3600
/** A source is believed to have paused for so long before what is known of it. */
const LONGEST_PAUSE_SEC = 60

/** An edge is believed to lag by at most so many segments, or by as many as it lists. */
const LONGEST_LAG = 12

/** Where a listing of which nothing is known can lie in a numbering: behind what is known, among what was jumped over, or before all of it. */
export interface Position {
  readonly kind: 'ahead' | 'among' | 'before'
  /** So much of the way to what is known is not told by the time. */
  readonly unexplainedSec: number
  /** Instants say so. */
  readonly isSure: boolean
}

/** How a listing stands to a numbering. */
export type Relation =
  /** It lists segments that are known, under their numbers. */
  | { readonly kind: 'shows'; readonly agrees: Agreement }
  | Position
  /** Other segments under the same numbers, or numbers that cannot be of this numbering. */
  | { readonly kind: 'other' }

const other: Relation = { kind: 'other' }

export const listedSec = (segments: readonly MediaSegment[]): number =>
  segments.reduce((sum, { durationSec }) => sum + durationSec, 0)

/**
 * How much of the way between a listing and its neighbours in the numbering is not told by the instants. In one numbering
 * instants grow with the numbers: a source may pause, but half of what the segments last goes by at least.
 *
 * @returns Infinity where the listing cannot be of this numbering; undefined without instants to compare.
 */
function unexplainedByInstants(numbering: Numbering, playlist: MediaPlaylist): number | undefined {
  const first = playlist.segments[0]
  const last = playlist.segments.at(-1)
  if (first?.programDateTimeMs === undefined || last?.programDateTimeMs === undefined) {
    return undefined
  }
  const averageMs = (listedSec(playlist.segments) * 1000) / playlist.segments.length
  const limitMs = numbering.namesAreStable ? averageMs / 2 : toleranceMs(playlist)
  const marks = numbering.marks.filter(({ programDateTimeMs }) => programDateTimeMs !== undefined)
  const below = marks.findLast(({ mediaSequence }) => mediaSequence < first.mediaSequence)
  const above = marks.find(({ mediaSequence }) => mediaSequence > last.mediaSequence)
  const ways = [
    [below, first],
    [last, above],
  ].flatMap(([from, to]) => {
    if (from?.programDateTimeMs === undefined || to?.programDateTimeMs === undefined) return []
    const expectedMs = (to.mediaSequence - from.mediaSequence) * averageMs
    const wentByMs = to.programDateTimeMs - from.programDateTimeMs
    return wentByMs < expectedMs / 2 - limitMs ? Infinity : Math.abs(wentByMs - expectedMs) / 1000
  })
  return ways.length === 0 ? undefined : Math.max(...ways)
}

/** How much of the jump to a listing is not told by the time that went by; Infinity where it is not believed. */
function unexplainedByNumbers(
  { nextMediaSequence, marks }: Numbering,
  playlist: MediaPlaylist,
  elapsedSec: number,
): number {
  if (isKeptWhole(playlist) && playlist.mediaSequence < nextMediaSequence) return 0
  const windowSec = listedSec(playlist.segments)
  const averageSec = windowSec / playlist.segments.length
  const jumpSec = (playlist.mediaSequence - nextMediaSequence) * averageSec
  // Nothing but numbers is known after a restart: then they must fit the time that went by.
  if (marks.at(-1)?.name === '') {
    const movedSec = jumpSec + windowSec
    const isFitting = Math.abs(movedSec - elapsedSec) <= Math.max(30, elapsedSec * 0.2) + windowSec
    return isFitting ? 0 : Infinity
  }
  const isBelieved = jumpSec <= Math.max(LONGEST_BELIEVED_JUMP_SEC, elapsedSec * 2)
  return isBelieved ? Math.max(0, jumpSec - elapsedSec) : Infinity
}

/** True where a listing ends a little before our position, or lies where the source jumped over: an edge may show that later. */
export function isNearBehind(numbering: Numbering, { segments }: MediaPlaylist): boolean {
  const { nextMediaSequence, marks } = numbering
  const first = segments[0]?.mediaSequence ?? 0
  const last = segments.at(-1)?.mediaSequence ?? 0
  const lag = nextMediaSequence - 1 - last
  const isBehindJump =
    marks.some(({ mediaSequence }) => mediaSequence < first) &&
    marks.every(({ mediaSequence }) => mediaSequence < first || mediaSequence > last)
  return isBehindJump || lag <= Math.max(LONGEST_LAG, segments.length)
}

/**
 * How a listing that is not empty stands to a numbering. Pure.
 *
 * @param elapsedSec seconds since a listing of this numbering brought something.
 */
export function relate(
  numbering: Numbering,
  playlist: MediaPlaylist,
  elapsedSec: number,
): Relation {
  const agrees = agreement(numbering, playlist)
  if (partingOf(numbering, playlist.segments)?.isSure === true) return other
  if (agrees === 'same-instants' || agrees === 'same-names') return { kind: 'shows', agrees }
  if (agrees === 'other-instants') return other
  if (agrees === 'other-names' && numbering.namesAreStable) return other

  const { firstMediaSequence, nextMediaSequence } = numbering
  const lastMediaSequence = playlist.mediaSequence + playlist.segments.length - 1
  const byInstants = agrees === 'unknown' ? unexplainedByInstants(numbering, playlist) : undefined
  if (byInstants === Infinity) return other
  const isSure = byInstants !== undefined
  if (lastMediaSequence >= nextMediaSequence - 1) {
    const unexplainedSec =
      agrees === 'other-names'
        ? 0
        : (byInstants ?? unexplainedByNumbers(numbering, playlist, elapsedSec))
    return unexplainedSec === Infinity ? other : { kind: 'ahead', unexplainedSec, isSure }
  }
  if (!isSure && !isNearBehind(numbering, playlist)) return other
  const isBefore = lastMediaSequence < firstMediaSequence
  const unexplainedSec = byInstants ?? 0
  if (!isBefore) return { kind: 'among', unexplainedSec, isSure }
  // Long before all that is known: an older copy, or a source that started over with its clock set back.
  return { kind: 'before', unexplainedSec, isSure: isSure && unexplainedSec <= LONGEST_PAUSE_SEC }
}
