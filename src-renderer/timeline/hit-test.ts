import type { GapCause } from '../../src-preload/contract/model'
import type { TimeRange } from '../stores/selection-store'
import { type Viewport, xOfMs } from './viewport'

/** Heights of the strips, top to bottom, in CSS pixels. The style sheet gives the canvas their sum. */
export const RULER_PX = 26
export const LANE_PX = 54
export const OVERVIEW_PX = 16
export const TIMELINE_PX = RULER_PX + LANE_PX + OVERVIEW_PX

/** Within the lane, from its top: the band of spans, and the footage under it. */
export const BAND_TOP_PX = 3
export const BAND_PX = 14
export const FOOTAGE_TOP_PX = 20
export const FOOTAGE_PX = 30

/** Half the width in which a handle can be caught. */
const HANDLE_PX = 7

/** What lies under the pointer. */
export type Zone = 'ruler' | 'lane' | 'handle-in' | 'handle-out' | 'overview'

/** What the pointer would grab at this place. */
export function zoneAt(options: {
  xPx: number
  yPx: number
  view: Viewport
  range: TimeRange | undefined
}): Zone {
  const { xPx, yPx, view, range } = options
  if (yPx < RULER_PX) return 'ruler'
  if (yPx >= RULER_PX + LANE_PX) return 'overview'
  if (range === undefined) return 'lane'
  const toIn = Math.abs(xPx - xOfMs(view, range.fromMs))
  const toOut = Math.abs(xPx - xOfMs(view, range.toMs))
  if (Math.min(toIn, toOut) > HANDLE_PX) return 'lane'
  return toIn < toOut ? 'handle-in' : 'handle-out'
}

/** A gap as the timeline lists it. */
export interface GapSpan {
  readonly fromMs: number
  readonly toMs: number
  readonly cause: GapCause
  readonly count: number
}

/** The gap at an instant; gaps narrower than `leastMs` can still be pointed at. Spans are in time order. */
export function gapAt(gaps: readonly GapSpan[], ms: number, leastMs: number): GapSpan | undefined {
  const first = firstEndingAfter(gaps, ms - leastMs / 2)
  for (let position = first; position < gaps.length; position += 1) {
    const gap = gaps[position]
    if (gap === undefined) return undefined
    const slackMs = Math.max(0, leastMs - (gap.toMs - gap.fromMs)) / 2
    if (gap.fromMs - slackMs > ms) return undefined
    if (gap.toMs + slackMs >= ms) return gap
  }
  return undefined
}

/** True within the recording where there is neither footage nor a gap: nobody tried, as between two runs of a source. */
export function isHole(
  timeline: {
    readonly startMs: number
    readonly endMs: number
    readonly footage: readonly { readonly fromMs: number; readonly toMs: number }[]
  },
  ms: number,
): boolean {
  if (ms < timeline.startMs || ms >= timeline.endMs) return false
  const next = timeline.footage[firstEndingAfter(timeline.footage, ms)]
  return next === undefined || next.fromMs > ms
}

/** Position of the first span that ends after `ms`; the length where there is none. */
export function firstEndingAfter(spans: readonly { readonly toMs: number }[], ms: number): number {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((spans[middle]?.toMs ?? Number.POSITIVE_INFINITY) > ms) high = middle
    else low = middle + 1
  }
  return low
}

const TIP_AWAY_PX = 14

/**
 * Where the tip goes, from the timeline's top left: beside the pointer, on the side where there is
 * room; over the lane while the ruler is read, over the ruler else.
 */
export function placeTip(options: { xPx: number; zone: Zone; tipPx: number; widthPx: number }): {
  leftPx: number
  topPx: number
} {
  const { xPx, zone, tipPx, widthPx } = options
  const right = xPx + TIP_AWAY_PX
  const leftPx = right + tipPx <= widthPx ? right : Math.max(0, xPx - TIP_AWAY_PX - tipPx)
  return { leftPx: Math.round(leftPx), topPx: zone === 'ruler' ? RULER_PX + 3 : 2 }
}
