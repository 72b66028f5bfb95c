import type { IncomingMessage, Server } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { VsrError } from '../../src-preload/contract/errors'
import type { Logger } from '../ports/logger'
import type { Dispatcher } from './dispatcher'
import { PROBLEM_TYPE, problemOf } from './problem'
import { type GuardPolicy, judgeRequest } from './request-guard'

const EVENTS_PATH = '/api/v1/events'
/** A client this far behind is cut off: it reconnects and reads everything anew. */
const MOST_BUFFERED_BYTES = 1024 * 1024
const MOST_CLIENTS = 64
const PING_INTERVAL_MS = 30_000

/** Serves events as JSON over WebSocket. Checks host, origin and token before the upgrade. Returns the function that ends it. */
export function serveEvents(options: {
  readonly server: Server
  readonly dispatcher: Dispatcher
  readonly policy: () => GuardPolicy
  readonly logger: Logger
}): () => void {
  const { server, dispatcher, policy, logger } = options
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 4096,
    perMessageDeflate: false,
  })
  const answered = new WeakSet<WebSocket>()

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    socket.on('error', (err) => logger.debug({ err }, 'an event connection broke'))
    const error = refusalOf(request, policy()) ?? limitOf(sockets.clients.size)
    if (error === undefined) sockets.handleUpgrade(request, socket, head, welcome)
    else refuseUpgrade(socket, error)
  }

  function welcome(client: WebSocket) {
    answered.add(client)
    const unsubscribe = dispatcher.subscribe((event) => {
      if (client.bufferedAmount > MOST_BUFFERED_BYTES) client.terminate()
      else client.send(JSON.stringify(event))
    })
    client.on('pong', () => answered.add(client))
    client.on('close', unsubscribe)
    client.on('error', (err) => logger.debug({ err }, 'an event connection failed'))
  }

  const pings = setInterval(() => {
    for (const client of sockets.clients) {
      if (!answered.delete(client)) client.terminate()
      else client.ping()
    }
  }, PING_INTERVAL_MS)
  pings.unref()
  server.on('upgrade', upgrade)
  return () => {
    clearInterval(pings)
    server.off('upgrade', upgrade)
    for (const client of sockets.clients) client.terminate()
    sockets.close()
  }
}

function refusalOf(request: IncomingMessage, policy: GuardPolicy): VsrError | undefined {
  const url = URL.parse(`http://host.invalid${request.url ?? ''}`)
  if (url?.pathname !== EVENTS_PATH) {
    return new VsrError('not_found', 'There is nothing under this address.')
  }
  const tokens = url.searchParams.getAll('token')
  const { method = '', headers, rawHeaders } = request
  const verdict = judgeRequest(
    {
      method,
      headers,
      rawHeaders,
      queryToken: tokens.length === 1 ? tokens[0] : tokens,
      bare: false,
    },
    policy,
  )
  return verdict.allowed ? undefined : verdict.error
}

function limitOf(clients: number): VsrError | undefined {
  if (clients < MOST_CLIENTS) return undefined
  return new VsrError('port_unavailable', 'Too many windows follow VSR at once.')
}

function refuseUpgrade(socket: Duplex, error: VsrError): void {
  const problem = problemOf(error.toApiError())
  const body = JSON.stringify(problem)
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nConnection: close\r\n` +
      `Content-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
