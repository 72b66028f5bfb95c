import type { Clock } from '../ports/clock'
import {
  type Circuit,
  closedCircuit,
  failCircuit,
  hopeCircuit,
  leaveCircuit,
  tryCircuit,
} from './circuit'
import {
  type BodySink,
  type HttpClient,
  HttpError,
  type HttpRequest,
  type ResourceKind,
} from './http'
import { type LoadPolicy, loadPolicy } from './load-policy'

/** Origins remembered at most; those in trouble are few. */
const MOST_CIRCUITS = 1000

interface Entry {
  circuit: Circuit
  /** Why the last connection failed. */
  lastError: HttpError | undefined
}

/** Where the request goes to; undefined for what is no web address, which fails by itself. */
const originOf = (url: string) => (URL.canParse(url) ? new URL(url).origin : undefined)

/** Tells when the first of a body has come, once. */
function tellingOfBeginning<T>(sink: BodySink<T>, onBegin: () => void): BodySink<T> {
  let hasBegun = false
  return {
    write(chunk) {
      if (!hasBegun) onBegin()
      hasBegun = true
      return sink.write(chunk)
    },
    end: () => sink.end(),
  }
}

/** No answer at all: the way to the origin is at fault, not what was asked for. */
const isTransportFailure = (error: unknown): error is HttpError =>
  error instanceof HttpError &&
  error.status === 0 &&
  (error.code === 'dns_failure' ||
    error.code === 'connection_failed' ||
    error.code === 'source_timeout')

/**
 * Holds requests back from an origin that does not answer, by origin and kind of resource as the load policy says: of all
 * that wait for it, one at a time finds out whether it is back. What is held back rejects at once with the last failure and
 * the time after which to try again. A playlist is never held back: it is asked for at its own pace, and when it comes,
 * everything else may try at once.
 */
export function createCircuitBreaker(options: {
  readonly http: HttpClient
  readonly clock: Clock
  readonly policy?: LoadPolicy
}): HttpClient {
  const { http, clock, policy = loadPolicy } = options
  const entries = new Map<string, Entry>()

  const entryOf = (kind: ResourceKind, origin: string): Entry => {
    const key = `${kind} ${origin}`
    const entry = entries.get(key) ?? { circuit: closedCircuit, lastError: undefined }
    entries.delete(key)
    entries.set(key, entry)
    const oldest = entries.keys().next().value
    if (entries.size > MOST_CIRCUITS && oldest !== undefined) entries.delete(oldest)
    return entry
  }
  const holdBack = ({ circuit, lastError }: Entry, openMs: number): HttpError => {
    const waitMs = circuit.state === 'open' ? circuit.untilMs - clock.monotonicMs() : openMs
    const { code, message, hint } = lastError ?? new HttpError('connection_failed', 'No answer.')
    const retryAfterSec = Math.max(1, waitMs / 1000)
    return new HttpError(code, message, {
      ...(hint === undefined ? {} : { hint }),
      cause: lastError,
      retryAfterSec,
    })
  }
  /** A playlist came from this origin. */
  const giveHope = (origin: string) => {
    const nowMs = clock.monotonicMs()
    for (const [key, entry] of entries) {
      if (key.endsWith(` ${origin}`)) entry.circuit = hopeCircuit(entry.circuit, nowMs)
    }
  }
  /** @param ask is given what to call when the answer begins: how long its body takes says nothing of the way. */
  const guard = async <T>(
    request: HttpRequest,
    ask: (onAnswer: () => void) => Promise<T>,
  ): Promise<T> => {
    const origin = originOf(request.url)
    const rule = policy[request.kind].circuit
    if (origin === undefined) return await ask(() => undefined)
    if (rule === undefined) {
      const value = await ask(() => undefined)
      if (request.kind === 'playlist') giveHope(origin)
      return value
    }
    const entry = entryOf(request.kind, origin)
    const attempt = tryCircuit(entry.circuit, clock.monotonicMs())
    if (!attempt.allowed) throw holdBack(entry, rule.openMs)
    entry.circuit = attempt.circuit
    try {
      const close = () => {
        entry.circuit = closedCircuit
      }
      const value = await ask(close)
      close()
      return value
    } catch (error) {
      if (request.signal.aborted) {
        entry.circuit = leaveCircuit(entry.circuit, clock.monotonicMs())
      } else if (isTransportFailure(error)) {
        entry.lastError = error
        entry.circuit = failCircuit(entry.circuit, clock.monotonicMs(), rule)
      } else {
        entry.circuit = closedCircuit
      }
      throw error
    }
  }

  return {
    text: (request) => guard(request, () => http.text(request)),
    bytes: (request) => guard(request, () => http.bytes(request)),
    stream: (request, sink) =>
      guard(request, (onAnswer) => http.stream(request, tellingOfBeginning(sink, onAnswer))),
    close: () => http.close(),
  }
}
