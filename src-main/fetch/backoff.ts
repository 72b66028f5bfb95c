import type { ResourceKind } from './http'
import { loadPolicy } from './load-policy'

/**
 * Milliseconds until the next try: exponential, capped, with a part that chance takes away.
 * @param options.attempt how often it was tried, from 1.
 * @param options.random 0..1.
 */
export function backoffMs(options: {
  readonly kind: ResourceKind
  readonly attempt: number
  readonly random: number
}): number {
  const { kind, attempt, random } = options
  const { backoffBaseMs, backoffCapMs, jitter } = loadPolicy[kind]
  const fullMs = Math.min(backoffCapMs, backoffBaseMs * 2 ** Math.min(attempt - 1, 30))
  return Math.round(fullMs * (1 - jitter * random))
}
