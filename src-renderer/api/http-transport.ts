import type { ApiError } from '../../src-preload/contract/errors'
import { eventSchema, type VsrEvent } from '../../src-preload/contract/events'
import type { MethodInput, MethodName, MethodOutput } from '../../src-preload/contract/methods'
import type { Reply, Transport } from '../../src-preload/contract/transport'
import { texts } from '../ui/texts'
import { reconnectDelayMs } from './reconnect-delay'
import { readReply } from './read-reply'

/** Whether events flow. `no-token`, `token-refused`: only another address helps, nothing is tried any more. */
export type ConnectionStatus = 'connecting' | 'open' | 'lost' | 'no-token' | 'token-refused'

/** The part of a WebSocket that is used here. */
export interface EventSocket {
  onopen: (() => void) | null
  onmessage: ((message: { data: unknown }) => void) | null
  onclose: (() => void) | null
  close(): void
}

export interface HttpTransportOptions {
  /** Root of the local server. */
  readonly baseUrl: URL
  readonly token: string | undefined
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>
  readonly openSocket: (url: string) => EventSocket
  /** Calls back once after `ms`; returns the function that takes it back. */
  readonly schedule: (callback: () => void, ms: number) => () => void
  readonly onStatus: (status: ConnectionStatus) => void
  /** For what is not the person's fault: an event that does not keep to the contract. */
  readonly report: (problem: Error) => void
}

/** The transport of the browser: one POST per call, one WebSocket for events. */
export function createHttpTransport(options: HttpTransportOptions): Transport {
  const { baseUrl, token, onStatus } = options
  const stops = new Set<() => void>()
  let refused = false

  const refuse = () => {
    refused = true
    for (const stop of stops) stop()
    onStatus(token === undefined ? 'no-token' : 'token-refused')
  }

  async function invoke<M extends MethodName>(
    method: M,
    input: MethodInput<M>,
  ): Promise<Reply<MethodOutput<M>>> {
    if (refused) return failure(texts.errors.refused)
    let response: Response
    try {
      response = await options.fetch(new URL(`api/v1/${method}`, baseUrl), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(input),
      })
    } catch {
      // fetch says no more than "failed": the server is not there.
      return failure(texts.errors.serverAway)
    }
    if (response.status === 401 && !refused) refuse()
    const body: unknown = await response.json().catch(() => undefined)
    return readReply(method, body)
  }

  function subscribe(onEvent: (event: VsrEvent) => void, onReconnect?: () => void): () => void {
    let socket: EventSocket | undefined
    let cancelTimer: (() => void) | undefined
    let attempt = 0
    let wasOpen = false
    let ended = false

    const connect = () => {
      const url = new URL('api/v1/events', baseUrl)
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
      if (token !== undefined) url.searchParams.set('token', token)
      const current = options.openSocket(url.href)
      socket = current
      current.onopen = () => {
        attempt = 0
        onStatus('open')
        if (wasOpen) onReconnect?.()
        wasOpen = true
      }
      current.onmessage = (message) => {
        const event = readEvent(message.data)
        if (event instanceof Error) options.report(event)
        else onEvent(event)
      }
      current.onclose = () => {
        if (ended) return
        onStatus('lost')
        // A refused socket does not say why; the call finds out whether the token is still good.
        invoke('settings.get', {}).catch(options.report)
        cancelTimer = options.schedule(connect, reconnectDelayMs(attempt))
        attempt += 1
      }
    }
    const stop = () => {
      ended = true
      cancelTimer?.()
      socket?.close()
      stops.delete(stop)
    }
    stops.add(stop)
    connect()
    return stop
  }

  return { invoke, subscribe }
}

/** Address from which the browser downloads a finished export. */
export function exportDownloadUrl(options: {
  baseUrl: URL
  token: string | undefined
  jobId: string
}): string {
  const url = new URL(`exports/${encodeURIComponent(options.jobId)}/file`, options.baseUrl)
  if (options.token !== undefined) url.searchParams.set('token', options.token)
  return url.href
}

const failure = (error: ApiError): Reply<never> => ({ ok: false, error })

function readEvent(data: unknown): VsrEvent | Error {
  if (typeof data !== 'string') return new Error('an event that is not text')
  try {
    return eventSchema.parse(JSON.parse(data))
  } catch (cause) {
    return new Error('an event that does not keep to the contract', { cause })
  }
}
