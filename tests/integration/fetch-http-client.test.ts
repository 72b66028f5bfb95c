import type { LookupFunction } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createFetchBench, failureOf, requestFor } from './fetch-server'

const bench = createFetchBench()
afterEach(() => bench.end())

/** Every name leads to this machine, as after a DNS rebinding. */
const toLoopback: LookupFunction = (_hostname, options, callback) =>
  options.all === true
    ? callback(null, [{ address: '127.0.0.1', family: 4 }])
    : callback(null, '127.0.0.1', 4)

describe('redirects', () => {
  it('F19 give the final URL, against which relative URIs resolve', async () => {
    const edge = await bench.serve((_request, response) => response.end('#EXTM3U'))
    const entry = await bench.serve((_request, response) =>
      response.writeHead(302, { location: `${edge.url}/edge/live.m3u8?e=1` }).end('moved'),
    )
    const answer = await bench.client().text(requestFor(`${entry.url}/live.m3u8`))
    expect(answer).toMatchObject({ url: `${edge.url}/edge/live.m3u8?e=1`, text: '#EXTM3U' })
  })

  it('F20 S14 a loop ends after five hops and the sentence names the chain', async () => {
    let asked = 0
    const server = await bench.serve((_request, response) => {
      asked += 1
      response.writeHead(302, { location: `/loop${asked}?token=canary` }).end()
    })
    const error = await failureOf(bench.client().text(requestFor(`${server.url}/start`)))
    expect(error).toMatchObject({ code: 'redirect_refused' })
    expect(String(error)).toMatch(/start → .*loop1 → .*loop5/)
    expect(String(error)).not.toContain('canary')
    expect(asked).toBe(6)
  })

  it.each(['file:///etc/passwd', 'data:text/plain,secret', 'ftp://127.0.0.1/'])(
    'S14 to %s are refused',
    async (location) => {
      const server = await bench.serve((_request, response) =>
        response.writeHead(302, { location }).end(),
      )
      const error = await failureOf(bench.client().text(requestFor(server.url)))
      expect(error).toMatchObject({ code: 'redirect_refused' })
    },
  )

  it('S15 headers and userinfo stay with their origin', async () => {
    const seen: Record<string, unknown>[] = []
    const other = await bench.serve((request, response) => {
      seen.push(request.headers)
      response.end()
    })
    const origin = await bench.serve((request, response) => {
      seen.push(request.headers)
      const location = request.url === '/a' ? '/b' : `${other.url}/c`
      response.writeHead(302, { location }).end()
    })
    const headers = { Cookie: 'canary', Authorization: 'canary', 'X-Token': 'canary', Host: 'evil' }
    await bench.client().text(requestFor(`${origin.url}/a`, { headers }))
    expect(seen.map((h) => [h.cookie, h.authorization, h['x-token']])).toEqual([
      ['canary', 'canary', 'canary'],
      ['canary', 'canary', 'canary'],
      [undefined, undefined, undefined],
    ])
    expect(seen[0]?.host).not.toBe('evil')

    seen.length = 0
    await bench.client().text(requestFor(`${origin.url.replace('//', '//u%40x:p@')}/a`))
    const basic = `Basic ${Buffer.from('u@x:p').toString('base64')}`
    expect(seen.map((h) => h.authorization)).toEqual([basic, basic, undefined])
  })
})

describe('S13 addresses', () => {
  it('a public source cannot send VSR to this machine: literally, by name, by redirect', async () => {
    let reached = 0
    const server = await bench.serve((_request, response) => {
      reached += 1
      response.end('secret')
    })
    const { port } = new URL(server.url)
    const http = bench.client({ lookup: toLoopback })
    for (const host of ['127.0.0.1', '127.1', '0x7f.1', '[::ffff:127.0.0.1]', 'rebind.example']) {
      const request = requestFor(`http://${host}:${port}/`, { allowPrivateNetwork: false })
      const error = await failureOf(http.text(request))
      expect(error).toMatchObject({ code: 'address_refused' })
    }
    expect(reached).toBe(0)
  })

  it('a connection made for a typed LAN address is not used for others', async () => {
    const server = await bench.serve((_request, response) => response.end('ok'))
    const url = `http://rebind.example:${new URL(server.url).port}/`
    const http = bench.client({ lookup: toLoopback })
    expect((await http.text(requestFor(url))).text).toBe('ok')
    const request = requestFor(url, { allowPrivateNetwork: false })
    expect(await failureOf(http.text(request))).toMatchObject({ code: 'address_refused' })
  })
})

describe('failures', () => {
  it('a name that does not exist', async () => {
    const lookup: LookupFunction = (_hostname, _options, callback) =>
      callback(Object.assign(new Error('x'), { code: 'ENOTFOUND' }), [])
    const error = await failureOf(
      bench.client({ lookup }).text(requestFor('https://nowhere.example/a.m3u8')),
    )
    expect(error).toMatchObject({
      code: 'dns_failure',
      message: 'The address nowhere.example could not be found.',
    })
  })

  it('a port on which nothing listens', async () => {
    const server = await bench.serve((_request, response) => response.end())
    await bench.end()
    const error = await failureOf(bench.client().text(requestFor(server.url)))
    expect(error).toMatchObject({ code: 'connection_failed' })
  })

  it('a server that speaks something else', async () => {
    const url = await bench.serveRaw((socket) => socket.end('SSH-2.0-OpenSSH\r\n'))
    const error = await failureOf(bench.client().text(requestFor(url)))
    expect(error).toMatchObject({ code: 'connection_failed' })
  })

  it.each(['ftp://h.example/a', 'file:///etc/passwd', 'nonsense'])(
    '%s is no web address',
    async (url) => {
      const error = await failureOf(bench.client().text(requestFor(url)))
      expect(error).toMatchObject({ code: 'not_a_url' })
    },
  )

  it('F25 F51 refusals keep status and Retry-After, and the connection lives on', async () => {
    const server = await bench.serve((_request, response) =>
      response.writeHead(429, { 'retry-after': '30' }).end('slow down'),
    )
    const http = bench.client()
    for (let round = 0; round < 20; round += 1) {
      expect(await failureOf(http.text(requestFor(server.url)))).toMatchObject({
        code: 'source_http_error',
        status: 429,
        retryAfterSec: 30,
      })
    }
    expect(server.connections()).toBe(1)
  })
})
