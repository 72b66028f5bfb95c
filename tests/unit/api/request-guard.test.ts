import { describe, expect, it } from 'vitest'
import { type GuardedRequest, judgeRequest } from '../../../src-main/api/request-guard'

const policy = {
  isAllowedHost: (host: string) => host === '127.0.0.1:8787',
  allowedOrigins: ['app://vsr'],
  token: 'right',
}

/** A request with the given headers, made right in everything that is not told. */
function judge(
  changes: Partial<GuardedRequest> & { readonly extra?: Record<string, string> } = {},
) {
  const headers = { host: '127.0.0.1:8787', authorization: 'Bearer right', ...changes.extra }
  const verdict = judgeRequest(
    {
      method: 'GET',
      headers,
      rawHeaders: Object.entries(headers).flat(),
      queryToken: undefined,
      bare: false,
      ...changes,
    },
    policy,
  )
  return verdict.allowed ? 'allowed' : verdict.error.code
}

describe('judgeRequest', () => {
  it('S01 asks for the host first', () => {
    expect(judge()).toBe('allowed')
    expect(judge({ rawHeaders: [] })).toBe('forbidden_host')
    expect(judge({ rawHeaders: ['Host', '127.0.0.1:8787', 'hOsT', '127.0.0.1:8787'] })).toBe(
      'forbidden_host',
    )
    expect(judge({ extra: { host: 'evil.example' }, bare: true })).toBe('forbidden_host')
  })

  it('S02 takes no other site’s word, also for what needs no token', () => {
    expect(judge({ extra: { origin: 'http://127.0.0.1:8787' } })).toBe('allowed')
    expect(judge({ extra: { origin: 'app://vsr', 'sec-fetch-site': 'cross-site' } })).toBe(
      'allowed',
    )
    for (const origin of [
      'null',
      '',
      'https://127.0.0.1:8787',
      'app://vsr.evil',
      'http://127.0.0.1:1',
    ]) {
      expect(judge({ extra: { origin }, bare: true }), origin).toBe('forbidden_origin')
    }
    expect(judge({ method: 'OPTIONS' })).toBe('forbidden_origin')
    expect(judge({ method: 'OPTIONS', extra: { origin: 'app://vsr', authorization: '' } })).toBe(
      'allowed',
    )
  })

  it('S02 lets a link lead to the interface, not to data', () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    expect(judge({ extra: link, bare: true })).toBe('allowed')
    expect(judge({ extra: link })).toBe('forbidden_origin')
    expect(judge({ extra: link, bare: true, method: 'POST' })).toBe('forbidden_origin')
    expect(judge({ extra: { ...link, 'sec-fetch-mode': 'no-cors' }, bare: true })).toBe(
      'forbidden_origin',
    )
  })

  it('S03 takes the token from the header or the query', () => {
    for (const authorization of [
      '',
      'Bearer',
      'Bearer wrong',
      'Bearer right right',
      'Basic right',
      'right',
    ]) {
      expect(judge({ extra: { authorization } }), authorization).toBe('unauthorized')
    }
    const none = { extra: { authorization: '' } }
    expect(judge({ ...none, queryToken: 'right' })).toBe('allowed')
    expect(judge({ ...none, queryToken: ['right', 'right'] })).toBe('unauthorized')
    expect(judge({ ...none, queryToken: { toString: () => 'right' } })).toBe('unauthorized')
    expect(judge({ ...none, bare: true })).toBe('allowed')
    expect(judge({ extra: { authorization: 'Bearer wrong' }, queryToken: 'right' })).toBe(
      'unauthorized',
    )
  })

  it('S02 wants JSON in a POST', () => {
    const post = (type: string) => judge({ method: 'POST', extra: { 'content-type': type } })
    expect(post('application/json')).toBe('allowed')
    expect(post('application/json; charset=utf-8')).toBe('allowed')
    for (const type of ['', 'text/plain', 'application/jsonx', 'text/plain; application/json']) {
      expect(post(type), type).toBe('bad_request')
    }
  })
})
