import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createFetchBench, failureOf, hasty, MB, requestFor } from './fetch-server'

const bench = createFetchBench()
afterEach(() => bench.end())

describe('F11 deadlines', () => {
  it('no answer', async () => {
    const url = await bench.serveRaw(() => {})
    const error = await failureOf(bench.client({ policy: hasty }).bytes(requestFor(url)))
    expect(error).toMatchObject({
      code: 'source_timeout',
      message: expect.stringContaining('did not answer') as string,
    })
  })

  it('a request that the server holds back on purpose waits longer, and not for ever', async () => {
    const server = await bench.serve((request, response) => {
      if (request.url === '/late') setTimeout(() => response.end('here'), 400)
    })
    const client = bench.client({ policy: hasty })
    const late = requestFor(`${server.url}/late`)
    expect(await failureOf(client.text(late))).toMatchObject({ code: 'source_timeout' })
    expect(await client.text({ ...late, holdMs: 5000 })).toMatchObject({ text: 'here' })
    const never = requestFor(`${server.url}/never`, { holdMs: 100 })
    expect(await failureOf(client.text(never))).toMatchObject({ code: 'source_timeout' })
  })

  it('an answer, one byte, silence', async () => {
    const url = await bench.serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\na')
    })
    const error = await failureOf(bench.client({ policy: hasty }).bytes(requestFor(url)))
    expect(error).toMatchObject({
      code: 'source_timeout',
      message: expect.stringContaining('stopped sending') as string,
    })
  })

  it('S24 a body that trickles for ever', async () => {
    const timers = new Set<NodeJS.Timeout>()
    const url = await bench.serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const timer = setInterval(() => socket.write('a'), 50)
      timers.add(timer)
      socket.on('close', () => clearInterval(timer))
    })
    const error = await failureOf(bench.client({ policy: hasty }).bytes(requestFor(url)))
    for (const timer of timers) clearInterval(timer)
    expect(error).toMatchObject({
      code: 'source_timeout',
      message: expect.stringContaining('too slow') as string,
    })
  })

  it('do not count the time a slow disk takes', async () => {
    const server = await bench.serve((_request, response) => response.end(Buffer.alloc(MB / 2)))
    let bytes = 0
    await bench
      .client({ policy: { ...hasty, segment: { ...hasty.segment, totalMs: 10_000 } } })
      .stream(requestFor(server.url), {
        async write(chunk) {
          if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 400))
          bytes += chunk.byteLength
        },
        end: () => undefined,
      })
    expect(bytes).toBe(MB / 2)
  })
})

describe('caps', () => {
  it('S24 an endless body ends at the cap', async () => {
    const server = await bench.serve((_request, response) => {
      const feed = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      }
      response.on('drain', feed)
      feed()
    })
    const policy = { ...hasty, segment: { ...hasty.segment, totalMs: 30_000 } }
    const error = await failureOf(bench.client({ policy }).bytes(requestFor(server.url)))
    expect(error).toMatchObject({ code: 'too_large' })
  })

  it('S25 a compressed playlist is decoded, a bomb ends at the cap of decoded bytes', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MB))
    const server = await bench.serve((request, response) => {
      response.setHeader('content-encoding', 'gzip')
      response.end(request.url === '/bomb' ? bomb : gzipSync('#EXTM3U ü'))
    })
    const http = bench.client()
    const good = await http.text(requestFor(`${server.url}/good`, { kind: 'playlist' }))
    expect(good.text).toBe('#EXTM3U ü')
    const request = requestFor(`${server.url}/bomb`, { kind: 'playlist' })
    expect(await failureOf(http.text(request))).toMatchObject({ code: 'too_large' })
  })

  it('S25 media is asked for uncompressed', async () => {
    const server = await bench.serve((request, response) =>
      response.end(request.headers['accept-encoding']),
    )
    const http = bench.client()
    const asked = async (kind: 'segment' | 'init' | 'key' | 'playlist') =>
      (await http.text(requestFor(server.url, { kind }))).text
    expect(await asked('segment')).toBe('identity')
    expect(await asked('init')).toBe('identity')
    expect(await asked('key')).toBe('identity')
    expect(await asked('playlist')).toContain('gzip')
  })
})
