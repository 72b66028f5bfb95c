import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { VsrError } from '../../src-preload/contract/errors'

/** What is allowed in; made once per listening server. */
export interface GuardPolicy {
  /** Host header values, with port, lower case (SECURITY S01). */
  readonly isAllowedHost: (host: string) => boolean
  /** Foreign origins that may talk to this server: the desktop window's (SECURITY S02). */
  readonly allowedOrigins: readonly string[]
  /** Undefined: nobody is asked for a token. */
  readonly token: string | undefined
}

/** The parts of a request that decide whether it is let in. */
export interface GuardedRequest {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** Name, value, name, value: shows doubled headers, which `headers` hides. */
  readonly rawHeaders: readonly string[]
  readonly queryToken: unknown
  /** Holds no data: needs no token. */
  readonly bare: boolean
}

export type Verdict =
  | { readonly allowed: true; readonly corsOrigin?: string; readonly preflight: boolean }
  | { readonly allowed: false; readonly error: VsrError; readonly corsOrigin?: string }

/** Decides on a request by Host, Origin, Sec-Fetch-Site, token and content type, in this order. */
export function judgeRequest(request: GuardedRequest, policy: GuardPolicy): Verdict {
  const host = onlyHost(request.rawHeaders)
  if (host === undefined || !policy.isAllowedHost(host)) {
    return refuse('forbidden_host', 'This host name does not belong to VSR.', {
      hint: 'Open VSR under the address that it printed when it started.',
    })
  }
  const { origin } = request.headers
  const corsOrigin = origin !== undefined && policy.allowedOrigins.includes(origin)
  const ownOrigin = origin === undefined || origin.toLowerCase() === `http://${host}`
  if (!corsOrigin && !(ownOrigin && isOwnFetch(request))) {
    return refuse('forbidden_origin', 'Other web sites may not talk to VSR.')
  }
  const cors = corsOrigin ? { corsOrigin: origin } : {}
  if (request.method === 'OPTIONS') {
    if (corsOrigin) return { allowed: true, preflight: true, ...cors }
    return refuse('forbidden_origin', 'Other web sites may not talk to VSR.')
  }
  if (!request.bare && !hasToken(request, policy.token)) {
    return {
      ...refuse('unauthorized', 'The token is missing or wrong.', {
        hint: 'Send the token that VSR printed when it started as "Authorization: Bearer …" or "?token=…".',
      }),
      ...cors,
    }
  }
  const jsonBody = /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')
  if (request.method === 'POST' && !jsonBody) {
    return {
      ...refuse('bad_request', 'The body has to be JSON.', {
        hint: 'Send "Content-Type: application/json".',
      }),
      ...cors,
    }
  }
  return { allowed: true, preflight: false, ...cors }
}

/** True for a request that carries the token, or where none is asked for (SECURITY S03). */
export function hasToken(
  request: Pick<GuardedRequest, 'headers' | 'queryToken'>,
  token: string | undefined,
): boolean {
  if (token === undefined) return true
  const [, bearer] = /^Bearer +([^ ]+)$/i.exec(request.headers.authorization ?? '') ?? []
  const given = bearer ?? request.queryToken
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(token))
}

/** Equal lengths, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** The Host header, if there is exactly one. */
function onlyHost(rawHeaders: readonly string[]): string | undefined {
  const hosts = rawHeaders.filter(
    (_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'host',
  )
  return hosts.length === 1 ? hosts[0]?.toLowerCase() : undefined
}

/** Browsers say where a request comes from; other programs say nothing. A link to the interface may be followed from anywhere. */
function isOwnFetch(request: GuardedRequest): boolean {
  const site = request.headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return true
  return (
    request.bare && request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate'
  )
}

function refuse(
  code: 'forbidden_host' | 'forbidden_origin' | 'unauthorized' | 'bad_request',
  message: string,
  options: { hint?: string } = {},
) {
  return { allowed: false as const, error: new VsrError(code, message, options) }
}
