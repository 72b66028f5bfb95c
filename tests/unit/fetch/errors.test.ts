import { describe, expect, it } from 'vitest'
import { ADDRESS_REFUSED } from '../../../src-main/fetch/guarded-lookup'
import { statusError } from '../../../src-main/fetch/status-error'
import { transportError } from '../../../src-main/fetch/transport-error'

const target = new URL('https://user:canary@h.example/live.m3u8?token=canary')

describe('errors of the connection', () => {
  it.each([
    ['ENOTFOUND', 'dns_failure', 'The address h.example could not be found.'],
    ['EAI_AGAIN', 'dns_failure', 'could not be found'],
    ['ECONNREFUSED', 'connection_failed', 'The connection to h.example failed.'],
    ['ECONNRESET', 'connection_failed', 'failed'],
    ['ETIMEDOUT', 'source_timeout', 'did not answer in time'],
    ['CERT_HAS_EXPIRED', 'connection_failed', 'certificate'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'connection_failed', 'certificate'],
    [ADDRESS_REFUSED, 'address_refused', 'local network'],
    ['HPE_INVALID_CONSTANT', 'connection_failed', 'failed'],
  ])('%s has the code %s and a sentence', (code, expected, sentence) => {
    const error = transportError(Object.assign(new Error('canary'), { code }), target)
    expect(error.code).toBe(expected)
    expect(error.message).toContain(sentence)
    expect(JSON.stringify(error.toApiError())).not.toContain('canary')
  })
})

describe('answers outside 2xx', () => {
  it.each([
    [401, 'source_forbidden'],
    [403, 'source_forbidden'],
    [404, 'source_not_found'],
    [410, 'source_gone'],
    [429, 'source_http_error'],
    [416, 'source_http_error'],
    [500, 'source_http_error'],
  ])('%i has the code %s and keeps its status', (status, code) => {
    const error = statusError({ status, url: target.href, retryAfter: '7', nowMs: 0 })
    expect(error).toMatchObject({ code, status })
    expect(error.message).toContain('h.example/live.m3u8')
    expect(JSON.stringify(error.toApiError())).not.toContain('canary')
  })

  it('F25 carry Retry-After', () => {
    const error = statusError({ status: 503, url: target.href, retryAfter: '7', nowMs: 0 })
    expect(error.retryAfterSec).toBe(7)
  })
})
