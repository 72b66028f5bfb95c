import type { RangeEnd, TimeRange, TypedRange } from '../stores/selection-store'
import { parseTypedTime } from '../ui/parse-time'
import type { Extent } from './viewport'

/** Shown times are cut to whole seconds here and there: this far outside still means the very end. */
const OUTSIDE_GRACE_MS = 1000

/**
 * Reads what was typed for the ends of the range. An end that was not typed is the present range's,
 * else that of the recording. Nothing is guessed: what does not fit is refused with the reason, and
 * the text stays, so that typing the other end can make it right.
 */
export function readTypedRange(options: {
  texts: TypedRange['texts']
  /** The end that was typed last: it is the one to be told off where both do not fit together. */
  end: RangeEnd
  range: TimeRange | undefined
  extent: Extent
}): { readonly range: TimeRange } | { readonly problem: TypedRange['problem'] } {
  const { texts, end, range, extent } = options
  const ends: RangeEnd[] = end === 'in' ? ['in', 'out'] : ['out', 'in']
  const known = {
    in: range?.fromMs ?? extent.startMs,
    out: range?.toMs ?? extent.endMs,
  }
  for (const name of ends) {
    const text = texts[name]
    if (text === undefined) continue
    const ms = parseTypedTime(text, extent)
    if (ms === undefined) return { problem: { end: name, reason: 'unreadable' } }
    if (ms < extent.startMs - OUTSIDE_GRACE_MS || ms > extent.endMs + OUTSIDE_GRACE_MS) {
      return { problem: { end: name, reason: 'outside' } }
    }
    known[name] = Math.max(extent.startMs, Math.min(extent.endMs, ms))
  }
  if (known.in >= known.out) return { problem: { end, reason: 'order' } }
  return { range: { fromMs: known.in, toMs: known.out } }
}
