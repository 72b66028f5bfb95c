import type { FastifyInstance } from 'fastify'
import { Counter, Registry } from 'prom-client'

/** Counts answered requests by route pattern, never by address: the number of series stays bounded (SECURITY S36). */
export function countRequests(app: FastifyInstance): { text(): Promise<string> } {
  const registry = new Registry()
  const requests = new Counter({
    name: 'vsr_http_requests_total',
    help: 'HTTP requests answered, by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    requests.inc({ method: request.method, route, status: String(reply.statusCode) })
  })
  return { text: () => registry.metrics() }
}
