import type { MediaPlaylist } from '../../hls/playlist'
import type { SpanRow } from '../../store/model'
import { takeCues } from './cue-spans'
import { takeDateRanges } from './date-range-spans'
import { createInstantMap, type PlacedSegment } from './listing-places'
import { createSpanDraft, type SpanDraft } from './span-draft'

/** More tags of one listing are not looked at; the newest count. */
const MOST_PER_LISTING = 2000

/**
 * What a listing says about spans that was not known before. Pure; the same listing again says nothing.
 *
 * @param options.placed where the listed segments lie.
 * @param options.firstMs where the recording begins: what ended before it is no part of it.
 * @param options.newEpochMs where a new epoch begins with this listing: what it does not list any more ends there.
 */
export function spansOfListing(options: {
  readonly known: ReadonlyMap<string, SpanRow>
  readonly playlist: MediaPlaylist
  readonly placed: readonly PlacedSegment[]
  readonly epoch: number
  readonly firstMs: number
  readonly newEpochMs: number | undefined
}): readonly SpanRow[] {
  const { known, playlist, placed, epoch, firstMs, newEpochMs } = options
  const { dateRanges = [], cues = [] } = playlist
  const draft = createSpanDraft(known)
  const listed =
    dateRanges.length === 0
      ? new Set<string>()
      : takeDateRanges({
          draft,
          epoch,
          ranges: dateRanges.slice(-MOST_PER_LISTING),
          placeOf: createInstantMap(placed),
        })
  if (cues.length > 0) {
    const placeOf = createNumberMap(placed, playlist.endList)
    takeCues({ draft, epoch, cues: cues.slice(-MOST_PER_LISTING), placeOf })
  }
  if (newEpochMs !== undefined) endWithEpoch({ draft, epoch, listed, newEpochMs })
  return draft.changed().filter((row) => known.has(row.id) || !isOverBy(row, firstMs))
}

/** A cue may stand behind the last segment of a list that is complete: it means the end of that one. */
function createNumberMap(placed: readonly PlacedSegment[], isComplete: boolean) {
  const byNumber = new Map(
    placed.map(({ segment, startMs }) => [segment.mediaSequence, startMs] as const),
  )
  const last = placed.at(-1)
  if (isComplete && last !== undefined) {
    const { mediaSequence, durationSec } = last.segment
    byNumber.set(mediaSequence + 1, Math.round(last.startMs + durationSec * 1000))
  }
  return (mediaSequence: number) => byNumber.get(mediaSequence)
}

function endWithEpoch(options: {
  readonly draft: SpanDraft
  readonly epoch: number
  readonly listed: ReadonlySet<string>
  readonly newEpochMs: number
}): void {
  const { draft, epoch, listed, newEpochMs } = options
  for (const row of draft.all()) {
    if (row.endMs !== undefined || row.epoch === epoch || listed.has(row.id)) continue
    const latestMs = Math.min(newEpochMs, row.plannedEndMs ?? newEpochMs)
    draft.put({ ...row, endMs: Math.max(row.startMs, latestMs) })
  }
}

const isOverBy = (row: SpanRow, ms: number): boolean =>
  row.startMs < ms && (row.endMs ?? row.plannedEndMs ?? Number.POSITIVE_INFINITY) <= ms
