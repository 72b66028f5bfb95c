import { type ErrorCode, VsrError } from '../../src-preload/contract/errors'
import { mayBeLiveLater } from '../../src-preload/contract/wait-for-live'
import { backoffMs } from './backoff'
import { HttpError, type ResourceKind } from './http'
import { loadPolicy } from './load-policy'

/** What to do after a failed attempt. `resolve-again` = the address has expired: the pasted URL has to be resolved once more. */
export type FailureAction =
  | { readonly action: 'retry'; readonly delayMs: number }
  | { readonly action: 'give-up' }
  | { readonly action: 'resolve-again'; readonly delayMs: number }

export interface Failure {
  readonly kind: ResourceKind
  readonly error: unknown
  /** The number of the attempt that failed, from 1. */
  readonly attempt: number
  /** Since the first attempt began. */
  readonly elapsedMs: number
  /** When it is not worth trying any longer; takes the place of the policy's number of retries. */
  readonly giveUpAfterMs?: number
  /** 0..1. */
  readonly random: number
  /** See `backoffMs`. */
  readonly mostMs?: number | undefined
}

/** Another attempt may help. */
const transient: ReadonlySet<ErrorCode> = new Set([
  'dns_failure',
  'connection_failed',
  'source_timeout',
  'source_not_found',
  'source_forbidden',
  'source_gone',
  'source_http_error',
  'key_unavailable',
  'upload_store_failed',
  'upload_clock_skewed',
])

/** The answer came but was wrong: a few more attempts at least, since caches and edges heal (FAULTS F12–F16). */
const wrongContent: ReadonlySet<ErrorCode> = new Set([
  'not_media',
  'truncated',
  'not_a_playlist',
  'playlist_unreadable',
  'playlist_too_large',
  'upload_damaged',
])

const expired: ReadonlySet<number> = new Set([401, 403, 410])

/** True where the source's addresses are refused: a sign that they have expired (FAULTS F18). */
export const isExpiry = (error: unknown): boolean =>
  error instanceof HttpError && expired.has(error.status)

/** Never sooner than the server asks for. */
function delayOf(failure: Failure): number {
  const { error } = failure
  const askedSec = error instanceof HttpError ? error.retryAfterSec : undefined
  return Math.max(backoffMs(failure), (askedSec ?? 0) * 1000)
}

function isSpent(failure: Failure, code: ErrorCode, delayMs: number): boolean {
  const { kind, attempt, elapsedMs, giveUpAfterMs } = failure
  const { retries, wrongContentRetries } = loadPolicy[kind]
  const isLate = giveUpAfterMs !== undefined && elapsedMs + delayMs > giveUpAfterMs
  if (retries === Number.POSITIVE_INFINITY) return isLate
  if (wrongContent.has(code)) {
    return attempt > wrongContentRetries && (giveUpAfterMs === undefined || isLate)
  }
  return giveUpAfterMs === undefined ? attempt > retries : isLate
}

function mayHeal(kind: ResourceKind, code: ErrorCode): boolean {
  if (transient.has(code) || wrongContent.has(code)) return true
  // Names lead elsewhere for a while: captive portals, split DNS.
  if (kind === 'segment' && code === 'address_refused') return true
  return kind === 'offline-source' && mayBeLiveLater(code)
}

/** The one place that turns a failed load into what happens next. Pure. */
export function decideOnFailure(failure: Failure): FailureAction {
  const { kind, error } = failure
  // Anything but an expected failure is a bug: trying again would hide it.
  if (!(error instanceof VsrError)) return { action: 'give-up' }
  if (!mayHeal(kind, error.code)) return { action: 'give-up' }
  const delayMs = delayOf(failure)
  if (isSpent(failure, error.code, delayMs)) return { action: 'give-up' }
  if (kind === 'playlist' && isExpiry(error)) return { action: 'resolve-again', delayMs }
  return { action: 'retry', delayMs }
}
