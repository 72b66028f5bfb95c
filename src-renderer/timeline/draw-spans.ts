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

interface Bar {
  readonly span: Span
  readonly fromPx: number
  readonly toPx: number
}

/** Paints spans as a band, and their names where there is room. */
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
  const { colours, topPx, heightPx } = options
  const layers = SPAN_KINDS.map((kind) => barsOf(kind, options))
  for (const { span, fromPx, toPx } of layers.flat()) {
    ctx.fillStyle = colours.kinds[span.kind]
    // A pixel apart, so that breaks that follow on each other are told apart.
    ctx.fillRect(fromPx, topPx, Math.max(LEAST_PX - 1, toPx - fromPx - 1), heightPx)
  }
  if (!options.labels) return
  for (const [at, bars] of layers.entries()) {
    const above = layers.slice(at + 1).flat()
    for (const bar of bars) {
      const free = longestFree(bar, above)
      drawLabel(ctx, { text: spanLabel(bar.span), ...free, topPx, heightPx, colour: colours.text })
    }
  }
}

/** Spans of a kind in sight. One that ends on a pixel taken already is passed over, so that thousands cost no more than the width. */
function barsOf(
  kind: SpanKind,
  options: {
    readonly timeline: Pick<Timeline, 'spans' | 'startMs' | 'endMs'>
    readonly view: Viewport
  },
): readonly Bar[] {
  const { timeline, view } = options
  const bars: Bar[] = []
  for (const span of timeline.spans) {
    if (span.kind !== kind) continue
    const part = shownPart(span, timeline)
    if (part.toMs < view.fromMs || part.fromMs > view.toMs) continue
    const fromPx = Math.max(-LEAST_PX, Math.round(xOfMs(view, part.fromMs)))
    const endPx = Math.min(view.widthPx + LEAST_PX, Math.round(xOfMs(view, part.toMs)))
    const toPx = Math.max(fromPx + LEAST_PX, endPx)
    if (toPx > (bars.at(-1)?.toPx ?? Number.NEGATIVE_INFINITY)) bars.push({ span, fromPx, toPx })
  }
  return bars
}

/** The longest stretch of a bar that no other one covers. */
function longestFree(bar: Bar, above: readonly Bar[]): { fromPx: number; toPx: number } {
  let best = { fromPx: bar.fromPx, toPx: bar.fromPx }
  let fromPx = Math.max(0, bar.fromPx)
  const take = (toPx: number) => {
    if (toPx - fromPx > best.toPx - best.fromPx) best = { fromPx, toPx }
  }
  if (bar.toPx - bar.fromPx < LABEL_LEAST_PX) return best
  for (const other of above.toSorted((a, b) => a.fromPx - b.fromPx)) {
    if (other.toPx <= fromPx) continue
    if (other.fromPx >= bar.toPx) break
    take(other.fromPx)
    fromPx = Math.max(fromPx, other.toPx)
  }
  take(bar.toPx)
  return best
}

/** A name at the left end of its room, cut off at the right one. */
function drawLabel(
  ctx: CanvasRenderingContext2D,
  options: {
    readonly text: string
    readonly fromPx: number
    readonly toPx: number
    readonly topPx: number
    readonly heightPx: number
    readonly colour: string
  },
): void {
  const { text, fromPx, topPx, heightPx, colour } = options
  const roomPx = options.toPx - fromPx
  if (roomPx < LABEL_LEAST_PX) return
  ctx.save()
  ctx.beginPath()
  ctx.rect(fromPx, topPx, roomPx - 4, heightPx)
  ctx.clip()
  ctx.font = FONT
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ctx.fillStyle = colour
  ctx.fillText(text, fromPx + 5, topPx + heightPx / 2 + 0.5)
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
