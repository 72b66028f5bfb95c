import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import type { Body } from '../body'
import { type Connection, openConnection, type ReadInto } from './connection'
import { requestHead } from './request-head'
import type { ResponseHead } from './response-head'

/** Is told what becomes of a request, once. */
interface Answering {
  /** The answer's head has come. What came of the body is lost unless it is begun, or kept, within the call. */
  onHead(head: ResponseHead, body: Body): void
  /** As the socket or TLS fails. */
  onFailure(cause: unknown): void
}

/** Connections that carry one GET request after the other. */
export interface ConnectionPool {
  /**
   * Waits for a connection where the server has its share.
   * @returns what lets go of the request and its connection, as long as it is under way.
   */
  ask(url: URL, headers: Readonly<Record<string, string>>, answering: Answering): () => void
  /** Ends all connections. */
  close(): void
}

/** How many connections there may be to one server, and how long. */
export interface ConnectionLimits {
  readonly most: number
  /** Of them, those that nobody uses. */
  readonly mostIdle: number
  /** How long one is kept that nobody uses. Milliseconds. */
  readonly idleMs: number
}

/** What a pool has of one server. */
interface Server {
  readonly all: Set<Connection>
  /** The one used last is used first. */
  readonly idle: Connection[]
  /** Requests for which there is no connection, the oldest first. */
  readonly waiting: Set<(connection: Connection) => void>
}

function openSocket(url: URL, lookup: LookupFunction, onread: ReadInto): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isSecure = url.protocol === 'https:'
  const port = Number(url.port) || (isSecure ? 443 : 80)
  const options = { host, port, lookup, onread, noDelay: true, keepAlive: true }
  if (!isSecure) return connect(options)
  const servername = isIP(host) === 0 ? host : ''
  return connectSecurely({ ...options, servername, ALPNProtocols: ['http/1.1'] })
}

const hungUp = () =>
  Object.assign(new Error('the server ended the connection'), { code: 'ECONNRESET' })

export function createConnectionPool(options: {
  readonly lookup: LookupFunction
  readonly limits: ConnectionLimits
}): ConnectionPool {
  const { lookup, limits } = options
  const servers = new Map<string, Server>()

  const serverOf = ({ origin }: URL): Server => {
    const known = servers.get(origin)
    if (known !== undefined) return known
    const server: Server = { all: new Set(), idle: [], waiting: new Set() }
    servers.set(origin, server)
    return server
  }
  const connectTo = (url: URL, server: Server): Connection => {
    const connection = openConnection({
      open: (onread) => openSocket(url, lookup, onread),
      onFree(free) {
        const [next] = server.waiting
        if (next !== undefined) {
          server.waiting.delete(next)
          next(free)
        } else if (server.idle.length < limits.mostIdle) {
          server.idle.push(free)
          free.rest(limits.idleMs)
        } else free.destroy()
      },
      onClosed(closed) {
        server.all.delete(closed)
        const at = server.idle.indexOf(closed)
        if (at !== -1) server.idle.splice(at, 1)
        const [next] = server.waiting
        if (next !== undefined) {
          server.waiting.delete(next)
          next(connectTo(url, server))
        } else if (server.all.size === 0) servers.delete(url.origin)
      },
    })
    server.all.add(connection)
    return connection
  }

  return {
    ask(url, headers, { onHead, onFailure }) {
      const server = serverOf(url)
      const head = requestHead(url, headers)
      let isLetGo = false
      let letGo = (): void => void server.waiting.delete(use)
      const use = (connection: Connection): void => {
        letGo = connection.ask(head, {
          onHead,
          onFailure(cause, isStale) {
            // A server may close a connection just when it is used again: it never saw the request (RFC 9112 9.3.1).
            if (isStale && !isLetGo) use(connectTo(url, server))
            else onFailure(cause ?? hungUp())
          },
        })
      }
      const idle = server.idle.pop()
      if (idle !== undefined) use(idle)
      else if (server.all.size < limits.most) use(connectTo(url, server))
      else server.waiting.add(use)
      return () => {
        isLetGo = true
        letGo()
      }
    },
    close() {
      for (const { all, waiting } of servers.values()) {
        waiting.clear()
        for (const connection of all) connection.destroy()
      }
    },
  }
}
