import type { ResourceKind } from './http'
import { loadPolicy } from './load-policy'

/**
 * Milliseconds until the next try: exponential, capped, with a part that chance takes away.
 * @param options.attempt how often it was tried, from 1.
 * @param options.random 0..1.
 * @param options.mostMs where the next try may not be later than so; never more than the policy's cap.
 */
export function backoffMs(options: {
  readonly kind: ResourceKind
  readonly attempt: number
  readonly random: number
  readonly mostMs?: number | undefined
}): number {
  const { kind, attempt, random, mostMs = Number.POSITIVE_INFINITY } = options
  const { backoffBaseMs, backoffCapMs, jitter } = loadPolicy[kind]
  const fullMs = Math.min(mostMs, backoffCapMs, backoffBaseMs * 2 ** Math.min(attempt - 1, 30))
  return Math.round(fullMs * (1 - jitter * random))
}
