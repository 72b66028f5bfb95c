import type { SegmentIndex } from '../store/model'

/** A stretch of log positions, `to` not included. */
export interface Window {
  readonly from: number
  readonly to: number
}

/** The whole log. */
export function wholeWindow(index: SegmentIndex): Window {
  return { from: 0, to: index.length }
}

/** The last `count` segments before position `to`, and what stands between them. */
export function lastSegmentsWindow(index: SegmentIndex, to: number, count: number): Window {
  let from = to
  let found = 0
  for (let position = to - 1; position >= 0 && found < count; position -= 1) {
    if (index.kindAt(position) !== 'segment') continue
    found += 1
    from = position
  }
  return { from, to }
}

/** Exactly the rows that overlap `[fromMs, toMs)`; `toMs` absent = up to the live edge. */
export function overlappingWindow(
  index: SegmentIndex,
  span: { readonly fromMs: number; readonly toMs?: number },
): Window {
  const from = index.firstEndingAfter(span.fromMs)
  const to = span.toMs === undefined ? index.length : index.firstStartingAt(span.toMs)
  return { from, to: Math.max(from, to) }
}

/** Position of the first segment of a window; undefined where it has none. */
export function firstSegmentOf(index: SegmentIndex, window: Window): number | undefined {
  for (let position = window.from; position < window.to; position += 1) {
    if (index.kindAt(position) === 'segment') return position
  }
  return undefined
}

/** Start, unix ms, of the segment that lies nearest to an instant; undefined where nothing is stored. */
export function nearestFootageMs(index: SegmentIndex, instantMs: number): number | undefined {
  const pivot = index.firstStartingAt(instantMs)
  const after = firstSegmentOf(index, { from: pivot, to: index.length })
  const before = lastSegmentBefore(index, pivot)
  const afterMs = after === undefined ? undefined : index.startMsAt(after)
  if (before === undefined) return afterMs
  const beforeMs = index.startMsAt(before)
  const beforeEndMs = beforeMs + index.durationSecAt(before) * 1000
  return afterMs !== undefined && afterMs - instantMs < instantMs - beforeEndMs ? afterMs : beforeMs
}

/** Position of the last segment before a position; undefined where there is none. */
export function lastSegmentBefore(index: SegmentIndex, before: number): number | undefined {
  for (let position = before - 1; position >= 0; position -= 1) {
    if (index.kindAt(position) === 'segment') return position
  }
  return undefined
}
