import type { FastifyInstance, FastifyReply } from 'fastify'
import { type GuardPolicy, judgeRequest } from './request-guard'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route holds no data and needs no token. */
    bare?: boolean
  }
}

const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  // Playlist and event URLs carry the token.
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

/** Puts the request guard in front of every route, unknown ones included. */
export function installGuard(app: FastifyInstance, policy: () => GuardPolicy): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(SAFE_HEADERS)
    const verdict = judgeRequest(
      {
        method: request.method,
        headers: request.headers,
        rawHeaders: request.raw.rawHeaders,
        queryToken: queryTokenOf(request.query),
        bare: request.routeOptions.config.bare === true,
      },
      policy(),
    )
    if (verdict.corsOrigin !== undefined) allowOrigin(reply, verdict.corsOrigin)
    if (!verdict.allowed) throw verdict.error
    if (verdict.preflight) return reply.code(204).send()
    return undefined
  })
}

/** `token` of a query as the router read it: a list when it was given twice. */
export function queryTokenOf(query: unknown): unknown {
  return typeof query === 'object' && query !== null && 'token' in query ? query.token : undefined
}

function allowOrigin(reply: FastifyReply, origin: string): void {
  void reply.headers({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, HEAD, POST',
    'access-control-allow-headers': 'authorization, content-type, range',
    'access-control-expose-headers': 'content-length, content-range, accept-ranges, etag',
    'access-control-allow-private-network': 'true',
    'access-control-max-age': '600',
    vary: 'Origin',
  })
}
