import type { LookupFunction } from 'node:net'
import { type Answer, createDirectAsker, createFetchAsker } from './ask'
import { collectBody } from './collect-body'
import { type Slice, sliceOf } from './content-range'
import { type Deadlines, startDeadlines } from './deadlines'
import {
  type BodySink,
  type HttpClient,
  HttpError,
  type HttpRequest,
  type HttpResponse,
  type ResourceKind,
} from './http'
import { type LoadPolicy, loadPolicy } from './load-policy'
import { isPrivateAddress } from './private-address'
import { receiveBody } from './receive-body'
import { redactUrl } from './redact-url'
import { isRedirect, nextHop } from './redirects'
import { headersFor } from './request-headers'
import { statusError } from './status-error'
import { addressRefused, transportError } from './transport-error'

const DEFAULT_USER_AGENT = 'Mozilla/5.0 (compatible; VSR)'
/** Bodies of refusals up to this size are read, so that the connection lives on, and not waited for any longer. */
const DRAIN_BYTES = 65_536
const DRAIN_IDLE_MS = 1000

export interface HttpClientOptions {
  readonly userAgent?: string
  /** Stands in for the system's name look-up. */
  readonly lookup?: LookupFunction
  readonly policy?: LoadPolicy
}

/** What answered in the end. */
interface Arrival {
  readonly answer: Answer
  /** The hop that answered; userinfo is kept for relative URIs of the same origin. */
  readonly url: string
}

/** What a recording asks for all the time goes the lean way. */
const lean: ReadonlySet<ResourceKind> = new Set(['playlist', 'segment', 'part', 'init'])

function parseUrl(url: string): URL {
  if (!URL.canParse(url) || !/^https?:/i.test(url)) {
    throw new HttpError('not_a_url', `Not a web address: ${redactUrl(url)}`)
  }
  return new URL(url)
}

function withoutUserinfo(url: URL): URL {
  if (url.username === '' && url.password === '') return url
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  return bare
}

const whole: Slice = { skip: 0, length: undefined, dropRest: false }

/**
 * Reads what is left of a refusal, where it is small.
 * @returns whether all of it has come. Whatever goes wrong with it changes nothing: the connection is dropped then.
 */
async function drain({ body, header }: Answer, deadlines: Deadlines): Promise<boolean> {
  const length = Number(header('content-length') ?? Number.NaN)
  if (length > DRAIN_BYTES) {
    body.destroy()
    return false
  }
  const policy = { idleMs: DRAIN_IDLE_MS, capBytes: DRAIN_BYTES }
  const write = () => undefined
  try {
    const rest = { body, url: '', policy, deadlines, slice: whole, write }
    return (await receiveBody(rest)).isWhole
  } catch {
    return false
  }
}

/** HTTP for everything that VSR loads, under the load policy and the address rules of SECURITY S13–S15. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { userAgent = DEFAULT_USER_AGENT, policy: table = loadPolicy } = options
  const byFetch = createFetchAsker(options.lookup)
  const direct = createDirectAsker(options.lookup)

  const policyOf = ({ kind, silentAtMostMs = Number.POSITIVE_INFINITY }: HttpRequest) => {
    const policy = table[kind]
    return {
      ...policy,
      firstByteMs: Math.min(policy.firstByteMs, silentAtMostMs),
      idleMs: Math.min(policy.idleMs, silentAtMostMs),
    }
  }
  const requestHop = async (
    request: HttpRequest,
    hop: URL,
    sameOrigin: boolean,
    deadlines: Deadlines,
  ): Promise<Answer> => {
    const policy = policyOf(request)
    const { firstByteMs } = policy
    const { holdMs = 0 } = request
    if (!request.allowPrivateNetwork && isPrivateAddress(hop.hostname.replace(/^\[|\]$/g, ''))) {
      throw addressRefused(hop)
    }
    const asker = lean.has(request.kind) ? direct : byFetch
    const bare = withoutUserinfo(hop)
    try {
      return await deadlines.within(firstByteMs + holdMs, 'did not answer in time', () =>
        asker.ask(bare, {
          allowPrivateNetwork: request.allowPrivateNetwork,
          isHeld: holdMs > 0,
          headers: headersFor({ request, hop, sameOrigin, policy, userAgent }),
          signal: deadlines.signal,
        }),
      )
    } catch (error) {
      throw deadlines.reason() ?? transportError(error, hop)
    }
  }

  const follow = async (request: HttpRequest, deadlines: Deadlines): Promise<Arrival> => {
    const chain = [parseUrl(request.url)]
    let sameOrigin = true
    for (let hop = chain[0]; hop !== undefined; hop = chain.at(-1)) {
      const answer = await requestHop(request, hop, sameOrigin, deadlines)
      if (!isRedirect(answer.status)) return { answer, url: hop.href }
      await drain(answer, deadlines)
      const target = nextHop(chain, answer.header('location'))
      sameOrigin &&= target.origin === hop.origin
      chain.push(target)
    }
    throw new Error('unreachable: a chain of hops is never empty')
  }

  const receive = async <T>(
    request: HttpRequest,
    sink: BodySink<T>,
  ): Promise<HttpResponse & { readonly value: T }> => {
    const policy = policyOf(request)
    const { url: requestUrl, signal, holdMs = 0 } = request
    const totalMs = policy.totalMs + holdMs
    const deadlines = startDeadlines({ url: requestUrl, totalMs, signal })
    let isWhole = false
    try {
      const { answer, url } = await follow(request, deadlines)
      const { status, body } = answer
      if (status < 200 || status > 299) {
        isWhole = await drain(answer, deadlines)
        const retryAfter = answer.header('retry-after')
        throw statusError({ status, url, retryAfter, nowMs: Date.now() })
      }
      const contentRange = answer.header('content-range')
      const slice = sliceOf({ asked: request.byteRange, status, contentRange, url })
      const write = (chunk: Uint8Array) => sink.write(chunk)
      ;({ isWhole } = await receiveBody({ body, url, policy, deadlines, slice, write }))
      const contentType = answer.header('content-type') ?? ''
      return { status, url, contentType, value: await sink.end() }
    } finally {
      deadlines.end({ isWhole })
    }
  }

  const bytes = async (request: HttpRequest) => {
    const { value: body, ...response } = await receive(request, collectBody())
    return { ...response, body }
  }

  return {
    stream: async (request, sink) => (await receive(request, sink)).value,
    bytes,
    async text(request) {
      const { body, ...response } = await bytes(request)
      return { ...response, text: new TextDecoder().decode(body) }
    },
    close() {
      byFetch.close()
      direct.close()
    },
  }
}
