import fastifyStatic from '@fastify/static'
import fastify from 'fastify'
import { VsrError } from '../../src-preload/contract/errors'
import type { Engine } from '../engine'
import type { Logger } from '../ports/logger'
import { registerApiRoutes } from './api-routes'
import type { Dispatcher } from './dispatcher'
import { serveEvents } from './event-socket'
import { installGuard } from './guard-hook'
import { answerRouterError, installErrorAnswers } from './http-errors'
import { countRequests } from './http-metrics'
import { createHostCheck, isLoopback, literalHost, serverUrlOf } from './listen-address'
import { listenNear } from './listen-near'
import type { GuardPolicy } from './request-guard'
import { serveInterface } from './static-interface'

const MOST_BODY_BYTES = 1024 * 1024
const MOST_CONNECTIONS = 512
/** A connection on which nothing moves for this long is closed, a player that paused included: it comes back. */
const IDLE_TIMEOUT_MS = 120_000
const REQUEST_TIMEOUT_MS = 15_000
const HEADERS_TIMEOUT_MS = 10_000
const KEEP_ALIVE_MS = 30_000

/** Input is validated by the contract. Without fastify's own compilers a third of its loading time is saved. */
const refuseSchemas = (): never => {
  throw new Error('routes have no JSON schemas')
}
const noSchemas = { buildValidator: refuseSchemas, buildSerializer: refuseSchemas }

export interface HttpHost {
  /** Starts to listen; where the port is taken, on another one. Throws VsrError `port_unavailable`. */
  listen(): Promise<{ url: string; port: number }>
  /** Ends every connection. Idempotent. */
  close(): Promise<void>
}

/**
 * The local server: playlists, segments, API, events, interface. Throws VsrError `bad_request` for an
 * address that other machines reach without a token (SECURITY S04).
 */
export function createHttpHost(options: {
  readonly engine: Engine
  readonly dispatcher: Dispatcher
  /** Undefined: nobody is asked for one. */
  readonly token: string | undefined
  readonly host: string
  /** 0 = any. */
  readonly port: number
  /** Foreign origins that may use the server, such as the desktop window's. */
  readonly allowedOrigins?: readonly string[]
  /** The built interface; absent where a window has its own copy. */
  readonly staticDir?: string
  readonly logger: Logger
}): HttpHost {
  const { engine, dispatcher, token, logger, staticDir } = options
  const host = literalHost(options.host)
  if (token === undefined && !isLoopback(host)) {
    throw new VsrError('bad_request', `Serving on ${host} needs a token.`, {
      hint: 'Leave VSR_AUTH=none out, or serve on 127.0.0.1.',
    })
  }
  let policy: GuardPolicy = { isAllowedHost: () => false, allowedOrigins: [], token }
  const currentPolicy = () => policy

  const app = fastify({
    bodyLimit: MOST_BODY_BYTES,
    forceCloseConnections: true,
    connectionTimeout: IDLE_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    frameworkErrors: answerRouterError,
    // A missing Host is refused by the guard, in our own words.
    http: { requireHostHeader: false, headersTimeout: HEADERS_TIMEOUT_MS },
    schemaController: { compilersFactory: noSchemas },
  })
  app.server.maxConnections = MOST_CONNECTIONS
  app.removeContentTypeParser('text/plain')
  installErrorAnswers(app, logger)
  installGuard(app, currentPolicy)
  const httpMetrics = countRequests({ app, monotonicMs: () => performance.now() })
  void app.register(fastifyStatic, { serve: false })
  void app.register(engine.playbackRoutes)
  registerApiRoutes(app, {
    engine,
    dispatcher,
    policy: currentPolicy,
    httpMetrics,
  })
  if (staticDir !== undefined) serveInterface(app, staticDir)
  const endEvents = serveEvents({ server: app.server, dispatcher, policy: currentPolicy, logger })
  app.addHook('preClose', async () => endEvents())

  return {
    async listen() {
      const port = await listenNear({ app, host, port: options.port })
      policy = {
        isAllowedHost: createHostCheck(host, port),
        allowedOrigins: options.allowedOrigins ?? [],
        token,
      }
      return { url: serverUrlOf(host, port), port }
    },
    close: () => app.close(),
  }
}
