import { VsrError } from '../../src-preload/contract/errors'
import type { PinnedSpan } from '../store/model'

/** More would be no choice any more. */
const MOST_SPANS = 1000

/**
 * Pinned spans with one more. Its id is not used again while it is there.
 * @throws VsrError `bad_request` where it is empty, or there are too many.
 */
export function addPin(
  spans: readonly PinnedSpan[],
  span: Omit<PinnedSpan, 'id'>,
): readonly PinnedSpan[] {
  if (span.fromMs >= span.toMs) {
    throw new VsrError('bad_request', 'The stretch to keep ends before it begins.')
  }
  if (spans.length >= MOST_SPANS) {
    throw new VsrError('bad_request', `A recording has at most ${MOST_SPANS} pinned stretches.`, {
      hint: 'Pin the whole recording instead, or take some of them away.',
    })
  }
  const numbers = spans.map(({ id }) => Number(id.slice(1)))
  const id = `p${Math.max(0, ...numbers.filter(Number.isFinite)) + 1}`
  return [...spans, { ...span, id }].sort((a, b) => a.fromMs - b.fromMs)
}

/** Pinned spans without that one. */
export const removePin = (spans: readonly PinnedSpan[], id: string): readonly PinnedSpan[] =>
  spans.filter((span) => span.id !== id)
