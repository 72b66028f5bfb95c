import * as http from 'node:http'
import * as https from 'node:https'
import { Readable } from 'node:stream'
import fetch from 'node-fetch'
import { decoded } from './decoded'

/** One hop's answer, its body not read yet. */
export interface Answer {
  readonly status: number
  /** By its name in lower case; null where there is none. */
  header(name: string): string | null
  readonly body: Readable
}

/** One hop of a request; redirects are answers. Rejects as the socket or TLS does. */
export type Ask = (
  hop: URL,
  options: {
    readonly agent: http.Agent
    readonly headers: Readonly<Record<string, string>>
    readonly signal: AbortSignal
  },
) => Promise<Answer>

/** By node-fetch, which knows what servers get up to with text. */
export const askByFetch: Ask = async (hop, options) => {
  const response = await fetch(hop, { ...options, redirect: 'manual' })
  const { status, headers, body } = response
  return {
    status,
    header: (name) => headers.get(name),
    // It is a stream of Node's, typed by what all of them have in common.
    body: (body as Readable | null) ?? Readable.from([]),
  }
}

/** What stands in the request line. `search` would leave out a query that is empty. */
const targetOf = ({ href, origin }: URL): string => href.slice(origin.length).replace(/#.*$/s, '')

/** By Node alone, for media: without the streams and headers that node-fetch builds around each answer. */
export const askDirectly: Ask = (hop, { agent, headers, signal }) =>
  new Promise((resolve, reject) => {
    const { request } = hop.protocol === 'https:' ? https : http
    const asking = request(hop, { agent, headers, path: targetOf(hop) })
    const end = (): void => void asking.destroy()
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
    asking.on('error', reject)
    asking.once('response', (message) => {
      resolve({
        status: message.statusCode ?? 0,
        header: (name) => message.headers[name]?.toString() ?? null,
        body: decoded(message, message.headers['content-encoding']),
      })
    })
    asking.end()
  })
