import { type ErrorCode, VsrError } from '../../../src-preload/contract/errors'
import { HttpError } from '../../fetch/http'
import { readRetryAfterSec } from '../../fetch/retry-after'
import { transportError } from '../../fetch/transport-error'

/** Where it happened, for the sentence. */
interface Place {
  /** With the port, where it has one. */
  readonly host: string
  readonly bucket: string
}

/** What the SDK's errors have beside a name; all of it from the network. */
interface Answer {
  readonly name: string
  /** 0 where there was no answer. */
  readonly status: number
  readonly clockCorrected: boolean
  readonly retryAfter: string | null
}

/** What arrived was not what was sent. */
const DAMAGED = new Set([
  'BadDigest',
  'XAmzContentSHA256Mismatch',
  'IncompleteBody',
  'InvalidPart',
  'EntityTooSmall',
  'NoSuchUpload',
])
const KEYS_REFUSED = new Set(['InvalidAccessKeyId', 'SignatureDoesNotMatch'])
const KEYS_EXPIRED = new Set(['ExpiredToken', 'TokenRefreshRequired', 'InvalidToken'])
const OTHER_REGION = new Set([
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
])

/** True where the store does not know this upload any more. */
export const isUnknownUpload = (error: unknown): boolean => answerOf(error).name === 'NoSuchUpload'

/**
 * An error of the SDK in words, with the code that says whether another try helps. What is no failure of the network or the store, but a
 * bug, comes back as it is.
 */
export function storeFailure(error: unknown, { host, bucket }: Place): unknown {
  if (error instanceof VsrError || !(error instanceof Error)) return error
  const answer = answerOf(error)
  const { name, status } = answer
  // An answer without a body has no name.
  const said = /^[A-Z][a-z]\w+$/.test(name) && !name.startsWith('Unknown') ? ` (${name})` : ''
  const fail = (code: ErrorCode, message: string, hint?: string) =>
    new HttpError(code, message, { status, cause: error, ...(hint === undefined ? {} : { hint }) })

  if (name === 'RequestTimeTooSkewed' || answer.clockCorrected) {
    return fail(
      'upload_clock_skewed',
      `The clock of this machine is not that of ${host}.`,
      'VSR goes by the clock of the store; the one of this machine wants setting.',
    )
  }
  // The SDK calls connections that break time-outs, too.
  if (status === 0 && 'code' in error) return transportError(error, urlOf(host))
  if (name === 'TimeoutError') return tooSlow(host, error)
  if (status === 0) return error
  if (name === 'NoSuchBucket') {
    return fail(
      'upload_target_missing',
      `There is no bucket ${bucket} at ${host}.`,
      'Check its name and the address of the store.',
    )
  }
  if (DAMAGED.has(name)) {
    return fail('upload_damaged', `${host} did not get what was sent (${name}).`)
  }
  if (OTHER_REGION.has(name) || status === 301) {
    return fail(
      'upload_refused',
      `The bucket ${bucket} is in another region.`,
      'Set AWS_REGION to the region of the bucket.',
    )
  }
  if (status === 401 || status === 403) {
    return fail('upload_refused', `${host} refuses these keys${said}.`, hintFor(name))
  }
  if (status >= 500 || status === 429 || status === 408 || status < 300) {
    const retryAfterSec = readRetryAfterSec(answer.retryAfter, Date.now())
    const message = `${host} answered with error ${status}${said}.`
    const wait = retryAfterSec === undefined ? {} : { retryAfterSec }
    return new HttpError('upload_store_failed', message, { status, cause: error, ...wait })
  }
  return fail('upload_refused', `${host} does not take the upload: error ${status}${said}.`)
}

/** The store took too long. */
export const tooSlow = (host: string, cause?: unknown): VsrError =>
  new VsrError(
    'source_timeout',
    `${host} did not answer in time.`,
    cause === undefined ? {} : { cause },
  )

function hintFor(name: string): string {
  if (KEYS_REFUSED.has(name)) return 'Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.'
  if (KEYS_EXPIRED.has(name)) return 'They have expired: get new ones.'
  return 'They need to be allowed to read and to write objects there, and to list the bucket.'
}

const urlOf = (host: string): URL =>
  new URL(host.includes(' ') ? 'https://s3.amazonaws.com' : `https://${host}`)

function answerOf(error: unknown): Answer {
  if (!(error instanceof Error)) {
    return { name: '', status: 0, clockCorrected: false, retryAfter: null }
  }
  const metadata = recordOf('$metadata' in error ? error.$metadata : undefined)
  const response = recordOf('$response' in error ? error.$response : undefined)
  const headers = recordOf(response['headers'])
  const status = metadata['httpStatusCode'] ?? response['statusCode']
  const retryAfter = headers['retry-after']
  return {
    name: error.name,
    status: typeof status === 'number' ? status : 0,
    clockCorrected: metadata['clockSkewCorrected'] === true,
    retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
  }
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
