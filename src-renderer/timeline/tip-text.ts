import type { Span, Timeline } from '../../src-preload/contract/model'
import { formatClock, formatMoment, formatSpan } from '../ui/format'
import { texts } from '../ui/texts'
import { type GapSpan, gapAt, isHole, type Zone } from './hit-test'
import { isArrivalTime, spanLabel, spansAt } from './spans'

/** More would cover the timeline. */
const MOST_SPANS = 3
/** What is narrower can still be pointed at. */
const LEAST_PX = 6

/** `14:30:05 – 14:30:16 · 11 s`. */
export function stretchText(stretch: { readonly fromMs: number; readonly toMs: number }): string {
  const lengthSec = (stretch.toMs - stretch.fromMs) / 1000
  return `${formatClock(stretch.fromMs)} – ${formatClock(stretch.toMs)} · ${formatSpan(lengthSec)}`
}

/** From when to when, how long, and how many segments. */
export const gapText = (gap: GapSpan): string =>
  `${stretchText(gap)} · ${texts.activity.segmentsMissing(gap.count)}`

/** From when to when; whether that is only planned. */
export function spanText({ fromMs, toMs, open }: Pick<Span, 'fromMs' | 'toMs' | 'open'>): string {
  if (toMs === undefined) return texts.timeline.sinceWhen(formatClock(fromMs))
  if (toMs === fromMs) return formatClock(fromMs)
  const stretch = stretchText({ fromMs, toMs })
  return open ? texts.timeline.planned(stretch) : stretch
}

/** What the tip says of the place under the pointer, line by line. */
export function tipText(options: {
  readonly ms: number
  readonly zone: Zone
  readonly msPerPx: number
  readonly timeline: Timeline | undefined
  readonly nowMs: number
}): string {
  const { ms, zone, msPerPx, timeline, nowMs } = options
  const clock = msPerPx < 20 ? formatClock(ms, { withMs: true }) : formatMoment(ms, nowMs)
  if (timeline === undefined) return clock
  const lines = [
    isArrivalTime(timeline.clocks, ms) ? `${clock} · ${texts.timeline.arrivalTip}` : clock,
  ]
  if (zone === 'ruler') return lines.join('\n')
  const leastMs = msPerPx * LEAST_PX
  const gap = gapAt(timeline.gaps, ms, leastMs)
  if (gap !== undefined) lines.push(texts.timeline.gap(texts.gapCauses[gap.cause]), gapText(gap))
  else if (isHole(timeline, ms)) lines.push(texts.timeline.hole)
  for (const span of spansAt(timeline, ms, leastMs).slice(0, MOST_SPANS)) {
    const kind = texts.spanKinds[span.kind]
    const name = span.label === '' ? kind : `${kind}: ${spanLabel(span)}`
    lines.push(`${name} · ${spanText(span)}`)
  }
  return lines.join('\n')
}
