import {
  discontinuityTag,
  gapTag,
  mapTag,
  programDateTimeTag,
  segmentLines,
} from '../hls/write-playlist'
import type { SegmentIndex, SegmentRow } from '../store/model'
import { formatSegmentName } from './segment-name'
import { lastSegmentBefore } from './window'

/** How the files of a track are named in a playlist. */
export interface UriStyle {
  readonly recordingId: string
  readonly trackId: string
  /** Relative path from the playlist to its segments, so that a base path in front works. */
  readonly prefix: string
  /** Empty, or the query that carries the token on. */
  readonly suffix: string
}

/** Past this, an instant is written anew instead of being added up by the player. */
const CLOCK_TOLERANCE_MS = 20

/** What the next segment's tags depend on. */
interface Previous {
  readonly initIndex: number
  readonly endMs: number
}

/**
 * Text of the rows `[from, to)`. `first`: a playlist begins here, so nothing before it counts; otherwise
 * the text continues that of the rows before. Either way it depends on rows only, and rows never
 * change: the text can be kept.
 */
export function renderRows(options: {
  readonly index: SegmentIndex
  readonly from: number
  readonly to: number
  readonly first: boolean
  readonly style: UriStyle
}): string {
  const { index, from, to, style } = options
  const start = options.first ? { previous: undefined, broken: false } : stateAt(index, from)
  let previous = start.previous
  let broken = start.broken
  let text = ''
  let clockWritten = false
  for (let position = from; position < to; position += 1) {
    const kind = index.kindAt(position)
    if (kind === 'segment') {
      const row = segmentAt(index, position)
      const newInit = row.initIndex >= 0 && row.initIndex !== previous?.initIndex
      const init = newInit ? initUri(index, row.initIndex, style) : undefined
      if (newInit && init === undefined) {
        // Its row was damaged on disk: no player can decode this segment.
        broken = true
        continue
      }
      if (broken && previous !== undefined) text += discontinuityTag
      if (init !== undefined) text += mapTag(init)
      const driftMs = Math.abs(row.startMs - (previous?.endMs ?? 0))
      if (!clockWritten || broken || driftMs > CLOCK_TOLERANCE_MS) {
        text += programDateTimeTag(row.startMs)
        clockWritten = true
        previous = { initIndex: row.initIndex, endMs: row.startMs + row.durationSec * 1000 }
      } else {
        // Added up as a player does, so that small differences do not pile up unseen.
        const endMs = (previous?.endMs ?? row.startMs) + row.durationSec * 1000
        previous = { initIndex: row.initIndex, endMs }
      }
      text += segmentLines(row.durationSec, uriOf(row, style))
      broken = false
    } else if (kind === 'gap') {
      const row = index.rowAt(position)
      if (row.kind === 'gap') text += gapTag(row)
      broken = true
    } else if (kind === 'discontinuity') {
      broken = true
    }
  }
  return text
}

function stateAt(
  index: SegmentIndex,
  from: number,
): { previous: Previous | undefined; broken: boolean } {
  const position = lastSegmentBefore(index, from)
  if (position === undefined) return { previous: undefined, broken: false }
  let broken = false
  for (let between = position + 1; between < from; between += 1) {
    broken ||= index.kindAt(between) !== 'init'
  }
  const row = segmentAt(index, position)
  return {
    previous: { initIndex: row.initIndex, endMs: row.startMs + row.durationSec * 1000 },
    broken,
  }
}

function segmentAt(index: SegmentIndex, position: number): SegmentRow {
  const row = index.rowAt(position)
  if (row.kind !== 'segment') throw new Error(`row ${row.index} is a ${row.kind}, not a segment`)
  return row
}

function initUri(index: SegmentIndex, initIndex: number, style: UriStyle): string | undefined {
  const position = index.positionOf(initIndex)
  const row = position === undefined ? undefined : index.rowAt(position)
  return row?.kind === 'init' ? uriOf(row, style) : undefined
}

function uriOf(row: Pick<SegmentRow, 'index' | 'extension'>, style: UriStyle): string {
  const { recordingId, trackId, prefix, suffix } = style
  const { index, extension } = row
  return prefix + formatSegmentName({ recordingId, trackId, index, extension }) + suffix
}
