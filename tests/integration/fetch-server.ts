import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net'
import type { HttpClient, HttpRequest } from '../../src-main/fetch/http'
import { createHttpClient, type HttpClientOptions } from '../../src-main/fetch/http-client'
import { loadPolicy } from '../../src-main/fetch/load-policy'

export const MB = 1024 * 1024

/** Deadlines short enough to wait for. */
export const hasty = {
  ...loadPolicy,
  segment: { ...loadPolicy.segment, firstByteMs: 200, idleMs: 200, totalMs: 600, capBytes: MB },
}

type Cleanup = () => Promise<void> | void

/** Servers and clients of one test, ended together. */
export function createFetchBench() {
  const cleanups: Cleanup[] = []
  return {
    client(options?: HttpClientOptions): HttpClient {
      const client = createHttpClient(options)
      cleanups.push(() => client.close())
      return client
    },

    /** An HTTP server on a loopback port; its base URL and how many connections it has seen. */
    async serve(listener: RequestListener): Promise<{ url: string; connections: () => number }> {
      let connections = 0
      const server = createServer(listener)
      server.on('connection', () => {
        connections += 1
      })
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve)
      })
      cleanups.push(() => {
        server.closeAllConnections()
        return new Promise((resolve) => {
          server.close(() => resolve())
        })
      })
      const { port } = server.address() as AddressInfo
      return { url: `http://127.0.0.1:${port}`, connections: () => connections }
    },

    /** A server that writes raw bytes to whoever has sent a request. */
    async serveRaw(onRequest: (socket: Socket) => void): Promise<string> {
      const sockets = new Set<Socket>()
      const server = createSocketServer((socket) => {
        sockets.add(socket)
        // The client may leave at any moment: that is what these tests are about.
        socket.on('error', () => socket.destroy())
        socket.once('data', () => onRequest(socket))
      })
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve)
      })
      cleanups.push(() => {
        for (const socket of sockets) socket.destroy()
        return new Promise((resolve) => {
          server.close(() => resolve())
        })
      })
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },

    async end(): Promise<void> {
      for (const cleanup of cleanups.splice(0)) await cleanup()
    },
  }
}

export const requestFor = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  url,
  kind: 'segment',
  allowPrivateNetwork: true,
  signal: new AbortController().signal,
  ...more,
})

/** What a promise rejected with; fails the test when it did not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('expected a failure')
    },
    (error: unknown) => error,
  )
}
