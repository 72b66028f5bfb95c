/** What to do after an error that stopped the player. */
export type Recovery =
  | { readonly action: 'reload' | 'recover-media'; readonly delayMs: number }
  | { readonly action: 'give-up' }

const MOST_ATTEMPTS = 7
const FIRST_DELAY_MS = 250
const LONGEST_DELAY_MS = 5000

/**
 * Bounded, with growing waits. `attempts` counts errors since the picture last moved. A decoder's
 * error is first answered by a new decoder, at once, and from the third time on by a fresh start.
 */
export function decideRecovery(kind: 'network' | 'media' | 'other', attempts: number): Recovery {
  if (attempts >= MOST_ATTEMPTS) return { action: 'give-up' }
  if (kind === 'media' && attempts < 2) return { action: 'recover-media', delayMs: 0 }
  return {
    action: 'reload',
    delayMs: Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempts),
  }
}
