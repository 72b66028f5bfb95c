import type { InitRow, SegmentIndex, SegmentRow } from '../store/model'
import { hasTimestamps } from './ffmpeg-args'

/** A stretch of rows with continuous timestamps and one encoding, clipped to the range asked for. */
export interface Run {
  /** Unix ms: where this run's share of the range begins and ends. */
  readonly fromMs: number
  readonly toMs: number
  /** The range ends inside the last segment. */
  readonly clippedAtEnd: boolean
  /** Segments that overlap the range. Never empty. */
  readonly rows: readonly SegmentRow[]
  /** Segments of the same stretch before the range, oldest first: the key frame to start at may be in them. */
  readonly before: readonly SegmentRow[]
  readonly init?: InitRow
}

export interface ExportPlan {
  readonly runs: readonly Run[]
  /** Seconds of the range that are gaps. */
  readonly gapsSkippedSec: number
}

interface Range {
  readonly index: SegmentIndex
  readonly fromMs: number
  readonly toMs: number
}

/** How far back a key frame is looked for: segments. */
const MAX_BEFORE = 12

/**
 * Which stored segments make up `[fromMs, toMs)`, split wherever timestamps or encoding start anew: at gaps,
 * discontinuities, changes of the initialization section, where encryption of fragmented MP4 begins or ends.
 */
export function planExport(range: Range): ExportPlan {
  const stretches: SegmentRow[][] = []
  const firstPositions: number[] = []
  let gapsSkippedSec = 0
  let broken = true
  for (const { position, row } of rowsIn(range)) {
    if (row.kind === 'gap' || row.kind === 'discontinuity') {
      broken = true
      if (row.kind === 'gap') gapsSkippedSec += overlapSec(range, row)
    } else if (row.kind === 'segment') {
      const current = stretches.at(-1)
      const previous = current?.at(-1)
      if (broken || current === undefined || previous === undefined || !joins(previous, row)) {
        stretches.push([row])
        firstPositions.push(position)
      } else current.push(row)
      broken = false
    }
  }
  return {
    runs: stretches.map((rows, number) => toRun(range, rows, firstPositions[number] ?? 0)),
    gapsSkippedSec,
  }
}

/** A stretch of a second track. */
export type CompanionStretch = Pick<Run, 'rows' | 'init'>

/**
 * Segments of a second track that go with a run of the first: those of the stretch that covers most of it. A gap
 * does not end a stretch here: the sound is silent for so long and then goes on at its own timestamps. Packed audio
 * has none that ffmpeg would see: there each part between two gaps is a stretch, and all of them are needed.
 */
export function planCompanion(range: Range): readonly CompanionStretch[] {
  const stretches: SegmentRow[][] = []
  let broken = true
  for (const { row } of rowsIn(range)) {
    const previous = stretches.at(-1)?.at(-1)
    const isPacked = previous !== undefined && !hasTimestamps(previous.extension)
    if (row.kind === 'discontinuity' || (row.kind === 'gap' && isPacked)) broken = true
    if (row.kind !== 'segment') continue
    if (broken || previous === undefined || !joins(previous, row)) stretches.push([row])
    else stretches.at(-1)?.push(row)
    broken = false
  }
  const covered = (rows: readonly SegmentRow[]) =>
    rows.reduce((sum, row) => sum + overlapSec(range, row), 0)
  const toStretch = (rows: readonly SegmentRow[]) => ({ rows, ...initOf(range.index, rows) })
  const [most] = stretches.toSorted((a, b) => covered(b) - covered(a))
  const packed = stretches.filter(([first]) => first && !hasTimestamps(first.extension))
  if (packed.length === stretches.length) return packed.map(toStretch)
  return most === undefined ? [] : [toStretch(most)]
}

/** Start or end of the stored footage that is nearest to a range without any; undefined where nothing is stored. */
export function nearestFootageMs(range: Range): number | undefined {
  const { index, fromMs } = range
  const candidates: number[] = []
  const next = index.firstEndingAfter(fromMs)
  for (let position = next; position < index.length; position += 1) {
    if (index.kindAt(position) !== 'segment') continue
    candidates.push(index.startMsAt(position))
    break
  }
  for (let position = Math.min(next, index.length) - 1; position >= 0; position -= 1) {
    if (index.kindAt(position) !== 'segment') continue
    candidates.push(Math.round(index.startMsAt(position) + index.durationSecAt(position) * 1000))
    break
  }
  return candidates.toSorted((a, b) => Math.abs(a - fromMs) - Math.abs(b - fromMs))[0]
}

function* rowsIn({ index, fromMs, toMs }: Range) {
  const end = index.firstStartingAt(toMs)
  for (let position = index.firstEndingAfter(fromMs); position < end; position += 1) {
    yield { position, row: index.rowAt(position) }
  }
}

const joins = (a: SegmentRow, b: SegmentRow) =>
  a.epoch === b.epoch &&
  a.initIndex === b.initIndex &&
  a.extension === b.extension &&
  (a.extension !== 'm4s' || isSealed(a) === isSealed(b))

/** Decrypted fragments of MP4 have another initialization section than those in the clear. */
const isSealed = (row: SegmentRow) => row.keyIndex !== undefined

const endMsOf = (row: { startMs: number; durationSec: number }) =>
  Math.round(row.startMs + row.durationSec * 1000)

const overlapSec = (range: Range, row: { startMs: number; durationSec: number }) =>
  Math.max(0, Math.min(range.toMs, endMsOf(row)) - Math.max(range.fromMs, row.startMs)) / 1000

function toRun(range: Range, rows: readonly SegmentRow[], firstPosition: number): Run {
  const [first] = rows
  const last = rows.at(-1)
  if (first === undefined || last === undefined) throw new Error('a run has at least one segment')
  return {
    fromMs: Math.max(range.fromMs, first.startMs),
    toMs: Math.min(range.toMs, endMsOf(last)),
    clippedAtEnd: endMsOf(last) > range.toMs,
    rows,
    before: rowsBefore(range.index, first, firstPosition),
    ...initOf(range.index, rows),
  }
}

function rowsBefore(index: SegmentIndex, first: SegmentRow, firstPosition: number): SegmentRow[] {
  const before: SegmentRow[] = []
  for (
    let position = firstPosition - 1;
    position >= 0 && before.length < MAX_BEFORE;
    position -= 1
  ) {
    const row = index.rowAt(position)
    if (row.kind !== 'segment' || !joins(row, first)) break
    before.unshift(row)
  }
  return before
}

function initOf(index: SegmentIndex, rows: readonly SegmentRow[]): { init?: InitRow } {
  const initIndex = rows[0]?.initIndex ?? -1
  const position = initIndex === -1 ? undefined : index.positionOf(initIndex)
  const row = position === undefined ? undefined : index.rowAt(position)
  return row?.kind === 'init' ? { init: row } : {}
}
