import type { HttpRequest } from './http'
import type { LoadPolicyRow } from './load-policy'

/** Headers that frame the message or that VSR sets by itself; never taken from a source. */
const ownHeaders: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'range',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

function basicAuthorization(url: URL): Record<string, string> {
  if (url.username === '' && url.password === '') return {}
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/**
 * The headers of one hop.
 * @param sameOrigin false once a redirect has left the origin: the source's headers and userinfo stay behind (SECURITY S15).
 */
export function headersFor(options: {
  readonly request: HttpRequest
  readonly hop: URL
  readonly sameOrigin: boolean
  readonly policy: LoadPolicyRow
  readonly userAgent: string
}): Record<string, string> {
  const { request, hop, sameOrigin, policy, userAgent } = options
  const headers: Record<string, string> = { 'user-agent': userAgent, accept: '*/*' }
  if (sameOrigin) {
    Object.assign(headers, basicAuthorization(hop))
    for (const [name, value] of Object.entries(request.headers ?? {})) {
      if (!ownHeaders.has(name.toLowerCase())) headers[name.toLowerCase()] = value
    }
  }
  headers['accept-encoding'] = policy.compressed ? 'gzip, br' : 'identity'
  if (request.byteRange !== undefined) {
    const { offset, length } = request.byteRange
    headers.range = `bytes=${offset}-${offset + length - 1}`
  }
  return headers
}
