import type { MediaPlaylist, MediaSegment } from '../hls/playlist'
import { type BreakStarts, createBreakStarts } from './break-starts'

/** Where an epoch of a track begins. */
export interface EpochStart {
  /** Of its first segment. */
  readonly mediaSequence: number
  /** Unix ms. */
  readonly startMs: number
  /** It began with the first segment of a listing that is complete. */
  readonly isWhole: boolean
  /** By how much the source's clock is ahead of the moment of arrival; absent where the source tells no time. */
  readonly aheadMs?: number
  /** The newest segment of the epoch that was placed: what a track lies beside that begins much later. */
  readonly latest?: Pick<EpochStart, 'mediaSequence' | 'startMs'>
}

/** What the tracks of a session know of each other: the sound is to lie beside its picture. */
export interface EpochStarts {
  note(trackId: string, start: EpochStart): void
  /** A further segment of the epoch was placed. */
  progressed(trackId: string, latest: NonNullable<EpochStart['latest']>): void
  /** The latest start of each other track. */
  others(trackId: string): readonly EpochStart[]
  /** Further on, they are matched at each discontinuity. */
  readonly breaks: BreakStarts
}

export function createEpochStarts(): EpochStarts {
  const latest = new Map<string, EpochStart>()
  const breaks = createBreakStarts()
  return {
    breaks,
    note(trackId, start) {
      latest.set(trackId, start)
      breaks.forget(trackId)
    },
    progressed(trackId, place) {
      const start = latest.get(trackId)
      if (start !== undefined) latest.set(trackId, { ...start, latest: place })
    },
    others: (trackId) =>
      [...latest].flatMap(([otherId, start]) => (otherId === trackId ? [] : [start])),
  }
}

/** Two listings that end at the same moment are seen at most so many target durations apart. */
const MOST_APART_TARGETS = 1.5

/** True for an epoch that begins where a complete listing does. */
export const isWholeListing = (playlist: MediaPlaylist, first: MediaSegment): boolean =>
  playlist.endList && playlist.segments[0] === first

/**
 * When an epoch begins, judged by the other tracks: each alone would begin when its listing happened to
 * arrive. Complete listings begin together; of live ones, equal numbers are taken for equal times where the
 * moment of arrival does not speak against it (RFC 8216 6.2.4 promises it only to those with a date). Beside a track
 * with dates, the moment of arrival is taken on the clock of those.
 *
 * @param options.arrivalMs when it would begin on its own, unix ms; so it does where nothing fits.
 */
export function alignedStartMs(options: {
  readonly others: readonly EpochStart[]
  readonly playlist: MediaPlaylist
  readonly first: MediaSegment
  readonly arrivalMs: number
}): number {
  const { others, playlist, first, arrivalMs } = options
  const isWhole = isWholeListing(playlist, first)
  const tolerableMs = playlist.targetDurationSec * MOST_APART_TARGETS * 1000
  for (const other of others) {
    if (isWhole && other.isWhole) return other.startMs
    if (isWhole) continue
    const expectedMs = arrivalMs + (other.aheadMs ?? 0)
    for (const place of [other, ...(other.latest === undefined ? [] : [other.latest])]) {
      const distanceMs = distanceOf(playlist, place.mediaSequence, first.mediaSequence)
      if (distanceMs === undefined) continue
      const startMs = place.startMs + distanceMs
      if (Math.abs(startMs - expectedMs) <= tolerableMs) return startMs
    }
  }
  const dated = isWhole ? undefined : others.find((other) => !other.isWhole && other.aheadMs)
  return arrivalMs + (dated?.aheadMs ?? 0)
}

/** From the start of one number to that of another; undefined where the listing does not hold both. */
function distanceOf(playlist: MediaPlaylist, from: number, to: number): number | undefined {
  const { segments } = playlist
  const oldest = segments[0]?.mediaSequence ?? 0
  const isListed = (number: number) => number >= oldest && number < oldest + segments.length
  if (!isListed(from) || !isListed(to)) return undefined
  const between = segments.slice(Math.min(from, to) - oldest, Math.max(from, to) - oldest)
  const lengthMs = between.reduce((sum, segment) => sum + segment.durationSec * 1000, 0)
  return from <= to ? lengthMs : -lengthMs
}
