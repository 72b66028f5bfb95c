import type { Span, SpanKind, Timeline } from '../../src-preload/contract/model'
import { texts } from '../ui/texts'

/** Kinds in the order in which they are painted: the later ones lie on top. */
export const SPAN_KINDS: readonly SpanKind[] = ['programme', 'other', 'ad']

/** What a span is called: by the source, else by its kind. */
export const spanLabel = ({ kind, label }: Pick<Span, 'kind' | 'label'>): string =>
  label === '' ? texts.spanKinds[kind] : label

/** The part of a span that lies on the recording: an open one goes on to its end as it grows. */
export function shownPart(
  span: Pick<Span, 'fromMs' | 'toMs'>,
  extent: { readonly startMs: number; readonly endMs: number },
): { readonly fromMs: number; readonly toMs: number } {
  const fromMs = Math.min(Math.max(span.fromMs, extent.startMs), extent.endMs)
  const toMs = Math.min(span.toMs ?? extent.endMs, extent.endMs)
  return { fromMs, toMs: Math.max(fromMs, toMs) }
}

/** Spans at an instant, those on top first; what is narrower than `leastMs` can still be pointed at. */
export function spansAt(
  timeline: Pick<Timeline, 'spans' | 'startMs' | 'endMs'>,
  ms: number,
  leastMs: number,
): readonly Span[] {
  const found = timeline.spans.filter((span) => {
    const { fromMs, toMs } = shownPart(span, timeline)
    const slackMs = Math.max(0, leastMs - (toMs - fromMs)) / 2
    return fromMs - slackMs <= ms && ms <= toMs + slackMs
  })
  return found.toSorted((a, b) => SPAN_KINDS.indexOf(b.kind) - SPAN_KINDS.indexOf(a.kind))
}

/** True where the source tells no time, so that the instant is that of arrival. */
export function isArrivalTime(clocks: Timeline['clocks'], ms: number): boolean {
  const stretch = clocks.findLast(({ fromMs }) => fromMs <= ms) ?? clocks[0]
  return stretch?.clock === 'arrival'
}

/** Whose clock a recording goes by: the source's, that of arrival, or both by turns. */
export function clockOf(clocks: Timeline['clocks']): 'source' | 'arrival' | 'mixed' {
  const hasArrival = clocks.some(({ clock }) => clock === 'arrival')
  if (!hasArrival) return 'source'
  return clocks.some(({ clock }) => clock === 'source') ? 'mixed' : 'arrival'
}
