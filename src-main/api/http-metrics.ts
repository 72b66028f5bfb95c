import type { FastifyInstance } from 'fastify'

interface RequestCount {
  readonly labels: { readonly method: string; readonly route: string; readonly status: string }
  count: number
}

/** Counts answered requests by route pattern, never by address: the number of series stays bounded (SECURITY S36). */
export function countRequests(app: FastifyInstance): { text(): Promise<string> } {
  const counts = new Map<string, RequestCount>()
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request
    const route = request.routeOptions.url ?? 'none'
    const status = String(reply.statusCode)
    const key = `${method} ${route} ${status}`
    const known = counts.get(key) ?? { labels: { method, route, status }, count: 0 }
    known.count += 1
    counts.set(key, known)
  })
  return {
    async text() {
      // Loaded when it is first needed: it would be a good part of the time to start.
      const { Counter, Registry } = await import('prom-client')
      const registry = new Registry()
      const requests = new Counter({
        name: 'vsr_http_requests_total',
        help: 'HTTP requests answered, by route and status.',
        labelNames: ['method', 'route', 'status'],
        registers: [registry],
      })
      for (const { labels, count } of counts.values()) requests.inc(labels, count)
      return registry.metrics()
    },
  }
}
