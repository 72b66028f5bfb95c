import type { Timeline } from '../../src-preload/contract/model'
import type { TimeRange } from '../stores/selection-store'
import { drawArrivalStretches, drawSpanBand, type SpanColours } from './draw-spans'
import {
  BAND_PX,
  BAND_TOP_PX,
  FOOTAGE_PX,
  FOOTAGE_TOP_PX,
  firstEndingAfter,
  LANE_PX,
  OVERVIEW_PX,
  RULER_PX,
  TIMELINE_PX,
} from './hit-test'
import { isArrivalTime } from './spans'
import { stepFor, tickLabel, ticksBetween } from './ticks'
import { type Extent, fitView, msOfX, type Viewport, xOfMs } from './viewport'

/** Colours, as the style sheet's tokens say them. */
export interface TimelineColours {
  readonly background: string
  readonly lane: string
  readonly line: string
  readonly text: string
  readonly footage: string
  readonly gap: string
  readonly selection: string
  readonly playhead: string
  readonly live: string
  readonly arrival: string
  readonly spans: SpanColours
}

export interface TimelinePicture {
  readonly view: Viewport
  readonly extent: Extent | undefined
  readonly timeline: Timeline | undefined
  readonly range: TimeRange | undefined
  readonly playheadMs: number | undefined
  readonly hoverMs: number | undefined
  /** The recording grows: the end is a live edge. */
  readonly live: boolean
  readonly colours: TimelineColours
  /** Fill for gaps. */
  readonly hatch: CanvasPattern | null
}

const LANE_TOP = RULER_PX
const OVERVIEW_TOP = RULER_PX + LANE_PX
const TICK_LEAST_PX = 92
const FONT = '11px system-ui, sans-serif'

/** Paints the whole timeline. The context is scaled so that one unit is one CSS pixel. */
export function drawTimeline(ctx: CanvasRenderingContext2D, picture: TimelinePicture): void {
  const { view, colours } = picture
  ctx.fillStyle = colours.background
  ctx.fillRect(0, 0, view.widthPx, TIMELINE_PX)
  ctx.fillStyle = colours.lane
  ctx.fillRect(0, LANE_TOP, view.widthPx, LANE_PX)
  if (picture.timeline === undefined || picture.extent === undefined) return
  drawFootage(ctx, picture, picture.timeline)
  drawSpanBand(ctx, {
    timeline: picture.timeline,
    view,
    colours: colours.spans,
    topPx: LANE_TOP + BAND_TOP_PX,
    heightPx: BAND_PX,
    labels: true,
  })
  drawRuler(ctx, picture, picture.timeline)
  drawArrivalStretches(ctx, { timeline: picture.timeline, view, colour: colours.arrival })
  drawRange(ctx, picture)
  drawOverview(ctx, picture, picture.timeline, picture.extent)
  if (picture.live) drawLiveEdge(ctx, picture, picture.extent)
  if (picture.hoverMs !== undefined) {
    ctx.fillStyle = colours.line
    ctx.fillRect(Math.round(xOfMs(view, picture.hoverMs)), 0, 1, OVERVIEW_TOP)
  }
  drawPlayhead(ctx, picture)
}

function drawFootage(
  ctx: CanvasRenderingContext2D,
  picture: TimelinePicture,
  timeline: Timeline,
): void {
  const { view, colours } = picture
  const top = LANE_TOP + FOOTAGE_TOP_PX
  const height = FOOTAGE_PX
  ctx.fillStyle = colours.footage
  eachVisible(timeline.footage, view, (x, width) =>
    ctx.fillRect(x, top, Math.max(1, width), height),
  )
  eachVisible(timeline.gaps, view, (x, width) => {
    const shown = Math.max(2, width)
    ctx.fillStyle = colours.lane
    ctx.fillRect(x, top, shown, height)
    ctx.fillStyle = picture.hatch ?? colours.gap
    ctx.fillRect(x, top, shown, height)
    ctx.fillStyle = colours.gap
    ctx.fillRect(x, top, shown, 2)
    ctx.fillRect(x, top + height - 2, shown, 2)
  })
  ctx.fillStyle = colours.background
  for (const ms of timeline.discontinuitiesMs) {
    if (ms > view.fromMs && ms < view.toMs) ctx.fillRect(xOfMs(view, ms), top, 1, height)
  }
}

/**
 * Calls back for each span in sight with whole pixels. Spans that end on a pixel already painted are
 * skipped by search, so that a week of short spans costs no more than its width.
 */
function eachVisible(
  spans: readonly { readonly fromMs: number; readonly toMs: number }[],
  view: Viewport,
  paint: (x: number, width: number) => void,
): void {
  let at = firstEndingAfter(spans, view.fromMs)
  for (;;) {
    const span = spans[at]
    if (span === undefined || span.fromMs > view.toMs) return
    const from = Math.max(-2, Math.round(xOfMs(view, span.fromMs)))
    const to = Math.min(view.widthPx + 2, Math.round(xOfMs(view, span.toMs)))
    paint(from, to - from)
    at = Math.max(at + 1, firstEndingAfter(spans, msOfX(view, to + 0.5)))
  }
}

