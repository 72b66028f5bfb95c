import { networkInterfaces } from 'node:os'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createHttpHost } from '../../src-main/api/http-host'
import { silentLogger } from '../../src-main/ports/logger'
import { sendRaw, startTestServer, TEST_TOKEN } from '../support/test-server'

const auth = `Authorization: Bearer ${TEST_TOKEN}`
const raw = (path: string, ...lines: string[]) =>
  `GET ${path} HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join('')}Connection: close\r\n\r\n`

/** Every address of the server that gives data. */
const dataRoutes = [
  '/live/stream.m3u8',
  '/start/1790000000/60/vod.m3u8',
  '/live/sample000001-v0-0.ts',
  '/recordings/sample000001/live/stream.m3u8',
  '/recordings/sample000001/start/1790000000/60/vod.m3u8',
  '/recordings/sample000001/live/sample000001-v0-0.ts',
  '/metrics',
  '/exports/job1/file',
  '/no/such/address',
]

describe('S01 Host header', () => {
  it('S01 answers only to its own names, with the exact port', async () => {
    const { port } = await startTestServer()
    for (const name of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `LOCALHOST:${port}`,
      `[::1]:${port}`,
    ]) {
      const answer = await sendRaw(port, raw('/health', `Host: ${name}`))
      expect(answer.status, name).toBe(200)
    }
    for (const name of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `127.0.0.1.evil.example:${port}`,
      `127.0.0.1:${port}@evil.example`,
      `0.0.0.0:${port}`,
      '',
    ]) {
      const answer = await sendRaw(port, raw('/health', `Host: ${name}`))
      expect(answer.status, name).toBe(403)
      expect(answer.text).toContain('forbidden_host')
    }
  })

  it('S01 refuses an absent and a doubled Host', async () => {
    const { port } = await startTestServer()
    expect((await sendRaw(port, raw('/health'))).status).toBe(403)
    expect((await sendRaw(port, 'GET /health HTTP/1.0\r\n\r\n')).status).toBe(403)
    const own = `Host: 127.0.0.1:${port}`
    const doubled = [raw('/health', own, own), raw('/health', own, 'host: evil.example')]
    for (const text of doubled) expect([400, 403]).toContain((await sendRaw(port, text)).status)
  })

  it('S01 holds for unknown addresses and for WebSocket upgrades too', async () => {
    const { port } = await startTestServer()
    expect((await sendRaw(port, raw('/nope', 'Host: evil.example', auth))).status).toBe(403)
    const upgrade = raw(
      `/api/v1/events?token=${TEST_TOKEN}`,
      'Host: evil.example',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ).replace('Connection: close', 'Connection: Upgrade')
    expect((await sendRaw(port, upgrade)).status).toBe(403)
  })
})

describe('S02 other web sites', () => {
  it('S02 refuses foreign origins, also with the right token', async () => {
    const { get, origin } = await startTestServer()
    for (const foreign of [
      'https://evil.example',
      'null',
      'http://localhost:1',
      `${origin}.evil.example`,
    ]) {
      const answer = await get('/metrics', { headers: { origin: foreign } })
      expect(answer.status, foreign).toBe(403)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect(await answer.json()).toMatchObject({ code: 'forbidden_origin' })
    }
  })

  it('S02 refuses what a browser marks as another site, such as an image or a form', async () => {
    const { port } = await startTestServer()
    const host = `Host: 127.0.0.1:${port}`
    for (const site of ['cross-site', 'same-site', 'nonsense']) {
      const answer = await sendRaw(port, raw('/metrics', host, auth, `Sec-Fetch-Site: ${site}`))
      expect(answer.status, site).toBe(403)
    }
    for (const site of ['same-origin', 'none']) {
      const answer = await sendRaw(port, raw('/metrics', host, auth, `Sec-Fetch-Site: ${site}`))
      expect(answer.status, site).toBe(200)
    }
  })

  it('S02 refuses a form POST by its content type and changes nothing', async () => {
    const { origin, get } = await startTestServer()
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await get('/api/v1/settings.set', {
        method: 'POST',
        headers: { 'content-type': type, origin },
        body: '{"theme":"dark"}',
      })
      expect(answer.status, type).toBe(400)
    }
    const settings = await get('/api/v1/settings.get', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(await settings.json()).toMatchObject({ value: { theme: 'system' } })
  })

  it('S02 offers no state change over GET', async () => {
    const { get } = await startTestServer()
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await get('/api/v1/settings.set?theme=dark', { method })
      expect(answer.status, method).toBe(404)
    }
  })

  it('S02 lets only the allowed origin in, with exact CORS headers and its preflight', async () => {
    const { get, origin } = await startTestServer({ allowedOrigins: ['app://vsr'] })
    const answer = await get('/metrics', {
      headers: { origin: 'app://vsr', 'sec-fetch-site': 'cross-site' },
    })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe('app://vsr')
    const preflight = (from: string) =>
      fetch(`${origin}/live/stream.m3u8`, {
        method: 'OPTIONS',
        headers: { origin: from, 'access-control-request-method': 'GET' },
      })
    expect((await preflight('app://vsr')).status).toBe(204)
    const foreign = await preflight('https://evil.example')
    expect(foreign.status).toBe(403)
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
    // The window has to be able to read why it was refused.
    const refused = await fetch(`${origin}/metrics`, { headers: { origin: 'app://vsr' } })
    expect(refused.status).toBe(401)
    expect(refused.headers.get('access-control-allow-origin')).toBe('app://vsr')
  })
})

