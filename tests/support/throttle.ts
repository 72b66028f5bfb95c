import { createServer, request as httpRequest, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

/** A way to an origin that is as narrow as the test says. */
export interface Throttle {
  /** `http://127.0.0.1:port`: the origin's paths are there too. */
  readonly url: string
  /** Bits per second over all connections together; undefined = as fast as it goes. */
  limit(bitsPerSec: number | undefined): void
  /** Closes every connection. Idempotent. */
  stop(): Promise<void>
}

const SLICE_BYTES = 1024

export async function startThrottle(options: { readonly target: string }): Promise<Throttle> {
  let bitsPerSec: number | undefined
  /** When the way is free for the next slice, monotonic ms. */
  let freeAtMs = 0

  /** The time that the slice takes on the way, behind those that were there before. */
  const pass = async (bytes: number) => {
    if (bitsPerSec === undefined) return
    const nowMs = performance.now()
    freeAtMs = Math.max(nowMs, freeAtMs) + (bytes * 8000) / bitsPerSec
    await delay(freeAtMs - nowMs, undefined, { ref: false })
  }
  const send = async (body: AsyncIterable<Buffer>, response: ServerResponse) => {
    for await (const chunk of body) {
      for (let at = 0; at < chunk.length && !response.destroyed; at += SLICE_BYTES) {
        const slice = chunk.subarray(at, at + SLICE_BYTES)
        await pass(slice.length)
        response.write(slice)
      }
    }
    response.end()
  }
  const server = createServer((request, response) => {
    const { host: _, ...headers } = request.headers
    const forwarded = httpRequest(`${options.target}${request.url}`, { headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      // Whatever breaks the way breaks the connection.
      send(answer, response).catch(() => response.destroy())
    })
    forwarded.on('error', () => response.destroy())
    response.on('close', () => forwarded.destroy())
    forwarded.end()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the way has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    limit: (bits) => {
      bitsPerSec = bits
      freeAtMs = 0
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
