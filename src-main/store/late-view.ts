import { endMsOf } from './figures'
import { firstWhere } from './first-where'
import { noLates } from './gone-lates'
import { createLateBreaks } from './late-breaks'
import { lastUpTo, type Patch, patchesOf } from './late-patches'
import type { Figures, Gone, GoneLates, Row, SegmentIndex, SegmentRow } from './model'
import { isSameGap } from './one-gap'

/** A patch with its place in the view. */
interface PlacedPatch extends Patch {
  /** Position of its first row in the view. */
  readonly start: number
  /** What a told position behind it is less than one in the view. */
  readonly shift: number
  /** Late segments before it. */
  readonly latesBefore: number
  readonly lates: number
}

function place(patches: readonly Patch[]): PlacedPatch[] {
  let shift = 0
  let latesBefore = 0
  return patches.map((patch) => {
    const lates = patch.rows.filter(({ kind }) => kind === 'segment').length
    const start = patch.at + shift
    shift += patch.rows.length - patch.takes
    const placed = { ...patch, start, shift, latesBefore, lates }
    latesBefore += lates
    return placed
  })
}

/**
 * An index in which late segments stand at their places, over one in which they are gaps. It grows with that one. Late
 * segments are rare: an object for each, and a search among them for each look.
 *
 * @param told rows in the order of the log.
 * @param lates ascending by index.
 * @param goneLates of late segments that were there and were let go.
 */
export function createLateView(
  told: SegmentIndex,
  lates: readonly SegmentRow[],
  goneLates: GoneLates = noLates,
): SegmentIndex {
  const patches = place(patchesOf(told, lates))
  const breaks = createLateBreaks(told, patches, goneLates.breaks)
  const gone: Gone = { ...told.gone, breaks: told.gone.breaks + goneLates.breaks }
  const lateNumber = lates.reduce(
    (most, { late }) => Math.max(most, late?.number ?? 0),
    goneLates.number,
  )
  const longestLateSec = lates.reduce((most, { durationSec }) => Math.max(most, durationSec), 0)
  const addedRows = patches.at(-1)?.shift ?? 0
  let lastHit = 0
  let figures: { readonly of: Figures; readonly value: Figures } | undefined

  /** Number of the last patch that begins at or before a position; -1 for none. Walks look at neighbours. */
  const patchUpTo = (position: number): number => {
    const isHit = (at: number) =>
      position >= (patches[at]?.start ?? Infinity) &&
      position < (patches[at + 1]?.start ?? Infinity)
    if (isHit(lastHit)) return lastHit
    const behind = firstWhere(
      0,
      patches.length,
      (number) => (patches[number]?.start ?? Infinity) > position,
    )
    lastHit = Math.max(0, behind - 1)
    return behind - 1
  }
  const patchedRow = (position: number): Row | undefined => {
    const patch = patches[patchUpTo(position)]
    return patch?.rows[position - patch.start]
  }
  const toldPosition = (position: number): number =>
    position - (patches[patchUpTo(position)]?.shift ?? 0)
  /** Number of the first patch that has a told position or one behind it; how many there are where none has. */
  const firstPatchFrom = (at: number): number =>
    firstWhere(0, patches.length, (number) => (patches[number]?.at ?? Infinity) >= at)
  /** Of what stands there in the view, be it the told row or what has its place. */
  const positionOfTold = (at: number): number => at + (patches[firstPatchFrom(at) - 1]?.shift ?? 0)
  const length = () => told.length + addedRows
  const startMsAt = (position: number): number =>
    patchedRow(position)?.startMs ?? told.startMsAt(toldPosition(position))
  const durationSecAt = (position: number): number => {
    const row = patchedRow(position)
    if (row === undefined) return told.durationSecAt(toldPosition(position))
    return 'durationSec' in row ? row.durationSec : 0
  }

  return {
    get length() {
      return length()
    },
    get figures() {
      if (figures?.of !== told.figures) {
        figures = { of: told.figures, value: withPatches(told, patches) }
      }
      return figures.value
    },
    get longestSec() {
      return Math.max(told.longestSec, longestLateSec)
    },
    lateNumber,
    gone,
    kindAt: (position) => patchedRow(position)?.kind ?? told.kindAt(toldPosition(position)),
    startMsAt,
    durationSecAt,
    indexAt: (position) => patchedRow(position)?.index ?? told.indexAt(toldPosition(position)),
    initIndexAt(position) {
      const row = patchedRow(position)
      if (row === undefined) return told.initIndexAt(toldPosition(position))
      return row.kind === 'segment' ? row.initIndex : -1
    },
    keyIndexAt(position) {
      const row = patchedRow(position)
      if (row === undefined) return told.keyIndexAt(toldPosition(position))
      return row.kind === 'segment' ? (row.keyIndex ?? -1) : -1
    },
    extensionAt(position) {
      const row = patchedRow(position)
      if (row === undefined) return told.extensionAt(toldPosition(position))
      return row.kind === 'segment' ? row.extension : undefined
    },
    segmentsBefore(position) {
      const patch = patches[patchUpTo(position)]
      if (patch === undefined) return told.segmentsBefore(position) + goneLates.segments
      const rows = patch.rows.slice(0, position - patch.start)
      const latesBefore = patch.latesBefore + rows.filter(({ kind }) => kind === 'segment').length
      const isInside = position < patch.start + patch.rows.length
      const toldBefore = told.segmentsBefore(isInside ? patch.at : position - patch.shift)
      return toldBefore + latesBefore + goneLates.segments
    },
    discontinuitiesBefore(position) {
      const number = patchUpTo(position)
      const patch = patches[number]
      if (patch === undefined) return told.discontinuitiesBefore(position) + goneLates.breaks
      const row = position - patch.start
      return row < patch.rows.length
        ? breaks.inPatch(number, row)
        : told.discontinuitiesBefore(position - patch.shift) + breaks.shiftBehind(number)
    },
    firstEndingAfter(ms) {
      let position = positionOfTold(told.firstEndingAfter(ms))
      while (position < length()) {
        const endMs = endMsOf(startMsAt(position), durationSecAt(position))
        const hasMedia = patchedRow(position) !== undefined || isMedia(told, toldPosition(position))
        if (hasMedia && endMs > ms) return position
        position += 1
      }
      return length()
    },
    firstStartingAt: (ms) => firstWhere(0, length(), (position) => startMsAt(position) >= ms),
    positionOf(index) {
      const at = lastUpTo(told, index)
      for (let number = firstPatchFrom(at); number < patches.length; number += 1) {
        const patch = patches[number]
        if (patch === undefined || patch.at > at + 1) break
        const row = patch.rows.findIndex((one) => one.index === index)
        if (row >= 0) return patch.start + row
        if (patch.at === at && patch.takes === 1) return undefined
      }
      return at >= 0 && told.indexAt(at) === index
        ? positionOfTold(at) + takenBefore(at)
        : undefined
    },
    rowAt: (position) => patchedRow(position) ?? told.rowAt(toldPosition(position)),
  }

  /** Rows that were put in right before a told row, where nothing was taken out. */
  function takenBefore(at: number): number {
    const patch = patches[firstPatchFrom(at)]
    return patch?.at === at && patch.takes === 0 ? patch.rows.length : 0
  }
}

