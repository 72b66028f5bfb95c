import type { MediaWriter } from '../hls/write/media-writer'
import type { SegmentIndex } from '../store/model'
import type { RenderedBlock } from './block-cache'
import type { EraOf } from './era'
import { createKeyTags, type KeyInForce, keyRowOf } from './key-tags'
import { type CuePiece, type Holes, isPaced, type Pace } from './pace'
import { cueRangeText } from './segment-name'
import { lastSegmentBefore } from './window'

/** Past this, an instant is written anew instead of being added up by the player. */
const CLOCK_TOLERANCE_MS = 20

/** A gap in subtitles is listed as a segment without any: the server has an empty file for it. */
const FILLER = 'vtt'

/** Nobody asks for it. */
const MISSING = 'ts'

/** What the next segment's tags depend on. */
interface Previous {
  readonly initIndex: number
  readonly inForce: KeyInForce
  /** As a player adds it up. */
  readonly endMs: number
  readonly era: number
}

/**
 * Text of the rows `[from, to)`. `first`: a playlist begins here, so nothing before it counts; otherwise
 * the text continues that of the rows before. Either way it depends on rows only, and rows never
 * change: the text can be kept. Reads columns, since an object per row would be most of the work.
 */
export function renderRows(options: {
  readonly index: SegmentIndex
  readonly from: number
  readonly to: number
  readonly first: boolean
  readonly eraOf: EraOf
  readonly pace?: Pace | undefined
  /** Given for a sound beside a picture. */
  readonly holes?: Holes | undefined
  /** Writes what stands right before a segment's EXTINF. */
  readonly beforeSegment?: ((position: number) => void) | undefined
  readonly writer: MediaWriter
}): RenderedBlock {
  const { index, from, to, eraOf, pace, holes, writer } = options
  const before = options.first ? undefined : previousOf(options)
  let previousInit = before?.initIndex ?? -1
  let previousEndMs = before?.endMs ?? Number.NaN
  let previousEra = before?.era
  const keys = createKeyTags({ index, inForce: before === undefined ? -1 : before.inForce, writer })
  let clockWritten = false
  let longestSec = 0
  for (let position = from; position < to; position += 1) {
    const kind = index.kindAt(position)
    const fills = kind === 'gap' && pace !== undefined
    if (kind === 'gap' && !fills) writeGap(index, position, writer)
    const holeSec = kind === 'gap' ? (holes?.secOf(position) ?? 0) : 0
    if (holeSec > 0) {
      const era = eraOf(position)
      if (previousEra !== undefined && previousEra !== era) writer.discontinuity()
      writer.programDateTime(index.startMsAt(position))
      writer.missing()
      writer.segment(holeSec, index.indexAt(position), MISSING)
      previousEra = era
      previousEndMs = Number.NaN
      clockWritten = false
      longestSec = Math.max(longestSec, holeSec)
    }
    const extension = kind === 'segment' ? index.extensionAt(position) : fills ? FILLER : undefined
    if (extension === undefined) continue
    const initIndex = index.initIndexAt(position)
    const newInit = initIndex >= 0 && initIndex !== previousInit
    const initExtension = newInit ? initExtensionOf(index, initIndex) : undefined
    // Its row was damaged on disk: no player can decode this segment.
    if ((newInit && initExtension === undefined) || !keys.hasKey(position)) continue
    const pieces = pace?.piecesOf(position)
    const era = pieces?.[0]?.era ?? eraOf(position)
    const broken = previousEra !== undefined && previousEra !== era
    if (broken) writer.discontinuity()
    keys.write(position)
    if (initExtension !== undefined) writer.map(initIndex, initExtension)
    const ownStartMs = index.startMsAt(position)
    const drifted = Math.abs(ownStartMs - previousEndMs) > CLOCK_TOLERANCE_MS
    const writeClock = !clockWritten || broken || drifted
    if (writeClock) writer.programDateTime(ownStartMs)
    clockWritten = true
    options.beforeSegment?.(position)
    previousInit = initIndex
    if (pieces === undefined) {
      const durationSec = pace?.durationSecOf(position) ?? index.durationSecAt(position)
      writer.segment(durationSec, index.indexAt(position), extension)
      previousEndMs = (writeClock ? ownStartMs : previousEndMs) + durationSec * 1000
      previousEra = era
      longestSec = Math.max(longestSec, durationSec)
    } else {
      writePieces(pieces, index.indexAt(position), extension, writer)
      previousEndMs = pieces.at(-1)?.toMs ?? Number.NaN
      previousEra = pieces.at(-1)?.era
      longestSec = Math.max(longestSec, ...pieces.map(({ durationSec }) => durationSec))
    }
  }
  return { text: writer.take(), longestSec }
}

