import { createHash } from 'node:crypto'
import type { DateRange } from '../../hls/playlist'
import type { SpanRow } from '../../store/model'
import type { SpanDraft } from './span-draft'
import { spanKindOf, spanText } from './span-words'

/** An end that moves by less is the same end: the source's clock jitters. */
const JITTER_MS = 500
const LATEST_MS = 99_999_999_999_999

/** All tags with this ID. The ID itself is any text of any length. */
const sourcePrefix = ({ id }: DateRange): string =>
  `d-${createHash('sha256').update(id).digest('hex').slice(0, 16)}-`

/** An ID that comes again with another START-DATE is another range: encoders that start over count from one. */
const spanIdOf = (range: DateRange): string => `${sourcePrefix(range)}${Math.round(range.startMs)}`

/**
 * Takes over the EXT-X-DATERANGE tags of a listing (RFC 8216 4.3.2.7). Pure but for the draft.
 * SCTE35-OUT and SCTE35-IN of one ID make one span; END-ON-NEXT ends where the next of the CLASS begins.
 *
 * @param options.placeOf from the source's clock to the recording's timeline.
 * @returns the ids of the spans that are listed.
 */
export function takeDateRanges(options: {
  readonly draft: SpanDraft
  readonly ranges: readonly DateRange[]
  readonly epoch: number
  readonly placeOf: (sourceMs: number) => number | undefined
}): ReadonlySet<string> {
  const { draft, ranges, epoch, placeOf } = options
  const listed = new Set<string>()
  const openBefore = findOpen(draft, ranges)
  const startsOfClass = new Map<string, number[]>()
  for (const range of ranges) {
    const startMs = placeOf(range.startMs)
    if (startMs === undefined) continue
    const out = range.scte35 === 'in' ? openBefore(range, startMs) : undefined
    if (out !== undefined) {
      draft.put({ ...out, endMs: startMs })
      listed.add(out.id)
      continue
    }
    const id = spanIdOf(range)
    listed.add(id)
    const row = rowOf({ id, range, known: draft.get(id), epoch, startMs, placeOf })
    if (row !== undefined) draft.put(row)
    if (range.className === undefined) continue
    const name = spanText(range.className)
    const starts = startsOfClass.get(name)
    if (starts === undefined) startsOfClass.set(name, [startMs])
    else starts.push(startMs)
  }
  if (startsOfClass.size > 0) endOnNext(draft, startsOfClass)
  return listed
}

/** Finds what an SCTE35-IN puts an end to whose SCTE35-OUT is not listed any more: the last one of its ID before an instant. */
function findOpen(draft: SpanDraft, ranges: readonly DateRange[]) {
  const byPrefix = new Map<string, SpanRow[]>()
  const isAsked = ranges.some(({ scte35 }) => scte35 === 'in')
  for (const row of isAsked ? draft.all() : []) {
    if (row.endMs !== undefined) continue
    const prefix = row.id.slice(0, row.id.lastIndexOf('-') + 1)
    const rows = byPrefix.get(prefix)
    if (rows === undefined) byPrefix.set(prefix, [row])
    else rows.push(row)
  }
  return (range: DateRange, ms: number): SpanRow | undefined =>
    byPrefix.get(sourcePrefix(range))?.findLast(({ startMs }) => startMs < ms)
}

/** Undefined for a lone SCTE35-IN: what it ends began before the recording. */
function rowOf(options: {
  readonly id: string
  readonly range: DateRange
  readonly known: SpanRow | undefined
  readonly epoch: number
  readonly startMs: number
  readonly placeOf: (sourceMs: number) => number | undefined
}): SpanRow | undefined {
  const { id, range, known, placeOf } = options
  if (range.scte35 === 'in' && range.endMs === undefined) return known
  // Where it was placed first, it stays: its segments may have left the listing meanwhile.
  const startMs = known?.startMs ?? options.startMs
  const endMs = endOf(range, startMs, known?.endMs, placeOf)
  const plannedEndMs =
    range.plannedDurationSec === undefined
      ? known?.plannedEndMs
      : Math.min(LATEST_MS, Math.round(startMs + range.plannedDurationSec * 1000))
  return {
    id,
    kind: known?.kind ?? spanKindOf(range),
    label: known?.label ?? spanText(range.id),
    epoch: known?.epoch ?? options.epoch,
    startMs,
    ...(endMs === undefined ? {} : { endMs }),
    ...(plannedEndMs === undefined ? {} : { plannedEndMs }),
    ...(range.endOnNext && range.className !== undefined
      ? { endsOnNextOf: spanText(range.className) }
      : {}),
  }
}

function endOf(
  range: DateRange,
  startMs: number,
  knownMs: number | undefined,
  placeOf: (sourceMs: number) => number | undefined,
): number | undefined {
  const { scte35, endMs, plannedDurationSec, endOnNext } = range
  if (endMs === undefined) {
    // A command without any length is a moment.
    const isMoment = scte35 === 'cmd' && plannedDurationSec === undefined && !endOnNext
    return knownMs ?? (isMoment ? startMs : undefined)
  }
  const placedMs = Math.max(startMs, Math.min(LATEST_MS, placeOf(endMs) ?? startMs))
  return knownMs !== undefined && Math.abs(placedMs - knownMs) < JITTER_MS ? knownMs : placedMs
}

function endOnNext(draft: SpanDraft, startsOfClass: ReadonlyMap<string, readonly number[]>): void {
  for (const row of draft.all()) {
    if (row.endMs !== undefined || row.endsOnNextOf === undefined) continue
    const later = (startsOfClass.get(row.endsOnNextOf) ?? []).filter((ms) => ms > row.startMs)
    if (later.length > 0) draft.put({ ...row, endMs: Math.min(...later) })
  }
}