function isMedia(index: SegmentIndex, position: number): boolean {
  const kind = index.kindAt(position)
  return kind === 'segment' || kind === 'gap'
}

function withPatches(told: SegmentIndex, patches: readonly Patch[]): Figures {
  const sum = { ...told.figures }
  let addedUs = 0
  let gapUs = 0
  const us = (sec: number) => Math.round(sec * 1e6)
  for (const { at, takes, rows } of patches) {
    if (takes === 1) gapUs -= us(told.durationSecAt(at))
    for (const row of rows) {
      if (row.kind === 'gap') gapUs += us(row.durationSec)
      else if (row.kind === 'segment') {
        addedUs += us(row.durationSec)
        sum.segments += 1
        sum.bytes += row.bytes
        sum.endMs = Math.max(sum.endMs ?? 0, endMsOf(row.startMs, row.durationSec))
      }
    }
  }
  const durationSec = (us(sum.durationSec) + addedUs) / 1e6
  const gapSec = Math.max(0, us(sum.gapSec) + gapUs) / 1e6
  return { ...sum, durationSec, gaps: sum.gaps + addedGaps(told, patches), gapSec }
}

/** How many gaps there are more, or fewer, with patches than without: rows around them may begin a gap that went on before. */
function addedGaps(told: SegmentIndex, patches: readonly Patch[]): number {
  const rowAt = (position: number): Row | undefined =>
    position >= 0 && position < told.length && told.kindAt(position) === 'gap'
      ? told.rowAt(position)
      : undefined
  const begins = (before: Row | undefined, row: Row | undefined): number =>
    row?.kind === 'gap' && !isSameGap(before, row) ? 1 : 0
  let added = 0
  for (const [number, { at, takes, rows }] of patches.entries()) {
    const earlier = patches[number - 1]
    const touches = earlier !== undefined && earlier.at + earlier.takes === at
    let before = touches ? earlier.rows.at(-1) : rowAt(at - 1)
    if (takes === 1) added -= begins(rowAt(at - 1), rowAt(at))
    for (const row of rows) {
      added += begins(before, row)
      before = row
    }
    const next = at + takes
    if (patches[number + 1]?.at === next) continue
    added += begins(before, rowAt(next)) - begins(rowAt(next - 1), rowAt(next))
  }
  return added
}
