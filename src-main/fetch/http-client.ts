import type { LookupFunction } from 'node:net'
import { createDirectAsker, createFetchAsker } from './ask'
import { collectBody } from './collect-body'
import type { BodySink, HttpClient, HttpRequest, ResourceKind } from './http'
import { type LoadPolicy, loadPolicy } from './load-policy'
import { transfer } from './transfer'

const DEFAULT_USER_AGENT = 'Mozilla/5.0 (compatible; VSR)'

export interface HttpClientOptions {
  readonly userAgent?: string
  /** Stands in for the system's name look-up. */
  readonly lookup?: LookupFunction
  readonly policy?: LoadPolicy
}

/** What a recording asks for all the time goes the lean way. */
const lean: ReadonlySet<ResourceKind> = new Set(['playlist', 'segment', 'part', 'init'])

/** HTTP for everything that VSR loads, under the load policy and the address rules of SECURITY S13–S15. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { userAgent = DEFAULT_USER_AGENT, policy: table = loadPolicy } = options
  const byFetch = createFetchAsker(options.lookup)
  const direct = createDirectAsker(options.lookup)

  const receive = <T>(request: HttpRequest, sink: BodySink<T>) =>
    transfer({
      request,
      sink,
      policy: table[request.kind],
      asker: lean.has(request.kind) ? direct : byFetch,
      userAgent,
    })

  const bytes = async (request: HttpRequest) => {
    const { value: body, ...response } = await receive(request, collectBody())
    return { ...response, body }
  }

  return {
    stream: async (request, sink) => (await receive(request, sink)).value,
    bytes,
    async text(request) {
      const { status, url, contentType, value } = await receive(request, collectBody())
      return { status, url, contentType, text: new TextDecoder().decode(value) }
    },
    close() {
      byFetch.close()
      direct.close()
    },
  }
}
