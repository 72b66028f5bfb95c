import { readdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from '../../src-main/fetch/http-client'
import { waitUntil } from '../support/wait-until'

const REQUESTS = 10_000
const AT_ONCE = 20

async function startRefusing(): Promise<{ server: Server; url: string }> {
  const server = createServer((_request, response) => {
    response.writeHead(404, { 'content-type': 'text/html' })
    response.end('<h1>Not here</h1>'.repeat(20))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { server, url: `http://127.0.0.1:${address.port}/1.ts` }
}

const connectionsOf = (server: Server) =>
  new Promise<number>((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
  })

const descriptors = () => readdirSync('/proc/self/fd').length

describe.skipIf(process.platform !== 'linux')('descriptors', () => {
  it(`F51 stay as few as they were through ${REQUESTS} refusals`, { timeout: 60_000 }, async () => {
    const { server, url } = await startRefusing()
    const http = createHttpClient()
    let left = REQUESTS
    const askAll = async () => {
      const { signal } = new AbortController()
      const request = { url, kind: 'segment', allowPrivateNetwork: true, signal } as const
      while (left > 0) {
        left -= 1
        await expect(http.bytes(request)).rejects.toMatchObject({ code: 'source_not_found' })
      }
    }
    const before = descriptors()
    await Promise.all(Array.from({ length: AT_ONCE }, askAll))
    // Each side of a connection is one, since the server lives here, too.
    expect(descriptors() - before).toBeLessThanOrEqual(2 * AT_ONCE + 5)
    expect(await connectionsOf(server)).toBeLessThanOrEqual(AT_ONCE)
    http.close()
    await waitUntil({
      what: 'the connections to be closed',
      check: async () => (await connectionsOf(server)) === 0,
    })
    await waitUntil({
      what: 'their descriptors to be closed',
      check: () => descriptors() <= before + 2,
    })
  })
})
