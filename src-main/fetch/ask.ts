import { Agent as HttpAgent, type AgentOptions } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import fetch from 'node-fetch'
import { type Body, bodyOfStream } from './body'
import { decoded } from './decoded'
import { type ConnectionLimits, createConnectionPool } from './http1/connection-pool'
import { createWays, type Reach } from './ways'

/** One hop's answer, its body not read yet. */
export interface Answer {
  readonly status: number
  /** By its name in lower case; null where there is none. */
  header(name: string): string | null
  readonly body: Body
}

/** Is told what becomes of a request, once. */
export interface Answering {
  /** The body is lost unless it is begun, or kept, within the call. Never throws. */
  onAnswer(answer: Answer): void
  /** As the socket or TLS fails. */
  onFailure(cause: unknown): void
}

/** Asks for one hop of a request; redirects are answers. */
export interface Asker {
  /**
   * @param hop without userinfo.
   * @returns what lets go of the request, its answer and its connection, as long as there is something to let go of.
   */
  ask(
    hop: URL,
    options: Reach & { readonly headers: Readonly<Record<string, string>> },
    answering: Answering,
  ): () => void
  /** Ends all connections. Idempotent. */
  close(): void
}

function createAgents(lookup: LookupFunction, { most, mostIdle, idleMs }: ConnectionLimits) {
  const options: AgentOptions & { lookup: LookupFunction } = {
    keepAlive: true,
    maxSockets: most,
    maxFreeSockets: mostIdle,
    timeout: idleMs,
    scheduling: 'lifo',
    lookup,
  }
  return { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
}

/** By node-fetch, which knows what servers get up to with text. */
export function createFetchAsker(lookup?: LookupFunction): Asker {
  const ways = createWays(lookup, createAgents)
  return {
    ask(hop, { headers, ...reach }, { onAnswer, onFailure }) {
      const agents = ways.of(reach)
      const agent = hop.protocol === 'https:' ? agents['https:'] : agents['http:']
      const letGo = new AbortController()
      const { signal } = letGo
      const answer = fetch(hop, { agent, headers, signal, redirect: 'manual' })
      void answer.then((response) => {
        // It is a stream of Node's, typed by what all of them have in common.
        const body = (response.body as Readable | null) ?? Readable.from([])
        onAnswer({
          status: response.status,
          header: (name) => response.headers.get(name),
          body: bodyOfStream(body),
        })
      }, onFailure)
      return () => letGo.abort()
    },
    close() {
      for (const agents of ways.all) {
        agents['http:'].destroy()
        agents['https:'].destroy()
      }
    },
  }
}

/** Over connections of our own, for media: nearly all of the traffic, and taken from the socket without a stream, a copy or an object in between. */
export function createDirectAsker(lookup?: LookupFunction): Asker {
  const ways = createWays(lookup, (chosen, limits) =>
    createConnectionPool({ lookup: chosen, limits }),
  )
  return {
    ask: (hop, { headers, ...reach }, { onAnswer, onFailure }) =>
      ways.of(reach).ask(hop, headers, {
        onHead({ status, header }, body) {
          onAnswer({ status, header, body: decoded(body, header('content-encoding')) })
        },
        onFailure,
      }),
    close() {
      for (const pool of ways.all) pool.close()
    },
  }
}
