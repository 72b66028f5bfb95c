import { endMsOf } from '../figures'
import { indexesOf } from '../gap-parts'
import type { GapRow, Row, SegmentIndex } from '../model'

/** A gap that has no row: lines of the log are gone. */
export interface Hole {
  /** What says so, in its place. */
  readonly gap: GapRow
  /** `index` of the row that it stands before. */
  readonly before: number
}

type MediaRow = Extract<Row, { kind: 'segment' | 'gap' }>

/**
 * Where rows are missing in a log: their indexes are left out, and so are numbers of segments. Rows that had no footage leave nothing to
 * tell of; what is missing at the end, or between two epochs, cannot be told from what never was.
 *
 * @param told rows in the order of the log. Pure; reads columns, and whole rows at holes only.
 */
export function holesOf(told: SegmentIndex): readonly Hole[] {
  const holes: Hole[] = []
  let media: number | undefined
  for (let position = 0; position < told.length; position += 1) {
    if (position > 0 && leavesOut(told, position)) {
      const hole = media === undefined ? undefined : holeAt(told, media, position)
      if (hole !== undefined) holes.push(hole)
    }
    const kind = told.kindAt(position)
    if (kind === 'segment' || kind === 'gap') media = position
  }
  return holes
}

/** Whether there are indexes between a row and the one before it. */
function leavesOut(told: SegmentIndex, position: number): boolean {
  const jump = told.indexAt(position) - told.indexAt(position - 1)
  if (jump === 1) return false
  return jump > takenBy(told, position - 1)
}

const takenBy = (told: SegmentIndex, position: number): number =>
  told.kindAt(position) === 'gap' ? indexesOf(told.rowAt(position)) : 1

/** @param media position of the last segment or gap before the indexes that are left out. */
function holeAt(told: SegmentIndex, media: number, position: number): Hole | undefined {
  const previous = told.rowAt(media)
  const next = firstMediaFrom(told, position)
  if (!isMedia(previous) || next?.epoch !== previous.epoch) return undefined
  const index = told.indexAt(position - 1) + takenBy(told, position - 1)
  const mediaSequence = previous.mediaSequence + (previous.kind === 'gap' ? previous.count : 1)
  const missing = next.mediaSequence - mediaSequence
  const count = Math.min(missing, told.indexAt(position) - index)
  if (previous.mediaSequence < 0 || count < 1) return undefined
  const toMs = told.startMsAt(position)
  const endMs = endMsOf(previous.startMs, previous.durationSec)
  const startMs = Math.min(toMs, Math.max(endMs, told.startMsAt(position - 1)))
  const { epoch, discontinuitySequence } = previous
  const durationSec = (toMs - startMs) / 1000
  const place = { index, epoch, startMs, durationSec, mediaSequence, discontinuitySequence }
  return { gap: { kind: 'gap', ...place, cause: 'damaged', count }, before: told.indexAt(position) }
}

function firstMediaFrom(told: SegmentIndex, from: number): MediaRow | undefined {
  for (let position = from; position < told.length; position += 1) {
    const row = told.rowAt(position)
    if (isMedia(row)) return row
  }
  return undefined
}

const isMedia = (row: Row): row is MediaRow => row.kind === 'segment' || row.kind === 'gap'