function drawRuler(
  ctx: CanvasRenderingContext2D,
  picture: TimelinePicture,
  timeline: Timeline,
): void {
  const { view, colours } = picture
  const step = stepFor(view.toMs - view.fromMs, view.widthPx, TICK_LEAST_PX)
  ctx.font = FONT
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'left'
  for (const ms of ticksBetween(view.fromMs - step, view.toMs, step)) {
    const x = Math.round(xOfMs(view, ms))
    ctx.fillStyle = colours.line
    ctx.fillRect(x, RULER_PX - 9, 1, 9)
    ctx.fillStyle = colours.text
    const label = tickLabel(ms, step)
    const shown = isArrivalTime(timeline.clocks, ms) ? `≈ ${label}` : label
    ctx.fillText(shown, x + 5, RULER_PX / 2)
  }
  ctx.fillStyle = colours.line
  for (const ms of ticksBetween(view.fromMs, view.toMs, step / 5)) {
    ctx.fillRect(Math.round(xOfMs(view, ms)), RULER_PX - 4, 1, 4)
  }
}

function drawRange(ctx: CanvasRenderingContext2D, picture: TimelinePicture): void {
  const { view, range, colours } = picture
  if (range === undefined) return
  const from = Math.round(xOfMs(view, range.fromMs))
  const to = Math.round(xOfMs(view, range.toMs))
  ctx.globalAlpha = 0.28
  ctx.fillStyle = colours.selection
  ctx.fillRect(from, LANE_TOP, to - from, LANE_PX)
  ctx.globalAlpha = 1
  ctx.fillRect(from, LANE_TOP, to - from, 2)
  ctx.fillRect(from, LANE_TOP + LANE_PX - 2, to - from, 2)
  for (const x of [from, to]) {
    ctx.beginPath()
    ctx.roundRect(x - 4, LANE_TOP + 6, 8, LANE_PX - 12, 3)
    ctx.fill()
  }
}

function drawOverview(
  ctx: CanvasRenderingContext2D,
  picture: TimelinePicture,
  timeline: Timeline,
  extent: Extent,
): void {
  const { view, colours } = picture
  const whole = fitView(extent, view.widthPx)
  const top = OVERVIEW_TOP + 5
  const height = OVERVIEW_PX - 10
  ctx.globalAlpha = 0.7
  ctx.fillStyle = colours.footage
  eachVisible(timeline.footage, whole, (x, width) =>
    ctx.fillRect(x, top, Math.max(1, width), height),
  )
  ctx.fillStyle = colours.gap
  eachVisible(timeline.gaps, whole, (x, width) => ctx.fillRect(x, top, Math.max(2, width), height))
  ctx.globalAlpha = 1
  drawSpanBand(ctx, {
    timeline,
    view: whole,
    colours: colours.spans,
    topPx: OVERVIEW_TOP + 1,
    heightPx: 3,
    labels: false,
  })
  const from = Math.max(1, xOfMs(whole, view.fromMs))
  const to = Math.min(view.widthPx - 1, xOfMs(whole, view.toMs))
  if (to - from > view.widthPx - 8) return
  ctx.strokeStyle = colours.text
  ctx.lineWidth = 1.5
  ctx.beginPath()
  ctx.roundRect(from, OVERVIEW_TOP + 2, Math.max(6, to - from), OVERVIEW_PX - 4, 4)
  ctx.stroke()
}

function drawLiveEdge(
  ctx: CanvasRenderingContext2D,
  picture: TimelinePicture,
  extent: Extent,
): void {
  const x = Math.round(xOfMs(picture.view, extent.endMs))
  ctx.fillStyle = picture.colours.live
  ctx.fillRect(x - 1, LANE_TOP + 4, 2, LANE_PX - 8)
}

function drawPlayhead(ctx: CanvasRenderingContext2D, picture: TimelinePicture): void {
  const { view, playheadMs, colours } = picture
  if (playheadMs === undefined) return
  const x = xOfMs(view, playheadMs)
  ctx.fillStyle = colours.playhead
  ctx.fillRect(x - 1, RULER_PX - 10, 2, LANE_PX + 10)
  ctx.beginPath()
  ctx.moveTo(x - 6, RULER_PX - 14)
  ctx.lineTo(x + 6, RULER_PX - 14)
  ctx.lineTo(x + 6, RULER_PX - 8)
  ctx.lineTo(x, RULER_PX - 2)
  ctx.lineTo(x - 6, RULER_PX - 8)
  ctx.closePath()
  ctx.fill()
}
