import { expect, it } from 'vitest'
import { decideOnFailure } from '../../../../src-main/fetch/failure-action'
import { VsrError } from '../../../../src-preload/contract/errors'
import { storeFailure } from '../../../../src-main/upload/providers/s3-failure'

const place = { host: 'nas:9000', bucket: 'recordings' }
const named = (name: string, fields: object) =>
  Object.assign(new Error('in the words of the SDK'), { name, ...fields })
const answered = (name: string, httpStatusCode: number, more = {}) =>
  named(name, { $metadata: { httpStatusCode, ...more } })

it.each([
  ['upload_clock_skewed', true, answered('RequestTimeTooSkewed', 403)],
  ['upload_clock_skewed', true, answered('403', 403, { clockSkewCorrected: true })],
  ['connection_failed', true, named('TimeoutError', { code: 'ECONNRESET', $metadata: {} })],
  ['dns_failure', true, named('Error', { code: 'ENOTFOUND' })],
  ['source_timeout', true, named('TimeoutError', { $metadata: {} })],
  ['upload_target_missing', false, answered('NoSuchBucket', 404)],
  ['upload_damaged', true, answered('BadDigest', 400)],
  ['upload_damaged', true, answered('NoSuchUpload', 404)],
  ['upload_refused', false, answered('PermanentRedirect', 301)],
  ['upload_refused', false, answered('AccessDenied', 403)],
  ['upload_refused', false, answered('SignatureDoesNotMatch', 403)],
  ['upload_refused', false, answered('InvalidRequest', 400)],
  ['upload_store_failed', true, answered('SlowDown', 503)],
  ['upload_store_failed', true, named('SyntaxError', { $response: { statusCode: 502 } })],
] as const)('F52 becomes %s, worth another try: %s', (code, isRetried, error) => {
  const failure = storeFailure(error, place)
  expect(failure).toMatchObject({ code, cause: error })
  expect((failure as VsrError).message).not.toContain('words of the SDK')
  const { action } = decideOnFailure({
    kind: 'upload',
    error: failure,
    attempt: 1,
    elapsedMs: 0,
    random: 0,
  })
  expect(action).toBe(isRetried ? 'retry' : 'give-up')
})

it('waits as long as the store asks', () => {
  const error = answered('SlowDown', 503)
  Object.assign(error, { $response: { headers: { 'retry-after': '7' } } })
  expect(storeFailure(error, place)).toMatchObject({ retryAfterSec: 7 })
})

it('a bug stays one, and what has words keeps them', () => {
  const bug = new TypeError('undefined is not a function')
  expect(storeFailure(bug, place)).toBe(bug)
  const known = new VsrError('cancelled', 'x')
  expect(storeFailure(known, place)).toBe(known)
})
