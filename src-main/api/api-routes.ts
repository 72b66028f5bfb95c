import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { VsrError } from '../../src-preload/contract/errors'
import type { Engine } from '../engine'
import type { Dispatcher } from './dispatcher'
import { queryTokenOf } from './guard-hook'
import type { HttpMetrics } from './http-metrics'
import { httpStatusOf } from './http-status'
import { type GuardPolicy, hasToken } from './request-guard'

/** The typed API, finished exports, health and metrics. */
export function registerApiRoutes(
  app: FastifyInstance,
  options: {
    readonly engine: Engine
    readonly dispatcher: Dispatcher
    readonly policy: () => GuardPolicy
    readonly httpMetrics: HttpMetrics
  },
): void {
  const { engine, dispatcher } = options

  app.post<{ Params: { method: string } }>('/api/v1/:method', async (request, reply) => {
    const answer = await dispatcher.dispatch(request.params.method, request.body)
    return reply
      .code(answer.ok ? 200 : httpStatusOf(answer.error.code))
      .header('cache-control', 'no-store')
      .send(answer)
  })

  app.get<{ Params: { jobId: string } }>('/exports/:jobId/file', async (request, reply) => {
    const { result } = engine.getExport(request.params.jobId)
    if (result === undefined) {
      throw new VsrError('export_not_found', 'This export has no file to download yet.')
    }
    // The path is the exporter's own; the request only names the job.
    const name = path.basename(result.file)
    return reply
      .header('content-disposition', `attachment; filename*=UTF-8''${rfc5987(name)}`)
      .sendFile(name, path.dirname(result.file))
  })

  app.get('/health', { config: { bare: true } }, async (request, reply) => {
    const { reasons: engineReasons, details } = await engine.health()
    const reasons = [...engineReasons, ...options.httpMetrics.troubles()]
    const { headers, query } = request
    const trusted = hasToken({ headers, queryToken: queryTokenOf(query) }, options.policy().token)
    return reply
      .code(reasons.length === 0 ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({
        status: reasons.length === 0 ? 'ok' : 'failing',
        reasons,
        ...(trusted ? { details } : {}),
      })
  })

  app.get('/metrics', async (_request, reply) => {
    const parts = await Promise.all([engine.metrics(), options.httpMetrics.text()])
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(parts.join('\n'))
  })
}

/** A file name for Content-Disposition (RFC 8187). */
function rfc5987(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
