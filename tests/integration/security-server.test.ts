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

describe('S05 segment names', () => {
  it('S05 finds nothing but stored segments', async () => {
    const { port, library } = await startTestServer()
    library.add().sampleTrack().segment({}, new Uint8Array(10))
    library.add({ id: 'another00001' }).sampleTrack().segment({}, new Uint8Array(10))
    const own = `Host: 127.0.0.1:${port}`
    const statusOf = async (path: string) =>
      (await sendRaw(port, raw(encodeURI(path).replaceAll('%25', '%'), own, auth))).status
    expect(await statusOf('/live/sample000001-v0-0.ts')).toBe(200)
    for (const name of [
      '../../etc/passwd',
      '..%2f..%2fetc%2fpasswd',
      '%2e%2e%2fetc%2fpasswd',
      '..%5c..%5cwindows%5cwin.ini',
      '....//....//etc/passwd',
      '%252e%252e%252fetc%252fpasswd',
      '%c0%ae%c0%ae%c0%afetc',
      '/etc/passwd',
      '%2fetc%2fpasswd',
      '%5c%5cserver%5cshare%5cfile.ts',
      'C:%5cfile.ts',
      'sample000001-v0-0.ts%00',
      'sample000001-v0-0.ts%00.jpg',
      'sample000001-v0-0.ts%2f..',
      'sample000001-v0-00.ts',
      'sample000001-v0--1.ts',
      'sample000001-v0-0.m4s',
      'sample000001-v0-0.key',
      'sample000001-v0-1.ts',
      'sample000001-v1-0.ts',
      'SAMPLE000001-v0-0.ts',
      'sample000001-__proto__-0.ts',
      'sample000001-v0-99999999999999999999.ts',
      'sample000001-v0-0.ts:stream',
      'a'.repeat(5000),
    ]) {
      expect([400, 404], name).toContain(await statusOf(`/live/${name}`))
    }
    expect(await statusOf('/recordings/another00001/live/sample000001-v0-0.ts')).toBe(404)
    expect(await statusOf('/recordings/..%2f../live/stream.m3u8')).toBe(404)
    expect(await statusOf('/recordings/__proto__/live/stream.m3u8')).toBe(404)
  })
})

describe('S07 Range', () => {
  it('S07 serves one range, everything for several, 416 for none inside', async () => {
    const { get, library } = await startTestServer()
    const body = Uint8Array.from({ length: 1000 }, (_, at) => at % 256)
    library.add().sampleTrack().segment({}, body)
    const path = '/live/sample000001-v0-0.ts'
    const ask = async (range: string) => {
      const answer = await get(path, { headers: { range } })
      return { answer, bytes: new Uint8Array(await answer.arrayBuffer()) }
    }
    for (const [range, first, last] of [
      ['bytes=0-0', 0, 0],
      ['bytes=10-19', 10, 19],
      ['bytes=990-', 990, 999],
      ['bytes=990-5000', 990, 999],
      ['bytes=-10', 990, 999],
      ['bytes=-5000', 0, 999],
    ] as const) {
      const { answer, bytes } = await ask(range)
      expect(answer.status, range).toBe(206)
      expect(answer.headers.get('content-range')).toBe(`bytes ${first}-${last}/1000`)
      expect(bytes).toEqual(body.slice(first, last + 1))
    }
    for (const range of ['bytes=1000-', 'bytes=5000-6000', 'bytes=-0']) {
      const { answer } = await ask(range)
      expect(answer.status, range).toBe(416)
      expect(answer.headers.get('content-range')).toBe('bytes */1000')
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    }
    const many = `bytes=${Array.from({ length: 1000 }, (_, at) => `${at}-${at}`).join(',')}`
    for (const range of [many, 'bytes=0-1,5-6', 'bytes=5-1', 'bytes=-', 'lines=1-2', 'bytes=a-b']) {
      const { answer, bytes } = await ask(range)
      expect(answer.status, range).toBe(200)
      expect(bytes).toEqual(body)
    }
  })

  it('S07 answers 10 000 ranges in one header without harm', async () => {
    const { port, library } = await startTestServer()
    library.add().sampleTrack().segment({}, new Uint8Array(1000))
    const many = Array.from({ length: 10_000 }, () => '0-0').join(',')
    const text = raw(
      '/live/sample000001-v0-0.ts',
      `Host: 127.0.0.1:${port}`,
      auth,
      `Range: bytes=${many}`,
    )
    expect([200, 416, 431]).toContain((await sendRaw(port, text)).status)
  })
})

