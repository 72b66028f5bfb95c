import type { Span, SpanKind, Timeline } from '../../src-preload/contract/model'
import { RULER_PX } from './hit-test'
import { SPAN_KINDS, shownPart, spanLabel } from './spans'
import { type Viewport, xOfMs } from './viewport'

export interface SpanColours {
  readonly kinds: Readonly<Record<SpanKind, string>>
  readonly text: string
}

/** A moment is still to be seen. */
const LEAST_PX = 3
const LABEL_LEAST_PX = 34
const FONT = '10.5px system-ui, sans-serif'

/** Paints spans as a band. One that ends on a pixel painted already is passed over, so that thousands cost no more than the width. */
export function drawSpanBand(
  ctx: CanvasRenderingContext2D,
  options: {
    readonly timeline: Pick<Timeline, 'spans' | 'startMs' | 'endMs'>
    readonly view: Viewport
    readonly colours: SpanColours
    readonly topPx: number
    readonly heightPx: number
    readonly labels: boolean
  },
): void {
  const { timeline, view, colours, topPx, heightPx, labels } = options
  for (const kind of SPAN_KINDS) {
    let paintedTo = Number.NEGATIVE_INFINITY
    for (const span of timeline.spans) {
      if (span.kind !== kind) continue
      const part = shownPart(span, timeline)
      if (part.toMs < view.fromMs || part.fromMs > view.toMs) continue
      const from = Math.max(-LEAST_PX, Math.round(xOfMs(view, part.fromMs)))
      const to = Math.min(view.widthPx + LEAST_PX, Math.round(xOfMs(view, part.toMs)))
      const width = Math.max(LEAST_PX, to - from)
      if (from + width <= paintedTo) continue
      paintedTo = from + width
      ctx.fillStyle = colours.kinds[kind]
      // A pixel apart, so that breaks that follow on each other are told apart.
      ctx.fillRect(from, topPx, Math.max(LEAST_PX - 1, width - 1), heightPx)
      if (labels) drawLabel(ctx, { span, from, width, topPx, heightPx, colour: colours.text })
    }
  }
}

/** The name at the left end of what is in sight, cut off where the span ends. */
function drawLabel(
  ctx: CanvasRenderingContext2D,
  options: {
    readonly span: Span
    readonly from: number
    readonly width: number
    readonly topPx: number
    readonly heightPx: number
    readonly colour: string
  },
): void {
  const { span, width, topPx, heightPx, colour } = options
  const from = Math.max(0, options.from)
  const roomPx = width - (from - options.from)
  if (roomPx < LABEL_LEAST_PX) return
  ctx.save()
  ctx.beginPath()
  ctx.rect(from, topPx, roomPx - 4, heightPx)
  ctx.clip()
  ctx.font = FONT
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ctx.fillStyle = colour
  ctx.fillText(spanLabel(span), from + 5, topPx + heightPx / 2 + 0.5)
  ctx.restore()
}

/** A dotted line under the ruler where the times are those of arrival. */
export function drawArrivalStretches(
  ctx: CanvasRenderingContext2D,
  options: {
    readonly timeline: Pick<Timeline, 'clocks' | 'endMs'>
    readonly view: Viewport
    readonly colour: string
  },
): void {
  const { timeline, view, colour } = options
  ctx.fillStyle = colour
  for (const [at, { fromMs, clock }] of timeline.clocks.entries()) {
    if (clock !== 'arrival') continue
    const toMs = timeline.clocks[at + 1]?.fromMs ?? timeline.endMs
    const from = Math.max(0, Math.round(xOfMs(view, fromMs)))
    const to = Math.min(view.widthPx, Math.round(xOfMs(view, toMs)))
    for (let x = from; x < to; x += 6) ctx.fillRect(x, RULER_PX - 2, Math.min(3, to - x), 2)
  }
}
