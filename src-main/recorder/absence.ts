import type { GapCause } from '../../src-preload/contract/model'
import type { MediaPlaylist } from '../hls/playlist'
import type { PlaylistCursor } from '../hls/follow/playlist-cursor'
import type { NewGap, SegmentIndex } from '../store/model'

/** What a track lies beside: the picture of its recording. */
export interface PictureBeside {
  /** Where the recording begins, unix ms; undefined while nothing of the picture is known. */
  startMs(): number | undefined
  /** Seconds of the picture that are stored between two instants, unix ms. A track that may be silent (subtitles) is told 0. */
  storedSec(fromMs: number, toMs: number): number
}

/** @param index of the picture, once it is there. */
export const pictureOf = (index: () => SegmentIndex | undefined): PictureBeside => ({
  startMs: () => index()?.figures.startMs,
  storedSec(fromMs, toMs) {
    const stored = index()
    return stored === undefined ? 0 : storedSec(stored, fromMs, toMs)
  },
})

/** Seconds of a track's segments between two instants, unix ms. */
function storedSec(index: SegmentIndex, fromMs: number, toMs: number): number {
  let sumMs = 0
  for (let at = index.firstEndingAfter(fromMs); at < index.length; at += 1) {
    const startMs = index.startMsAt(at)
    if (startMs >= toMs) break
    if (index.kindAt(at) !== 'segment') continue
    const endMs = startMs + index.durationSecAt(at) * 1000
    sumMs += Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs))
  }
  return sumMs / 1000
}

/** What tells whether a stretch without segments is a gap. */
interface Absence {
  /** Why the playlist could not be had meanwhile; `sequence-gap` where it could. */
  readonly missedCause: GapCause
  readonly beside?: PictureBeside | undefined
  readonly playlist: Pick<MediaPlaylist, 'targetDurationSec'>
  /** Where the track stood; `nextStartMs` is undefined before its first segment. */
  readonly timeline: {
    readonly nextStartMs: number | undefined
    readonly discontinuitySequence: number
  }
}

/**
 * Why a source that could be reached all the time is behind a gap from one instant to another: it listed nothing of this track, although
 * the picture went on. Undefined where the track lacks nothing: what is shorter than `leastSec`, or without a picture beside it.
 */
export function silenceCause(
  { beside, playlist }: Pick<Absence, 'beside' | 'playlist'>,
  fromMs: number,
  toMs: number,
  leastSec = playlist.targetDurationSec,
): GapCause | undefined {
  if (beside === undefined || (toMs - fromMs) / 1000 < leastSec) return undefined
  return beside.storedSec(fromMs, toMs) >= leastSec ? 'timeout' : undefined
}

function absenceCause(
  absence: Absence,
  fromMs: number,
  toMs: number,
  leastSilenceSec?: number,
): GapCause | undefined {
  const { missedCause, playlist } = absence
  if (missedCause === 'sequence-gap') return silenceCause(absence, fromMs, toMs, leastSilenceSec)
  return (toMs - fromMs) / 1000 < playlist.targetDurationSec ? undefined : missedCause
}

/**
 * The gap between two epochs, where nothing could be had from the source (a source that was within
 * reach and only numbers anew has missed nothing). How many segments it made meanwhile is not known: count 0.
 */
export function timeAway(
  absence: Absence & { readonly previous: PlaylistCursor | undefined },
  epochStartMs: number,
): NewGap | undefined {
  const { previous, timeline } = absence
  if (previous === undefined || timeline.nextStartMs === undefined) return undefined
  const startMs = Math.round(timeline.nextStartMs)
  const cause = absenceCause(absence, startMs, epochStartMs)
  if (cause === undefined) return undefined
  return {
    epoch: previous.epoch,
    startMs,
    mediaSequence: previous.nextMediaSequence,
    discontinuitySequence: timeline.discontinuitySequence,
    durationSec: (epochStartMs - startMs) / 1000,
    cause,
    count: 0,
  }
}

/** Tracks of one recording begin a little apart: each with the end of what its playlist lists at that moment. */
const APART_TARGETS = 3.5
const APART_SEC = 10

/** The gap in front of a track's very first segment, where it could not be had while the recording ran already. */
export function lateStart(
  absence: Absence,
  epoch: number,
  firstMs: number,
): Omit<NewGap, 'mediaSequence'> | undefined {
  const { beside, timeline, playlist } = absence
  const startMs = beside?.startMs()
  if (timeline.nextStartMs !== undefined || startMs === undefined) return undefined
  const apartSec = Math.max(APART_SEC, APART_TARGETS * playlist.targetDurationSec)
  const cause = absenceCause(absence, startMs, firstMs, apartSec)
  if (cause === undefined) return undefined
  const durationSec = (firstMs - startMs) / 1000
  return { epoch, startMs, discontinuitySequence: 0, durationSec, cause, count: 0 }
}
