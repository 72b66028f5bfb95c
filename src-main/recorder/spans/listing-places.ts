import type { MediaPlaylist, MediaSegment } from '../../hls/playlist'
import type { SegmentIndex } from '../../store/model'
import type { PollBatch } from '../track-follower'

/** A listed segment and where it lies on the recording's timeline, unix ms. */
export interface PlacedSegment {
  readonly segment: MediaSegment
  readonly startMs: number
}

/** The part of a load of the playlist that tells where things lie. */
export type PlacedBatch = Pick<PollBatch, 'epoch' | 'items' | 'playlist'>

/** Knows where the segments of a listing lie: those it brought, those of earlier ones, and those before the recording. */
export interface ListingPlaces {
  /** Takes what a load of the playlist brought. */
  follow(batch: PlacedBatch): void
  /** In the order of the listing; empty while none of it is known. */
  place(playlist: MediaPlaylist): readonly PlacedSegment[]
}

interface Anchor {
  readonly mediaSequence: number
  readonly startMs: number
}

/** So many of the last rows are looked at when a recording goes on. */
const MOST_READ = 5000
/** Anchors that have left the window are dropped in such helpings. */
const SPARE = 256

/** @param index the track's log: what was placed before this session. */
export function createListingPlaces(index: SegmentIndex): ListingPlaces {
  let { epoch, anchors } = readAnchors(index)

  const dropBefore = (mediaSequence: number) => {
    const stale = anchors.findIndex((anchor) => anchor.mediaSequence >= mediaSequence)
    if (stale >= SPARE) anchors = anchors.slice(stale)
  }
  return {
    follow({ epoch: batchEpoch, items, playlist }) {
      if (batchEpoch !== epoch) anchors = []
      epoch = batchEpoch
      for (const item of items) {
        if (item.kind === 'break') continue
        const { startMs } = item.kind === 'gap' ? item.row : item.planned
        const { mediaSequence } = item.kind === 'gap' ? item.row : item.planned.segment
        const last = anchors.at(-1)
        const isOfEpoch = item.kind === 'segment' || item.row.epoch === epoch
        if (isOfEpoch && (last === undefined || mediaSequence > last.mediaSequence)) {
          anchors.push({ mediaSequence, startMs })
        }
      }
      dropBefore(playlist.mediaSequence)
    },
    place: (playlist) => placeSegments(playlist.segments, anchors),
  }
}

/** Those without an anchor go on from the segment before, and in front of the first anchor are counted back. */
function placeSegments(
  segments: readonly MediaSegment[],
  anchors: readonly Anchor[],
): readonly PlacedSegment[] {
  const known = new Map(anchors.map(({ mediaSequence, startMs }) => [mediaSequence, startMs]))
  const first = segments.findIndex(({ mediaSequence }) => known.has(mediaSequence))
  if (first < 0) return []
  const placed: PlacedSegment[] = []
  let atMs = known.get(segments[first]?.mediaSequence ?? -1) ?? 0
  for (const segment of segments.slice(0, first)) atMs -= segment.durationSec * 1000
  for (const segment of segments) {
    atMs = known.get(segment.mediaSequence) ?? atMs
    placed.push({ segment, startMs: Math.max(0, Math.round(atMs)) })
    atMs += segment.durationSec * 1000
  }
  return placed
}

function readAnchors(index: SegmentIndex): { epoch: number | undefined; anchors: Anchor[] } {
  const anchors: Anchor[] = []
  let epoch: number | undefined
  const from = Math.max(0, index.length - MOST_READ)
  for (let position = index.length - 1; position >= from; position -= 1) {
    const row = index.rowAt(position)
    epoch ??= row.epoch
    if (row.epoch !== epoch) break
    if (row.kind === 'segment' || row.kind === 'gap') {
      anchors.push({ mediaSequence: row.mediaSequence, startMs: row.startMs })
    }
  }
  return { epoch, anchors: anchors.reverse() }
}

/**
 * Maps instants of the source's clock to the recording's timeline, which follows that clock but never goes
 * back: by the listed segment in which the instant lies, else by the nearest one. Undefined
 * where the listing tells no time (RFC 8216 4.3.2.7 asks for it beside EXT-X-DATERANGE).
 */
export function createInstantMap(
  placed: readonly PlacedSegment[],
): (sourceMs: number) => number | undefined {
  const dated = placed
    .flatMap(({ segment: { programDateTimeMs }, startMs }) =>
      programDateTimeMs === undefined ? [] : [{ sourceMs: programDateTimeMs, startMs }],
    )
    .sort((a, b) => a.sourceMs - b.sourceMs)
  return (sourceMs) => {
    const at = Math.max(0, countUpTo(dated, sourceMs) - 1)
    const nearest = dated[at]
    if (nearest === undefined) return undefined
    const ms = nearest.startMs + sourceMs - nearest.sourceMs
    const notAfter = dated[at + 1]?.startMs ?? Number.POSITIVE_INFINITY
    return Math.max(0, Math.round(Math.min(ms, Math.max(notAfter, nearest.startMs))))
  }
}

function countUpTo(dated: readonly { readonly sourceMs: number }[], ms: number): number {
  let low = 0
  let high = dated.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((dated[middle]?.sourceMs ?? Number.POSITIVE_INFINITY) <= ms) low = middle + 1
    else high = middle
  }
  return low
}
