import type { MediaWriter } from '../hls/media-writer'
import type { SegmentIndex } from '../store/model'
import type { RenderedBlock } from './block-cache'
import type { EraOf } from './era'
import { lastSegmentBefore } from './window'

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
 * change: the text can be kept. Reads columns, since an object per row would be most of the work.
 */
export function renderRows(options: {
  readonly index: SegmentIndex
  readonly from: number
  readonly to: number
  readonly first: boolean
  readonly eraOf: EraOf
  readonly writer: MediaWriter
}): RenderedBlock {
  const { index, from, to, eraOf, writer } = options
  const before = options.first ? undefined : previousOf(index, from, eraOf)
  let previousInit = before?.initIndex ?? -1
  let previousEndMs = before?.endMs ?? Number.NaN
  let previousEra = before?.era
  let clockWritten = false
  let longestSec = 0
  for (let position = from; position < to; position += 1) {
    const kind = index.kindAt(position)
    if (kind === 'gap') writeGap(index, position, writer)
    const extension = kind === 'segment' ? index.extensionAt(position) : undefined
    if (extension === undefined) continue
    const initIndex = index.initIndexAt(position)
    const newInit = initIndex >= 0 && initIndex !== previousInit
    const initExtension = newInit ? initExtensionOf(index, initIndex) : undefined
    // Its row was damaged on disk: no player can decode this segment.
    if (newInit && initExtension === undefined) continue
    const era = eraOf(position)
    const broken = previousEra !== undefined && previousEra !== era
    if (broken) writer.discontinuity()
    if (initExtension !== undefined) writer.map(initIndex, initExtension)
    const ownStartMs = index.startMsAt(position)
    const drifted = Math.abs(ownStartMs - previousEndMs) > CLOCK_TOLERANCE_MS
    const writeClock = !clockWritten || broken || drifted
    if (writeClock) writer.programDateTime(ownStartMs)
    clockWritten = true
    const durationSec = index.durationSecAt(position)
    writer.segment(durationSec, index.indexAt(position), extension)
    previousInit = initIndex
    previousEndMs = (writeClock ? ownStartMs : previousEndMs) + durationSec * 1000
    previousEra = era
    longestSec = Math.max(longestSec, durationSec)
  }
  return { text: writer.take(), longestSec }
}

function writeGap(index: SegmentIndex, position: number, writer: MediaWriter): void {
  const row = index.rowAt(position)
  if (row.kind === 'gap') writer.gap(row)
}

function previousOf(index: SegmentIndex, from: number, eraOf: EraOf): Previous | undefined {
  const position = lastSegmentBefore(index, from)
  if (position === undefined) return undefined
  return {
    initIndex: index.initIndexAt(position),
    endMs: index.startMsAt(position) + index.durationSecAt(position) * 1000,
    era: eraOf(position),
  }
}

/** Undefined where the log has no such init row. */
function initExtensionOf(index: SegmentIndex, initIndex: number) {
  const position = index.positionOf(initIndex)
  return position === undefined || index.kindAt(position) !== 'init'
    ? undefined
    : index.extensionAt(position)
}
