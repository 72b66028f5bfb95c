import { VsrError } from '../../src-preload/contract/errors'
import type { Answer, Asker } from './ask'
import { type Slice, sliceOf } from './content-range'
import { type Deadlines, startDeadlines } from './deadlines'
import { type BodySink, HttpError, type HttpRequest, type HttpResponse } from './http'
import type { LoadPolicyRow } from './load-policy'
import { isPrivateAddress } from './private-address'
import { receiveBody } from './receive-body'
import { redactUrl } from './redact-url'
import { isRedirect, nextHop } from './redirects'
import { headersFor } from './request-headers'
import { statusError } from './status-error'
import { addressRefused, transportError } from './transport-error'

/** Bodies of refusals up to this size are read, so that the connection lives on, and not waited for any longer. */
const DRAIN_BYTES = 65_536
const DRAIN_IDLE_MS = 1000

const whole: Slice = { skip: 0, length: undefined, dropRest: false }

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

const cancelled = (cause: unknown): VsrError =>
  cause instanceof VsrError
    ? cause
    : new HttpError('cancelled', 'The request was cancelled.', { cause })

/**
 * Reads what is left of a refusal, where it is small, and tells when that is over. Whatever goes wrong with it changes
 * nothing: the connection is dropped then.
 */
function drain(answer: Answer, deadlines: Deadlines, onOver: () => void): void {
  const { body, header } = answer
  if (Number(header('content-length') ?? Number.NaN) > DRAIN_BYTES) {
    body.destroy()
    onOver()
    return
  }
  receiveBody({
    body,
    url: '',
    policy: { idleMs: DRAIN_IDLE_MS, capBytes: DRAIN_BYTES },
    deadlines,
    slice: whole,
    write: () => undefined,
    onEnd: onOver,
    onError: onOver,
  })
}

/**
 * One attempt to load something, from the first hop to the last byte, in calls from the socket to the sink: the answer is
 * judged, and its body begun, in the call that brings its head.
 *
 * Rejects with HttpError, or with why the request's signal was aborted.
 */
export function transfer<T>(options: {
  readonly request: HttpRequest
  readonly sink: BodySink<T>
  readonly policy: LoadPolicyRow
  readonly asker: Asker
  readonly userAgent: string
}): Promise<HttpResponse & { readonly value: T }> {
  const { request, sink, policy, asker, userAgent } = options
  const { signal, holdMs = 0, allowPrivateNetwork } = request
  const { silentAtMostMs = Number.POSITIVE_INFINITY } = request
  const firstByteMs = Math.min(policy.firstByteMs, silentAtMostMs)
  const idleMs = Math.min(policy.idleMs, silentAtMostMs)
  return new Promise((resolve, reject) => {
    const first = parseUrl(request.url)
    const chain = [first]
    let isSameOrigin = true
    let letGo = (): void => undefined
    let isOver = false

    const end = (): boolean => {
      if (isOver) return false
      isOver = true
      deadlines.end()
      signal.removeEventListener('abort', onAbort)
      return true
    }
    const fail = (error: unknown): void => {
      if (!end()) return
      letGo()
      reject(error)
    }
    const onAbort = (): void => fail(cancelled(signal.reason))
    const deadlines = startDeadlines({
      url: request.url,
      totalMs: policy.totalMs + holdMs,
      onMissed: fail,
    })

    /** What a step throws ends the attempt, and goes no further. */
    const attempt = (step: () => void): void => {
      try {
        step()
      } catch (error) {
        fail(error)
      }
    }
    const ask = (hop: URL): void => {
      if (!allowPrivateNetwork && isPrivateAddress(hop.hostname.replace(/^\[|\]$/g, ''))) {
        throw addressRefused(hop)
      }
      const headers = headersFor({ request, hop, sameOrigin: isSameOrigin, policy, userAgent })
      deadlines.expect(firstByteMs + holdMs, 'did not answer in time')
      const reach = { allowPrivateNetwork, isHeld: holdMs > 0 }
      const onFailure = (cause: unknown): void => fail(transportError(cause, hop))
      try {
        letGo = asker.ask(
          withoutUserinfo(hop),
          { ...reach, headers },
          { onAnswer: (answer) => attempt(() => judge(answer, hop)), onFailure },
        )
      } catch (cause) {
        onFailure(cause)
      }
    }
    const judge = (answer: Answer, hop: URL): void => {
      const { status } = answer
      if (isOver) answer.body.destroy()
      else if (isRedirect(status)) {
        drain(answer, deadlines, () => attempt(() => follow(answer, hop)))
      } else if (status < 200 || status > 299) {
        const retryAfter = answer.header('retry-after')
        const error = statusError({ status, url: hop.href, retryAfter, nowMs: Date.now() })
        drain(answer, deadlines, () => fail(error))
      } else receive(answer, hop.href)
    }
    const follow = (answer: Answer, hop: URL): void => {
      if (isOver) return
      const target = nextHop(chain, answer.header('location'))
      isSameOrigin &&= target.origin === hop.origin
      chain.push(target)
      ask(target)
    }
    const receive = ({ status, header, body }: Answer, url: string): void => {
      const contentRange = header('content-range')
      const slice = sliceOf({ asked: request.byteRange, status, contentRange, url })
      receiveBody({
        body,
        url,
        policy: { idleMs, capBytes: policy.capBytes },
        deadlines,
        slice,
        write: (chunk) => sink.write(chunk),
        onError: fail,
        onEnd(isWhole) {
          if (!end()) return
          if (!isWhole) letGo()
          const contentType = header('content-type') ?? ''
          void finish({ status, url, contentType })
        },
      })
    }
    const finish = async (response: HttpResponse): Promise<void> => {
      try {
        resolve({ ...response, value: await sink.end() })
      } catch (error) {
        reject(error)
      }
    }

    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    else attempt(() => ask(first))
  })
}
