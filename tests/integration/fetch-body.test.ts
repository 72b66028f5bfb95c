import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { collectBody } from '../../src-main/fetch/collect-body'
import { waitUntil } from '../support/wait-until'
import { createFetchBench, failureOf, MB, requestFor } from './fetch-server'

const bench = createFetchBench()
afterEach(() => bench.end())

describe('a body', () => {
  it('arrives as it was sent, in chunks, over one connection', async () => {
    const body = Buffer.alloc(3 * MB, 'media segment ')
    const server = await bench.serve((_request, response) => response.end(body))
    const http = bench.client()
    for (let round = 0; round < 3; round += 1) {
      const parts: Uint8Array[] = []
      await http.stream(requestFor(server.url), {
        write(chunk) {
          parts.push(new Uint8Array(chunk))
          return undefined
        },
        end: () => undefined,
      })
      expect(parts.length).toBeGreaterThan(1)
      expect(Buffer.concat(parts).equals(body)).toBe(true)
    }
    expect(server.connections()).toBe(1)
  })

  it.each([0, 1, 50, 99])('F12 cut at %i % of its Content-Length is truncated', async (percent) => {
    const url = await bench.serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n')
      socket.end(Buffer.alloc(percent * 1000))
    })
    const error = await failureOf(bench.client().bytes(requestFor(`${url}/a.ts?token=canary`)))
    expect(error).toMatchObject({ code: 'truncated' })
    expect(String(error)).not.toContain('canary')
  })

  it('F13 chunked without its end is truncated', async () => {
    for (const part of ['4\r\nabcd\r\n', '4\r\nab', '4\r\nabcd\r\n0\r\n']) {
      const url = await bench.serveRaw((socket) => {
        socket.end(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${part}`)
      })
      const error = await failureOf(bench.client().bytes(requestFor(url)))
      expect(error).toMatchObject({ code: 'truncated' })
    }
  })

  it('F13 a connection that is reset in the middle is truncated', async () => {
    const url = await bench.serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nabc', () =>
        socket.resetAndDestroy(),
      )
    })
    const code = await failureOf(bench.client().bytes(requestFor(url)))
    expect(code).toMatchObject({ code: expect.stringMatching(/truncated|connection_failed/) })
  })

  it('never ends a sink whose body was cut', async () => {
    const url = await bench.serveRaw((socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc')
    })
    let isEnded = false
    const receiving = bench.client().stream(requestFor(url), {
      write: () => undefined,
      end: () => {
        isEnded = true
      },
    })
    expect(await failureOf(receiving)).toMatchObject({ code: 'truncated' })
    expect(isEnded).toBe(false)
  })

  it.each([
    [
      'at once',
      () => {
        throw new Error('disk full')
      },
    ],
    ['later', () => Promise.reject(new Error('disk full'))],
  ])("lets the sink's own failure through: %s", async (_when, write) => {
    const server = await bench.serve((_request, response) => response.end(Buffer.alloc(MB)))
    const storing = bench.client().stream(requestFor(server.url), { write, end: () => undefined })
    expect(await failureOf(storing)).toMatchObject({ message: 'disk full' })
  })

  it('waits for a sink that is busy', async () => {
    const server = await bench.serve((_request, response) => response.end(Buffer.alloc(MB)))
    let busy = 0
    let bytes = 0
    await bench.client().stream(requestFor(server.url), {
      async write(chunk) {
        busy += 1
        expect(busy).toBe(1)
        await new Promise((resolve) => setImmediate(resolve))
        busy -= 1
        bytes += chunk.byteLength
      },
      end: () => expect(busy).toBe(0),
    })
    expect(bytes).toBe(MB)
  })

  it.each(['gzip', 'deflate', 'br'] as const)(
    'takes %s off media that was to come as it is',
    async (encoding) => {
      const body = Buffer.alloc(200_000, 'WEBVTT')
      const packed = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }[encoding](
        body,
      )
      const server = await bench.serve((_request, response) => {
        response.setHeader('content-encoding', encoding)
        response.end(packed)
      })
      const { body: received } = await bench.client().bytes(requestFor(server.url))
      expect(Buffer.from(received).equals(body)).toBe(true)
      const cut = await bench.serve((_request, response) => {
        response.setHeader('content-encoding', encoding)
        response.end(packed.subarray(0, packed.length - 9))
      })
      expect(await failureOf(bench.client().bytes(requestFor(cut.url)))).toMatchObject({
        code: 'truncated',
      })
    },
  )
})

describe('byte ranges', () => {
  const whole = Buffer.from('0123456789abcdef')
  const byteRange = { offset: 4, length: 5 }
  const textOf = async (url: string) =>
    Buffer.from((await bench.client().bytes(requestFor(url, { byteRange }))).body).toString()

  it('are asked for exactly', async () => {
    const server = await bench.serve((request, response) => {
      expect(request.headers.range).toBe('bytes=4-8')
      response.writeHead(206, { 'content-range': 'bytes 4-8/16' }).end(whole.subarray(4, 9))
    })
    expect(await textOf(server.url)).toBe('45678')
  })

  it('are cut out where the server ignores them', async () => {
    const server = await bench.serve((_request, response) => response.end(whole))
    expect(await textOf(server.url)).toBe('45678')
  })

  it('F12 are truncated where the resource ends inside them', async () => {
    for (const status of [200, 206]) {
      const server = await bench.serve((_request, response) =>
        response
          .writeHead(status, status === 206 ? { 'content-range': 'bytes 4-6/7' } : {})
          .end(status === 206 ? '456' : '0123456'),
      )
      expect(await failureOf(textOf(server.url))).toMatchObject({ code: 'truncated' })
    }
  })

  it('are refused where the server sends another one', async () => {
    const server = await bench.serve((_request, response) =>
      response.writeHead(206, { 'content-range': 'bytes 0-4/16' }).end('01234'),
    )
    expect(await failureOf(textOf(server.url))).toMatchObject({ code: 'source_http_error' })
  })
})

describe('cancelling', () => {
  it('ends a request at once, before the answer and inside the body', async () => {
    const url = await bench.serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\na')
    })
    const http = bench.client()
    const early = AbortSignal.abort(new Error('stop'))
    expect(await failureOf(http.bytes(requestFor(url, { signal: early })))).toMatchObject({
      code: 'cancelled',
    })
    const controller = new AbortController()
    const reading = http.stream(requestFor(url, { signal: controller.signal }), {
      write() {
        controller.abort(new Error('stop'))
        return undefined
      },
      end: () => undefined,
    })
    expect(await failureOf(reading)).toMatchObject({ code: 'cancelled' })
  })
})

describe('connections for media', () => {
  it('are asked again where the server has closed one that was about to be used', async () => {
    let requests = 0
    const url = await bench.serveRaw((socket) => {
      requests += 1
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
      // As a server does whose patience with an idle connection ends just then.
      socket.once('data', () => {
        requests += 1
        socket.destroy()
      })
    })
    const http = bench.client()
    for (let round = 0; round < 3; round += 1) {
      expect((await http.stream(requestFor(url), collectBody())).toString()).toBe('ok')
    }
    expect(requests).toBe(5)
  })

  it('are few for many requests to one server at once', async () => {
    const waiting: (() => void)[] = []
    const server = await bench.serve((_request, response) => {
      waiting.push(() => response.end('ok'))
    })
    const http = bench.client()
    const all = Promise.all(
      Array.from({ length: 40 }, () => http.stream(requestFor(server.url), collectBody())),
    )
    let done = false
    void all.then(() => {
      done = true
    })
    await waitUntil({
      what: 'all of them to be answered',
      check: () => {
        for (const answer of waiting.splice(0)) answer()
        return done
      },
    })
    expect(server.connections()).toBe(16)
  })
})
