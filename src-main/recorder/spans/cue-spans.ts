import type { Cue } from '../../hls/playlist'
import type { SpanRow } from '../../store/model'
import type { SpanDraft } from './span-draft'

/** So many of the last breaks are remembered for cues that are listed again. */
const MOST_BREAKS = 200
/** The same cue in another numbering lies that near: segments of redundant streams are cut alike, but for rounding. */
const SAME_PLACE_MS = 1000
const LATEST_MS = 99_999_999_999_999

/**
 * Takes over the ad markers that are older than EXT-X-DATERANGE: a break goes from its EXT-X-CUE-OUT to the
 * next EXT-X-CUE-IN. Pure but for the draft. Listings repeat them at each reload: a cue
 * that lies within a known break is one of it.
 *
 * @param options.placeOf start of the segment with this number on the recording's timeline.
 */
export function takeCues(options: {
  readonly draft: SpanDraft
  readonly cues: readonly Cue[]
  readonly epoch: number
  readonly placeOf: (mediaSequence: number) => number | undefined
}): void {
  const { draft, cues, epoch, placeOf } = options
  const prefix = `c-${epoch}-`
  const breaks = draft
    .all()
    .filter(({ id }) => id.startsWith('c-'))
    .slice(-MOST_BREAKS)
  const put = (row: SpanRow) => {
    const at = breaks.findIndex(({ id }) => id === row.id)
    if (at < 0) breaks.push(row)
    else breaks[at] = row
    draft.put(row)
  }
  for (const cue of cues) {
    const atMs = placeOf(cue.mediaSequence)
    if (atMs === undefined) continue
    if (cue.kind === 'in') {
      const begun = breaks.findLast(
        (row) => row.epoch === epoch && row.startMs < atMs && row.endMs === undefined,
      )
      if (begun !== undefined) put({ ...begun, endMs: atMs })
      continue
    }
    const id = `${prefix}${cue.mediaSequence}`
    if (draft.get(id) !== undefined) continue
    const same = breaks.findLast((row) =>
      row.id.startsWith(prefix) ? isWithin(row, atMs, cue) : goesOn(row, atMs, cue),
    )
    if (same !== undefined) {
      if (same.epoch !== epoch) put({ ...same, epoch })
      continue
    }
    put({ id, kind: 'ad', label: '', epoch, startMs: atMs, ...plannedEnd(cue, atMs) })
  }
}

/** A break may last longer than planned: then only one that says that it goes on is still part of it. */
function isWithin(row: SpanRow, atMs: number, { continued = false }: Cue): boolean {
  const plannedEndMs = continued ? undefined : row.plannedEndMs
  const endMs = row.endMs ?? plannedEndMs ?? Number.POSITIVE_INFINITY
  return row.startMs <= atMs && atMs < endMs
}

/** A break of an earlier numbering that this one lists too, as redundant streams do. */
function goesOn(row: SpanRow, atMs: number, { continued = false }: Cue): boolean {
  if (Math.abs(row.startMs - atMs) < SAME_PLACE_MS) return true
  return continued && row.startMs <= atMs && atMs < (row.endMs ?? Number.POSITIVE_INFINITY)
}

function plannedEnd({ plannedDurationSec }: Cue, startMs: number): { plannedEndMs?: number } {
  return plannedDurationSec === undefined
    ? {}
    : { plannedEndMs: Math.min(LATEST_MS, Math.round(startMs + plannedDurationSec * 1000)) }
}
