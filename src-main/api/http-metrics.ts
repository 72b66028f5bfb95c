import type { FastifyInstance } from 'fastify'

interface RequestCount {
  readonly labels: { readonly method: string; readonly route: string; readonly status: string }
  count: number
}

export interface HttpMetrics {
  /** Prometheus text. */
  text(): Promise<string>
  /** A sentence for /health while requests failed by a fault of VSR's own within the last five minutes. */
  troubles(): readonly string[]
}

const RECENT_MS = 5 * 60_000
const MOST_FAULTS_KEPT = 1000

/**
 * Counts answered requests by route pattern, never by address: the number of series stays bounded (SECURITY S36).
 * @param options.monotonicMs milliseconds that never go back.
 */
export function countRequests(options: {
  app: FastifyInstance
  monotonicMs: () => number
}): HttpMetrics {
  const { app, monotonicMs } = options
  const counts = new Map<string, RequestCount>()
  const faultsAtMs: number[] = []
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request
    const route = request.routeOptions.url ?? 'none'
    const status = String(reply.statusCode)
    const key = `${method} ${route} ${status}`
    const known = counts.get(key) ?? { labels: { method, route, status }, count: 0 }
    known.count += 1
    counts.set(key, known)
    // 502 and 503 tell of a source or of a missing tool; 500 is a fault of VSR.
    if (reply.statusCode !== 500) return
    faultsAtMs.push(monotonicMs())
    if (faultsAtMs.length > MOST_FAULTS_KEPT) faultsAtMs.shift()
  })
  return {
    troubles() {
      const recent = faultsAtMs.filter((atMs) => monotonicMs() - atMs < RECENT_MS).length
      if (recent === 0) return []
      const requests = recent === 1 ? '1 request' : `${recent} requests`
      return [`${requests} failed inside VSR in the last 5 minutes.`]
    },
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
