import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { applyFault, type Fault } from './test-origin-faults'
import {
  createLiveStream,
  type LiveStream,
  type LiveStreamOptions,
  type StreamResource,
} from './test-origin-stream'

export interface OriginRequest {
  readonly method: string
  /** Path and query, byte by byte as they came. */
  readonly target: string
  /** Path without query. */
  readonly path: string
  readonly query: string
  readonly headers: IncomingHttpHeaders
  readonly kind: StreamResource['kind']
  /** Only of segments. */
  readonly mediaSequence?: number
  /** Monotonic, ms: for the distance between requests. */
  readonly atMs: number
}

interface FaultRule {
  /** Every condition given has to hold; none = every request. */
  readonly kind?: OriginRequest['kind']
  readonly mediaSequence?: number
  readonly path?: string | RegExp
  readonly when?: (request: OriginRequest) => boolean
  /** So many requests, then the rule is used up; without end unless told. */
  readonly times?: number
  readonly fault: Fault
}

export interface TestOrigin {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  /** Everything that was asked, oldest first. */
  readonly requests: readonly OriginRequest[]
  /** Adds a live stream; its playlist is at `urlOf(stream)`. It is empty until it is advanced. */
  addStream(options: LiveStreamOptions): LiveStream
  urlOf(stream: LiveStream): string
  /** A fixed resource: a multivariant playlist, a page, a key. */
  serve(path: string, body: string | Uint8Array, contentType: string): void
  /** From now on; earlier rules go first. Returns the function that ends the rule. */
  addFault(rule: FaultRule): () => void
  /** Closes every connection. Idempotent. */
  stop(): Promise<void>
}

/** Our own origin on a loopback port: does what a healthy source cannot do. */
export async function startTestOrigin(): Promise<TestOrigin> {
  const streams: LiveStream[] = []
  const fixed = new Map<string, StreamResource>()
  const rules: (FaultRule & { left: number })[] = []
  const requests: OriginRequest[] = []
  const find = (path: string): StreamResource | undefined =>
    fixed.get(path) ??
    streams.map((stream) => stream.resource(path)).find((found) => found !== undefined)

  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://origin')
    const resource = find(pathname)
    const seen: OriginRequest = {
      method: request.method ?? '',
      target: request.url ?? '',
      path: pathname,
      query: search,
      headers: request.headers,
      kind: resource?.kind ?? kindOf(pathname),
      atMs: performance.now(),
      ...(resource?.mediaSequence === undefined ? {} : { mediaSequence: resource.mediaSequence }),
    }
    requests.push(seen)
    const rule = rules.find((candidate) => candidate.left > 0 && matches(candidate, seen))
    if (rule !== undefined) rule.left -= 1
    respond({ fault: rule?.fault, response, find, path: pathname, range: request.headers.range })
      // A bug of the origin itself: the test sees the connection break and this cause.
      .catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the origin has no port')
  const url = `http://127.0.0.1:${address.port}`

  return {
    url,
    requests,
    addStream: (options) => {
      const stream = createLiveStream(options)
      streams.push(stream)
      return stream
    },
    urlOf: (stream) => `${url}${stream.path}`,
    serve: (path, body, contentType) => {
      fixed.set(path, { kind: kindOf(path), contentType, body: Buffer.from(body) })
    },
    addFault: (rule) => {
      const active = { ...rule, left: rule.times ?? Number.POSITIVE_INFINITY }
      rules.push(active)
      return () => {
        active.left = 0
      }
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function kindOf(path: string): StreamResource['kind'] {
  if (path.endsWith('.m3u8')) return 'playlist'
  if (/\.(bin|key)$/.test(path)) return 'key'
  if (/\binit\b.*\.mp4$/.test(path)) return 'init'
  return /\.(ts|m4s|mp4|aac|vtt)$/.test(path) ? 'segment' : 'other'
}

function matches(rule: FaultRule, request: OriginRequest): boolean {
  const { kind, mediaSequence, path, when } = rule
  return (
    (kind === undefined || kind === request.kind) &&
    (mediaSequence === undefined || mediaSequence === request.mediaSequence) &&
    (path === undefined ||
      (typeof path === 'string' ? path === request.path : path.test(request.path))) &&
    (when === undefined || when(request))
  )
}

async function respond(options: {
  readonly fault: Fault | undefined
  readonly response: ServerResponse
  readonly find: (path: string) => StreamResource | undefined
  readonly path: string
  readonly range: string | undefined
}): Promise<void> {
  const { fault, response, find, path, range } = options
  if (fault !== undefined) {
    const done = await applyFault({ fault, response, resource: find(path) })
    if (done) return
  }
  // Looked up after a delay: a playlist that comes late is one of that later moment.
  const resource = find(path)
  if (resource === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' })
    response.end('not here')
    return
  }
  const part = partOf(resource.body, range)
  response.writeHead(part === undefined ? 200 : 206, {
    'content-type': resource.contentType,
    'content-length': (part ?? resource).body.length,
    ...(resource.kind === 'playlist' ? { 'cache-control': 'no-cache' } : {}),
    ...(part === undefined ? {} : { 'content-range': part.contentRange }),
  })
  response.end((part ?? resource).body)
}

/** `bytes=first-last` only: what HLS byte ranges ask for. */
function partOf(body: Uint8Array, range: string | undefined) {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
  if (first === undefined || last === undefined) return undefined
  const end = Math.min(Number(last), body.length - 1)
  return {
    body: body.subarray(Number(first), end + 1),
    contentRange: `bytes ${first}-${end}/${body.length}`,
  }
}
