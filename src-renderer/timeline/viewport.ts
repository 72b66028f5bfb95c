/** The stretch of wall clock that the timeline shows, and how wide it is on screen. */
export interface Viewport {
  readonly fromMs: number
  readonly toMs: number
  readonly widthPx: number
}

/** From the first stored instant to the last. */
export interface Extent {
  readonly startMs: number
  readonly endMs: number
  /** More is to come. */
  readonly growing?: boolean
}

/** Deepest zoom: the whole width shows this much. */
const SHORTEST_VIEW_MS = 1000
/** A short recording does not fill the width at once: it grows into this much. */
const SHORTEST_FIT_MS = 60_000
/** Empty room left and right of the extent, as a share of the view. */
const MARGIN = 0.04

export function xOfMs(view: Viewport, ms: number): number {
  return ((ms - view.fromMs) / (view.toMs - view.fromMs)) * view.widthPx
}

export function msOfX(view: Viewport, xPx: number): number {
  return view.fromMs + (xPx / view.widthPx) * (view.toMs - view.fromMs)
}

/** The view that shows all of it, with a little room at both ends; while it grows, room to grow into. */
export function fitView(extent: Extent, widthPx: number): Viewport {
  const leastMs = extent.growing === true ? SHORTEST_FIT_MS : SHORTEST_VIEW_MS
  const lengthMs = Math.max(leastMs, extent.endMs - extent.startMs)
  const marginMs = lengthMs * MARGIN
  return { fromMs: extent.startMs - marginMs, toMs: extent.startMs + lengthMs + marginMs, widthPx }
}

/** The view that shows `fromMs..toMs` with room on both sides. */
export function zoomToSpan(
  view: Viewport,
  span: { fromMs: number; toMs: number },
  extent: Extent,
): Viewport {
  const marginMs = (span.toMs - span.fromMs) * 0.1
  return limitView({ ...view, fromMs: span.fromMs - marginMs, toMs: span.toMs + marginMs }, extent)
}

/** Zooms by `factor` (< 1 = closer); the instant under `xPx` stays under it. */
export function zoomView(view: Viewport, xPx: number, factor: number, extent: Extent): Viewport {
  const anchorMs = msOfX(view, xPx)
  const spanMs = clampSpan((view.toMs - view.fromMs) * factor, extent)
  const fromMs = anchorMs - (xPx / view.widthPx) * spanMs
  return limitView({ ...view, fromMs, toMs: fromMs + spanMs }, extent)
}

/** Moves the view by pixels; positive = later. */
export function panView(view: Viewport, deltaPx: number, extent: Extent): Viewport {
  const deltaMs = (deltaPx / view.widthPx) * (view.toMs - view.fromMs)
  return limitView({ ...view, fromMs: view.fromMs + deltaMs, toMs: view.toMs + deltaMs }, extent)
}

/** Puts `ms` in the middle. */
export function centreView(view: Viewport, ms: number, extent: Extent): Viewport {
  return panView(view, xOfMs(view, ms) - view.widthPx / 2, extent)
}

/** Same span, with the end of the extent just inside the right side. */
export function followView(view: Viewport, extent: Extent): Viewport {
  const spanMs = view.toMs - view.fromMs
  const toMs = extent.endMs + spanMs * MARGIN
  const fit = fitView(extent, view.widthPx)
  if (spanMs >= fit.toMs - fit.fromMs) return fit
  const fromMs = Math.max(fit.fromMs, toMs - spanMs)
  return { ...view, fromMs, toMs: fromMs + spanMs }
}

/** True when the end of the extent can be seen. */
export function showsEnd(view: Viewport, extent: Extent): boolean {
  return extent.endMs >= view.fromMs && extent.endMs <= view.toMs
}

/** One step of a smooth move towards `target`; `share` of the way, or all of it when less than half a pixel is left. */
export function approachView(view: Viewport, target: Viewport, share: number): Viewport {
  const step = (from: number, to: number) => from + (to - from) * share
  const pxPerMs = target.widthPx / (target.toMs - target.fromMs)
  const leftPx =
    Math.max(Math.abs(target.fromMs - view.fromMs), Math.abs(target.toMs - view.toMs)) * pxPerMs
  if (leftPx < 0.5) return target
  return {
    fromMs: step(view.fromMs, target.fromMs),
    toMs: step(view.toMs, target.toMs),
    widthPx: target.widthPx,
  }
}

function clampSpan(spanMs: number, extent: Extent): number {
  const fit = fitView(extent, 1)
  return Math.min(fit.toMs - fit.fromMs, Math.max(SHORTEST_VIEW_MS, spanMs))
}

/** Keeps the view within what can be shown at all. */
function limitView(view: Viewport, extent: Extent): Viewport {
  const fit = fitView(extent, view.widthPx)
  const spanMs = clampSpan(view.toMs - view.fromMs, extent)
  const latestFromMs = Math.max(
    fit.fromMs,
    Math.max(fit.toMs, extent.endMs + spanMs * MARGIN) - spanMs,
  )
  const fromMs = Math.min(latestFromMs, Math.max(fit.fromMs, view.fromMs))
  return { fromMs, toMs: fromMs + spanMs, widthPx: view.widthPx }
}

/** Slower than this the playhead is seen as moving, not as jumping, at this many paints a second. */
const CALM_PX_PER_SEC = 60
const CALM_PAINT_MS = 66

/** Whether a playhead that plays on is worth a new picture: a pixel at least, and no more often than an eye asks for. */
export function isWorthPainting(options: {
  /** How far it is from where it was painted; NaN when it came or went. */
  movedPx: number
  pxPerSec: number
  sinceMs: number
}): boolean {
  const { movedPx, pxPerSec, sinceMs } = options
  if (Number.isNaN(movedPx)) return true
  return movedPx >= 1 && (pxPerSec > CALM_PX_PER_SEC || sinceMs >= CALM_PAINT_MS)
}
