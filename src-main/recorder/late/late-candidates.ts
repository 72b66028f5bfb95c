import { refusalOf } from '../../hls/drm'
import type { MediaSegment } from '../../hls/playlist'
import type { GapRow, SegmentIndex } from '../../store/model'
import type { PlannedSegment } from '../plan'
import type { CurrentListing } from '../source/segment-copies'

/** False where no later try can help: what is too large is fetched almost whole each time. */
export const mayStillCome = ({ cause }: Pick<GapRow, 'cause'>): boolean => cause !== 'too-large'

/** A number past which nothing is listed yet. */
const nextOf = ({ playlist }: CurrentListing): number =>
  (playlist.segments.at(-1)?.mediaSequence ?? -1) + 1

/**
 * The gaps at the end of a log that may hold a number from `first` on, oldest first. Each number has its segment or its gap,
 * so that few rows have to be looked at. Pure.
 */
export function gapsSince(
  index: SegmentIndex,
  { epoch, first, next }: { readonly epoch: number; readonly first: number; readonly next: number },
): GapRow[] {
  const gaps: GapRow[] = []
  if (index.figures.gaps === 0) return gaps
  let covered = 0
  for (let position = index.length - 1; position >= 0 && covered < next - first; position -= 1) {
    const kind = index.kindAt(position)
    if (kind === 'segment') covered += 1
    if (kind !== 'gap' && kind !== 'discontinuity') continue
    const row = index.rowAt(position)
    if (row.epoch !== epoch) break
    if (row.kind === 'gap') {
      covered += row.count
      if (row.mediaSequence + row.count > first) gaps.unshift(row)
    }
  }
  return gaps
}

/** The number behind the log's last segment or gap. */
function nextInLog(index: SegmentIndex): number {
  for (let position = index.length - 1; position >= 0; position -= 1) {
    const row = index.rowAt(position)
    if (row.kind === 'segment') return row.mediaSequence + 1
    if (row.kind === 'gap') return row.mediaSequence + row.count
  }
  return 0
}

/** The gap that holds a number; undefined where the log has none. */
export function gapOf(
  index: SegmentIndex,
  { epoch, mediaSequence }: { readonly epoch: number; readonly mediaSequence: number },
): GapRow | undefined {
  const span = { epoch, first: mediaSequence, next: nextInLog(index) }
  return gapsSince(index, span).find(
    (gap) => gap.mediaSequence <= mediaSequence && mediaSequence < gap.mediaSequence + gap.count,
  )
}

const lengthMs = (segments: readonly MediaSegment[]): number =>
  segments.reduce((sum, { durationSec }) => sum + durationSec * 1000, 0)

/**
 * The segments that a log has gaps for and that the source lists, oldest first. Each is placed back from the end of its gap,
 * which is where the next one begins. Pure.
 */
export function lateCandidates(index: SegmentIndex, listing: CurrentListing): PlannedSegment[] {
  const { epoch, playlist, stream } = listing
  const [oldest] = playlist.segments
  if (oldest === undefined) return []
  const first = oldest.mediaSequence
  return gapsSince(index, { epoch, first, next: nextOf(listing) }).flatMap((gap) => {
    if (!mayStillCome(gap)) return []
    const end = gap.mediaSequence + gap.count
    const missing = playlist.segments.filter(
      ({ mediaSequence }) => mediaSequence >= gap.mediaSequence && mediaSequence < end,
    )
    const endMs = gap.startMs + gap.durationSec * 1000
    return missing.flatMap((segment, at) => {
      if (segment.gap || refusalOf(segment) !== undefined) return []
      const startMs = Math.max(gap.startMs, endMs - lengthMs(missing.slice(at)))
      return [{ epoch, startMs, segment, stream }]
    })
  })
}
