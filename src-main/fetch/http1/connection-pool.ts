import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import type { Body } from '../body'
import { type Connection, openConnection, type ReadInto } from './connection'
import { requestHead } from './request-head'
import type { ResponseHead } from './response-head'

/** An answer whose body has not been read yet. */
interface PooledAnswer {
  readonly head: ResponseHead
  readonly body: Body
}

/** Connections that carry one GET request after the other. */
export interface ConnectionPool {
  /** Waits for a connection where the server has its share. Rejects as the socket or TLS does, and where the signal ends it. */
  get(
    url: URL,
    options: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  ): Promise<PooledAnswer>
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
    get(url, { headers, signal }) {
      const server = serverOf(url)
      const head = requestHead(url, headers)
      return new Promise((resolve, reject) => {
        let cancel = (): void => {
          server.waiting.delete(use)
          reject(hungUp())
        }
        const use = (connection: Connection): void => {
          cancel = connection.ask(head, {
            onHead: (answer, body) => resolve({ head: answer, body }),
            onFailure(cause, isStale) {
              // A server may close a connection just when it is used again: it never saw the request (RFC 9112 9.3.1).
              if (isStale && !signal.aborted) use(connectTo(url, server))
              else reject(cause ?? hungUp())
            },
          })
        }
        signal.addEventListener('abort', () => cancel(), { once: true })
        if (signal.aborted) cancel()
        else {
          const idle = server.idle.pop()
          if (idle !== undefined) use(idle)
          else if (server.all.size < limits.most) use(connectTo(url, server))
          else server.waiting.add(use)
        }
      })
    },
    close() {
      for (const { all, waiting } of servers.values()) {
        waiting.clear()
        for (const connection of all) connection.destroy()
      }
    },
  }
}