/** The pieces of one segment, each on its side of a break; what stands before the first one is written. */
function writePieces(
  pieces: readonly CuePiece[],
  segmentIndex: number,
  extension: string,
  writer: MediaWriter,
): void {
  for (const [at, { fromMs, toMs, durationSec }] of pieces.entries()) {
    if (at > 0) {
      writer.discontinuity()
      writer.programDateTime(fromMs)
    }
    const range = cueRangeText({
      fromMs: at === 0 ? undefined : fromMs,
      toMs: at === pieces.length - 1 ? undefined : toMs,
    })
    writer.segment(durationSec, segmentIndex, extension, range)
  }
}

function writeGap(index: SegmentIndex, position: number, writer: MediaWriter): void {
  const row = index.rowAt(position)
  if (row.kind === 'gap') writer.gap(row)
}

function previousOf(options: {
  readonly index: SegmentIndex
  readonly from: number
  readonly eraOf: EraOf
  readonly pace?: Pace | undefined
  readonly holes?: Holes | undefined
}): Previous | undefined {
  const { index, from, eraOf, pace, holes } = options
  const position =
    pace === undefined ? lastSegmentBefore(index, from) : lastPacedBefore(index, from)
  if (position === undefined) return undefined
  const durationSec = pace?.durationSecOf(position) ?? index.durationSecAt(position)
  const last = pace?.piecesOf(position)?.at(-1)
  const hole = holes === undefined ? undefined : lastHole(from, position, holes)
  return {
    initIndex: index.initIndexAt(position),
    inForce: keyInForceAfter(index, position),
    endMs:
      hole === undefined
        ? (last?.toMs ?? index.startMsAt(position) + durationSec * 1000)
        : Number.NaN,
    era: last?.era ?? eraOf(hole ?? position),
  }
}

/** The last gap that is listed between a segment and a position. */
function lastHole(before: number, segment: number, holes: Holes): number | undefined {
  for (let position = before - 1; position > segment; position -= 1) {
    if (holes.secOf(position) > 0) return position
  }
  return undefined
}

function lastPacedBefore(index: SegmentIndex, before: number): number | undefined {
  for (let position = before - 1; position >= 0; position -= 1) {
    if (isPaced(index, position)) return position
  }
  return undefined
}

/** Not known behind a segment that was left out, since its tags were, too. */
function keyInForceAfter(index: SegmentIndex, position: number): KeyInForce {
  const keyIndex = index.keyIndexAt(position)
  const initIndex = index.initIndexAt(position)
  const isShown =
    (keyIndex < 0 || keyRowOf(index, keyIndex) !== undefined) &&
    (initIndex < 0 || initExtensionOf(index, initIndex) !== undefined)
  return isShown ? keyIndex : undefined
}

/** Undefined where the log has no such init row. */
function initExtensionOf(index: SegmentIndex, initIndex: number) {
  const position = index.positionOf(initIndex)
  return position === undefined || index.kindAt(position) !== 'init'
    ? undefined
    : index.extensionAt(position)
}
