import type { LookupFunction } from 'node:net'
import fetch, { type Response } from 'node-fetch'
import { createAgents } from './agents'
import { sliceOf } from './content-range'
import { type Deadlines, startDeadlines } from './deadlines'
import { type HttpClient, HttpError, type HttpRequest, type HttpResponse } from './http'
import { type LoadPolicy, loadPolicy } from './load-policy'
import { isPrivateAddress } from './private-address'
import { createBodyReader } from './read-body'
import { redactUrl } from './redact-url'
import { isRedirect, nextHop } from './redirects'
import { headersFor } from './request-headers'
import { statusError } from './status-error'
import { addressRefused, transportError } from './transport-error'

const DEFAULT_USER_AGENT = 'Mozilla/5.0 (compatible; VSR)'
/** Bodies of refusals up to this size are read, so that the connection lives on. */
const DRAIN_BYTES = 65_536

export interface HttpClientOptions {
  readonly userAgent?: string
  /** Stands in for the system's name look-up. */
  readonly lookup?: LookupFunction
  readonly policy?: LoadPolicy
}

interface Answer {
  readonly response: Response
  /** The hop that answered; userinfo is kept for relative URIs of the same origin. */
  readonly url: string
}

function parseUrl(url: string): URL {
  if (!URL.canParse(url) || !/^https?:/i.test(url)) {
    throw new HttpError('not_a_url', `Not a web address: ${redactUrl(url)}`)
  }
  return new URL(url)
}

const bodyOf = (response: Response): AsyncIterable<Uint8Array> =>
  // node-fetch gives a byte stream here, whose type says "string or Buffer".
  (response.body ?? []) as AsyncIterable<Uint8Array>

/** Reads what is left of a refusal, where it is small. Whatever goes wrong with it changes nothing: the connection is dropped then. */
async function drain(response: Response, deadlines: Deadlines, idleMs: number): Promise<void> {
  const length = Number(response.headers.get('content-length') ?? Number.NaN)
  if (!(length <= DRAIN_BYTES)) return
  const readAll = async (): Promise<void> => {
    for await (const _ of bodyOf(response));
  }
  await deadlines.within(idleMs, 'stopped sending', readAll).catch(() => undefined)
}

/** HTTP for everything that VSR loads: node-fetch under the load policy and the address rules of SECURITY S13–S15. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { userAgent = DEFAULT_USER_AGENT, policy: table = loadPolicy } = options
  const agents = createAgents(options.lookup)

  const requestHop = async (
    request: HttpRequest,
    hop: URL,
    sameOrigin: boolean,
    deadlines: Deadlines,
  ): Promise<Response> => {
    const policy = table[request.kind]
    const { holdMs = 0 } = request
    if (!request.allowPrivateNetwork && isPrivateAddress(hop.hostname.replace(/^\[|\]$/g, ''))) {
      throw addressRefused(hop)
    }
    const bare = new URL(hop)
    bare.username = ''
    bare.password = ''
    try {
      return await deadlines.within(policy.firstByteMs + holdMs, 'did not answer in time', () =>
        fetch(bare, {
          redirect: 'manual',
          agent: agents.for(hop, request.allowPrivateNetwork, { isHeld: holdMs > 0 }),
          headers: headersFor({ request, hop, sameOrigin, policy, userAgent }),
          signal: deadlines.signal,
        }),
      )
    } catch (error) {
      throw deadlines.reason() ?? transportError(error, hop)
    }
  }

  const follow = async (request: HttpRequest, deadlines: Deadlines): Promise<Answer> => {
    const chain = [parseUrl(request.url)]
    let sameOrigin = true
    for (let hop = chain[0]; hop !== undefined; hop = chain.at(-1)) {
      const response = await requestHop(request, hop, sameOrigin, deadlines)
      if (!isRedirect(response.status)) return { response, url: hop.href }
      await drain(response, deadlines, table[request.kind].idleMs)
      const target = nextHop(chain, response.headers.get('location'))
      sameOrigin &&= target.origin === hop.origin
      chain.push(target)
    }
    throw new Error('unreachable: a chain of hops is never empty')
  }

  const stream: HttpClient['stream'] = async (request, consume) => {
    const policy = table[request.kind]
    const { url: requestUrl, signal, holdMs = 0 } = request
    const totalMs = policy.totalMs + holdMs
    const deadlines = startDeadlines({ url: requestUrl, totalMs, signal })
    let isWhole = false
    try {
      const { response, url } = await follow(request, deadlines)
      const { status, headers } = response
      if (!response.ok) {
        const retryAfter = headers.get('retry-after')
        await drain(response, deadlines, policy.idleMs)
        throw statusError({ status, url, retryAfter, nowMs: Date.now() })
      }
      const contentRange = headers.get('content-range')
      const slice = sliceOf({ asked: request.byteRange, status, contentRange, url })
      const reader = createBodyReader({ body: bodyOf(response), url, policy, deadlines, slice })
      const contentType = headers.get('content-type') ?? ''
      const value = await consume(reader.chunks, { status, url, contentType })
      reader.rethrow()
      isWhole = reader.isWhole
      return value
    } finally {
      deadlines.end({ isWhole })
    }
  }

  const bytes: HttpClient['bytes'] = (request) =>
    stream(request, async (chunks, response) => {
      const parts: Uint8Array[] = []
      for await (const chunk of chunks) parts.push(chunk)
      return { ...response, body: new Uint8Array(Buffer.concat(parts)) }
    })

  return {
    stream,
    bytes,
    async text(request) {
      const { body, ...response }: HttpResponse & { body: Uint8Array } = await bytes(request)
      return { ...response, text: new TextDecoder().decode(body) }
    },
    close: () => agents.close(),
  }
}
