import type { ApiError } from '../../src-preload/contract/errors'
import { texts } from '../ui/texts'

/** What the bar does when the answer to a start comes. */
export type StartOutcome =
  /** It worked, and nothing else was typed meanwhile. */
  | { readonly kind: 'clear' }
  /** It worked; what was typed meanwhile stays. */
  | { readonly kind: 'keep' }
  /** It failed: said under the address that it is about. */
  | { readonly kind: 'show' }
  /** It failed, and another address is in the bar by now: said elsewhere, by name. */
  | { readonly kind: 'tell'; readonly error: ApiError }

/** @param options.asked the text that was to be recorded; `typed`: the text in the bar now. */
export function startOutcome(options: {
  asked: string
  typed: string
  failed: ApiError | undefined
}): StartOutcome {
  const { asked, typed, failed } = options
  const isSame = asked === typed
  if (failed === undefined) return { kind: isSame ? 'clear' : 'keep' }
  if (isSame) return { kind: 'show' }
  const message = texts.urlBar.failedFor(asked.trim(), failed.message)
  return { kind: 'tell', error: { ...failed, message } }
}
