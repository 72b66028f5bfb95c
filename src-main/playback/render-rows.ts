import {
  discontinuityTag,
  gapTag,
  mapTag,
  programDateTimeTag,
  segmentLines,
} from '../hls/write-playlist'
import type { SegmentIndex, SegmentRow } from '../store/model'
import type { EraOf } from './era'
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
  /** As a player adds it up. */
  readonly endMs: number
  readonly era: number
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
  readonly eraOf: EraOf
  readonly style: UriStyle
}): string {
  const { index, from, to, eraOf, style } = options
  let previous = options.first ? undefined : previousOf(index, from, eraOf)
  let text = ''
  let clockWritten = false
  for (let position = from; position < to; position += 1) {
    const kind = index.kindAt(position)
    if (kind === 'gap') {
      const row = index.rowAt(position)
      if (row.kind === 'gap') text += gapTag(row)
    }
    if (kind !== 'segment') continue
    const row = segmentAt(index, position)
    const newInit = row.initIndex >= 0 && row.initIndex !== previous?.initIndex
    const init = newInit ? initUri(index, row.initIndex, style) : undefined
    // Its row was damaged on disk: no player can decode this segment.
    if (newInit && init === undefined) continue
    const era = eraOf(position)
    const broken = previous !== undefined && previous.era !== era
    if (broken) text += discontinuityTag
    if (init !== undefined) text += mapTag(init)
    const addedUpMs = previous?.endMs ?? row.startMs
    const drifted = Math.abs(row.startMs - addedUpMs) > CLOCK_TOLERANCE_MS
    const writeClock = !clockWritten || broken || drifted
    if (writeClock) text += programDateTimeTag(row.startMs)
    clockWritten = true
    const startMs = writeClock ? row.startMs : addedUpMs
    previous = { initIndex: row.initIndex, endMs: startMs + row.durationSec * 1000, era }
    text += segmentLines(row.durationSec, uriOf(row, style))
  }
  return text
}

function previousOf(index: SegmentIndex, from: number, eraOf: EraOf): Previous | undefined {
  const position = lastSegmentBefore(index, from)
  if (position === undefined) return undefined
  const row = segmentAt(index, position)
  return {
    initIndex: row.initIndex,
    endMs: row.startMs + row.durationSec * 1000,
    era: eraOf(position),
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