describe('S08 time span', () => {
  it('S08 refuses numbers that are no times', async () => {
    const { get, library } = await startTestServer()
    library.add().sampleTrack().segment()
    for (const [timestamp, duration] of [
      ['NaN', '60'],
      ['1e308', '60'],
      ['-1', '60'],
      ['1e12', '60'],
      ['Infinity', '60'],
      ['0x10', '60'],
      ['1790000000.5', '60'],
      ['20261332000000', '60'],
      ['20260230000000', '60'],
      ['99999999999999999999', '60'],
      ['1790000000', 'NaN'],
      ['1790000000', '1e308'],
      ['1790000000', '-1'],
      ['1790000000', '1e12'],
      ['1790000000', '1000000000000'],
      ['1790000000', '0'],
      ['1790000000', '32d'],
      ['1790000000', '1y'],
      ['1790000000', 'forever'],
      ['1790000000', '9'.repeat(60)],
    ]) {
      const answer = await get(`/start/${timestamp}/${duration}/vod.m3u8`)
      expect(answer.status, `${timestamp}/${duration}`).toBe(400)
      expect(await answer.json()).toMatchObject({ code: 'bad_time', status: 400 })
    }
  })
})

describe('S10 playlist injection', () => {
  it('S10 emits only ids, enumerated words, numbers and names without anything that could be a line or an attribute', async () => {
    const { get, library } = await startTestServer()
    const nasty = 'x"\r\n#EXT-X-KEY:METHOD=NONE\r\nhttp://evil.example/a.ts,\u2028\0'
    const recording = library.add({ title: nasty, sourceUrl: nasty })
    recording
      .sampleTrack({ codecs: nasty, name: nasty, language: nasty })
      .segment({}, new Uint8Array(1))
    recording
      .sampleTrack({ id: 'a0', kind: 'audio', codecs: nasty, name: nasty, language: nasty })
      .segment()
    for (const path of [
      '/live/stream.m3u8',
      '/live/stream.m3u8?dvr=1',
      '/live/stream.m3u8?track=v0',
      '/start/1790000000/60/vod.m3u8?track=a0',
    ]) {
      const text = await (await get(path)).text()
      expect(text).toMatch(/^#EXTM3U\n/)
      expect(text).not.toMatch(/\r|\0|\u2028/)
      for (const line of text.split('\n')) {
        expect(line).toMatch(
          /^(#EXT|$|stream\.m3u8\?track=[va]0(&dvr=1)?$|(\.\.\/\.\.\/\.\.\/live\/)?sample\d+-[va]0-\d+\.ts$)/,
        )
        expect(line).not.toMatch(/^#EXT-X-KEY|https?:|METHOD=/)
      }
    }
  })

  it('S10 carries a token on only where it can do no harm', async () => {
    const { origin, library } = await startTestServer({ token: undefined })
    library.add().sampleTrack().segment()
    const nasty = encodeURIComponent('a"\n#EXT-X-KEY:METHOD=NONE')
    const text = await (await fetch(`${origin}/live/stream.m3u8?token=${nasty}`)).text()
    expect(text).not.toContain('EXT-X-KEY')
    expect(text).toMatch(/\nsample000001-v0-0\.ts\n/)
  })
})