describe('S03 token', () => {
  it('S03 asks for it on every route but /health', async () => {
    const { origin, get, library } = await startTestServer()
    library.add().sampleTrack().segment({}, new Uint8Array(10))
    for (const path of dataRoutes) {
      for (const bad of [
        () => fetch(origin + path),
        () => fetch(`${origin}${path}?token=`),
        () => fetch(`${origin}${path}?token=${TEST_TOKEN}0`),
        () => fetch(`${origin}${path}?token=${TEST_TOKEN}&token=${TEST_TOKEN}`),
        () => fetch(origin + path, { headers: { authorization: `Basic ${TEST_TOKEN}` } }),
      ]) {
        const answer = await bad()
        expect(answer.status, path).toBe(401)
        expect(answer.headers.get('content-type')).toBe('application/problem+json')
        expect(await answer.json()).toMatchObject({ status: 401, code: 'unauthorized' })
      }
      expect((await get(path)).status, path).not.toBe(401)
      expect((await fetch(`${origin}${path}?token=${TEST_TOKEN}`)).status, path).not.toBe(401)
    }
    const post = await fetch(`${origin}/api/v1/recordings.list`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(post.status).toBe(401)
    expect(await post.json()).toMatchObject({ ok: false, error: { code: 'unauthorized' } })
  })

  it('S03 tells /health without a token, but no details', async () => {
    const { origin, get } = await startTestServer()
    expect(await (await fetch(`${origin}/health`)).json()).toEqual({ status: 'ok', reasons: [] })
    expect(await (await get('/health')).json()).toHaveProperty('details')
  })

  it('S03 refuses the event stream without it', async () => {
    const { port, origin } = await startTestServer()
    const statusOf = (query: string, headers: Record<string, string> = {}) =>
      new Promise<number>((resolve, reject) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/events${query}`, { headers })
        socket.on('unexpected-response', (_request, response) => {
          resolve(response.statusCode ?? 0)
          socket.terminate()
        })
        socket.on('open', () => {
          resolve(101)
          socket.terminate()
        })
        socket.on('error', (error) => {
          if (!/closed before/.test(error.message)) reject(error)
        })
      })
    expect(await statusOf('')).toBe(401)
    expect(await statusOf('?token=wrong')).toBe(401)
    expect(await statusOf(`?token=${TEST_TOKEN}`)).toBe(101)
    expect(await statusOf(`?token=${TEST_TOKEN}`, { origin })).toBe(101)
    expect(await statusOf(`?token=${TEST_TOKEN}`, { origin: 'https://evil.example' })).toBe(403)
  })
})

describe('S04 listening', () => {
  it('S04 refuses to be reachable from other machines without a token', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'myserver']) {
      const options = { host, port: 0, token: undefined, logger: silentLogger }
      // Never gets as far as using them.
      const unused = {} as Parameters<typeof createHttpHost>[0]
      expect(() => createHttpHost({ ...unused, ...options })).toThrow(/needs a token/)
    }
  })

  it('S04 listens on 127.0.0.1 only', async () => {
    const { port } = await startTestServer({ host: 'localhost' })
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => address)
    for (const host of ['127.0.0.2', ...others]) {
      const refused = await new Promise<boolean>((resolve) => {
        const socket = connect(port, host, () => {
          socket.destroy()
          resolve(false)
        })
        socket.on('error', () => resolve(true))
      })
      expect(refused, host).toBe(true)
    }
  })
})
