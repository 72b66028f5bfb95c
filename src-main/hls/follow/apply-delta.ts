import type { InheritedUntil, MediaPlaylist, MediaSegment } from '../playlist'

const MOST_DATE_RANGES = 1000
/** Two roundings to a millisecond. */
const ROUNDING_MS = 1

/** The segments of the listing before that a delta update leaves out; undefined where they are not all there, or of another numbering. */
function skippedOf(
  previous: MediaPlaylist,
  { mediaSequence, discontinuitySequence, skippedSegments = 0 }: MediaPlaylist,
): readonly MediaSegment[] | undefined {
  const oldest = previous.segments[0]?.mediaSequence ?? previous.mediaSequence
  const from = mediaSequence - oldest
  if (from < 0 || from + skippedSegments > previous.segments.length) return undefined
  const skipped = previous.segments.slice(from, from + skippedSegments)
  const [first] = skipped
  if (first === undefined) return skipped
  // Some servers count the discontinuity in front of the first segment already, and leave its tag out.
  const counted = first.discontinuitySequence - discontinuitySequence
  return counted === 0 || (counted === 1 && first.discontinuity) ? skipped : undefined
}

/**
 * The instant at which the last of some segments ends, not rounded. Counted from the earliest one that the later ones
 * follow from, since from rounded instants the error would grow with every delta update.
 */
function endOf(segments: readonly MediaSegment[]): number | undefined {
  let nearestMs: number | undefined
  let endMs: number | undefined
  let durationMs = 0
  for (const segment of segments.toReversed()) {
    if (segment.programDateTimeMs === undefined) break
    durationMs += segment.durationSec * 1000
    const countedMs = segment.programDateTimeMs + durationMs
    nearestMs ??= countedMs
    if (Math.abs(countedMs - nearestMs) > ROUNDING_MS) break
    endMs = countedMs
    if (segment.discontinuity) break
  }
  return endMs
}

/** What the segments behind the skipped ones stand under until the delta update has tags of its own. */
function inheritedFrom(skipped: readonly MediaSegment[], until: InheritedUntil) {
  const last = skipped.at(-1)
  const bitrateInForce = skipped.findLast(({ byteRange }) => byteRange === undefined)?.bitrate
  return ({ key, initSection, bitrate, ...segment }: MediaSegment): MediaSegment => {
    const isBefore = (limit: number | undefined) =>
      limit === undefined || segment.mediaSequence < limit
    const keyInForce = isBefore(until.key) ? last?.key : key
    const ownInit =
      initSection !== undefined && last?.key !== undefined && isBefore(until.initSectionKey)
        ? { ...initSection, key: last.key }
        : initSection
    const init = isBefore(until.initSection) ? last?.initSection : ownInit
    const ownBitrate = isBefore(until.bitrate) ? bitrateInForce : bitrate
    return {
      ...segment,
      ...(keyInForce === undefined ? {} : { key: keyInForce }),
      ...(init === undefined ? {} : { initSection: init }),
      ...(ownBitrate === undefined || segment.byteRange !== undefined
        ? {}
        : { bitrate: ownBitrate }),
    }
  }
}

/** Instants are counted on from the skipped segments up to the first that the delta update names itself. */
function withInstants(
  segments: readonly MediaSegment[],
  skipped: readonly MediaSegment[],
  firstOwn: number | undefined,
): readonly MediaSegment[] {
  let nextMs = endOf(skipped)
  return segments.map((segment) => {
    const isOwn = firstOwn !== undefined && segment.mediaSequence >= firstOwn
    const countedMs = isOwn || segment.discontinuity ? undefined : nextMs
    const atMs = countedMs ?? segment.programDateTimeMs
    nextMs = atMs === undefined ? undefined : atMs + segment.durationSec * 1000
    return atMs === undefined ? segment : { ...segment, programDateTimeMs: Math.round(atMs) }
  })
}

/** Date ranges are listed all, unless the delta update says which of those before are gone. */
function mergeDateRanges(
  previous: MediaPlaylist,
  { removedDateRangeIds, dateRanges = [] }: MediaPlaylist,
): Pick<MediaPlaylist, 'dateRanges'> {
  if (removedDateRangeIds === undefined) return {}
  const byId = new Map(previous.dateRanges?.map((dateRange) => [dateRange.id, dateRange]))
  for (const id of removedDateRangeIds) byId.delete(id)
  for (const dateRange of dateRanges) {
    byId.set(dateRange.id, { ...byId.get(dateRange.id), ...dateRange })
  }
  return byId.size === 0 ? {} : { dateRanges: [...byId.values()].slice(-MOST_DATE_RANGES) }
}

/** The cues of the skipped segments, in front of those listed. */
function mergeCues(
  previous: MediaPlaylist,
  { mediaSequence, skippedSegments = 0, cues = [] }: MediaPlaylist,
): Pick<MediaPlaylist, 'cues'> {
  const kept = (previous.cues ?? []).filter(
    (cue) =>
      cue.mediaSequence >= mediaSequence && cue.mediaSequence < mediaSequence + skippedSegments,
  )
  const isOpen = kept.at(-1)?.kind === 'out'
  const listed = isOpen && cues[0]?.continued === true ? cues.slice(1) : cues
  return kept.length + listed.length === 0 ? {} : { cues: [...kept, ...listed] }
}

function withoutSkip(delta: MediaPlaylist): MediaPlaylist {
  const { skippedSegments: _s, inheritedUntil: _i, removedDateRangeIds: _r, ...whole } = delta
  return whole
}

/**
 * Merges a delta update (EXT-X-SKIP, rfc8216bis 6.2.5.1) into the whole listing before it. What the skipped segments ended
 * with (key, initialization section, bit rate, clock, discontinuity sequence) goes on behind them.
 *
 * @param previous a whole listing: as loaded, or as this function gave it.
 * @returns the whole listing of now; `delta` itself where it skips nothing; undefined where it does not follow on
 * `previous`: the playlist has to be loaded whole then.
 */
export function applyDelta(
  previous: MediaPlaylist,
  delta: MediaPlaylist,
): MediaPlaylist | undefined {
  if (delta.skippedSegments === undefined) return delta
  const { inheritedUntil = {} } = delta
  const skipped = previous.skippedSegments === undefined ? skippedOf(previous, delta) : undefined
  if (skipped === undefined) return undefined
  const inherit = inheritedFrom(skipped, inheritedUntil)
  const discontinuities =
    (skipped.at(-1)?.discontinuitySequence ?? delta.discontinuitySequence) -
    delta.discontinuitySequence
  const listed = delta.segments.map((segment) => ({
    ...inherit(segment),
    discontinuitySequence: segment.discontinuitySequence + discontinuities,
  }))
  return {
    ...withoutSkip(delta),
    segments: [...skipped, ...withInstants(listed, skipped, inheritedUntil.programDateTime)],
    ...mergeDateRanges(previous, delta),
    ...mergeCues(previous, delta),
  }
}
