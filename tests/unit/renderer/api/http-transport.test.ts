import { describe, expect, it } from 'vitest'
import type { VsrEvent } from '../../../../src-preload/contract/events'
import {
  type ConnectionStatus,
  createHttpTransport,
  type EventSocket,
  exportDownloadUrl,
} from '../../../../src-renderer/api/http-transport'
import { takePageToken } from '../../../../src-renderer/api/page-token'
import { reconnectDelayMs } from '../../../../src-renderer/api/reconnect-delay'
import { settle } from '../fake-transport'

function setUp(answer: () => Response | Error, token = 'secret') {
  const requests: { url: string; init: RequestInit | undefined }[] = []
  const sockets: (EventSocket & { url: string; closed: boolean })[] = []
  const timers: { callback: () => void; ms: number }[] = []
  const statuses: ConnectionStatus[] = []
  const problems: Error[] = []
  const transport = createHttpTransport({
    baseUrl: new URL('http://127.0.0.1:8787/base/'),
    token: token === '' ? undefined : token,
    fetch: (url, init) => {
      requests.push({ url: url.href, init })
      const result = answer()
      return result instanceof Error ? Promise.reject(result) : Promise.resolve(result)
    },
    openSocket: (url) => {
      const socket = {
        url,
        closed: false,
        onopen: null,
        onmessage: null,
        onclose: null,
        close() {
          socket.closed = true
        },
      }
      sockets.push(socket)
      return socket
    },
    schedule: (callback, ms) => {
      const timer = { callback, ms }
      timers.push(timer)
      return () => timers.splice(timers.indexOf(timer), 1)
    },
    onStatus: (status) => statuses.push(status),
    report: (problem) => problems.push(problem),
  })
  return { transport, requests, sockets, timers, statuses, problems }
}

const removed: VsrEvent = { type: 'recording.removed', id: 'rec00001' }

describe('calls over HTTP', () => {
  it('posts JSON with the token in a header, never in the address', async () => {
    const { transport, requests } = setUp(() => Response.json({ ok: true, value: [] }))
    const reply = await transport.invoke('recordings.list', {})
    expect(reply).toEqual({ ok: true, value: [] })
    expect(requests[0]?.url).toBe('http://127.0.0.1:8787/base/api/v1/recordings.list')
    expect(requests[0]?.init).toMatchObject({
      method: 'POST',
      body: '{}',
      headers: { authorization: 'Bearer secret' },
    })
  })

  it('hands failures on with their sentence and hint', async () => {
    const error = { code: 'not_a_url', message: 'No address.', hint: 'Paste one.' }
    const { transport } = setUp(() => Response.json({ ok: false, error }, { status: 400 }))
    expect(await transport.invoke('sources.probe', { url: 'x' })).toEqual({ ok: false, error })
  })

  it('turns a refusal by the guard into its sentence', async () => {
    const problem = {
      type: 'about:blank',
      title: 'x',
      status: 403,
      code: 'forbidden_host',
      detail: 'Wrong host.',
    }
    const { transport } = setUp(() => Response.json(problem, { status: 403 }))
    expect(await transport.invoke('settings.get', {})).toMatchObject({
      ok: false,
      error: { code: 'forbidden_host', message: 'Wrong host.' },
    })
  })

  it('says so when the server is away, or answers something else', async () => {
    const away = setUp(() => new TypeError('Failed to fetch'))
    expect(await away.transport.invoke('settings.get', {})).toMatchObject({
      ok: false,
      error: { code: 'connection_failed' },
    })
    for (const body of ['<html>', '{"ok":true,"value":{"theme":7}}', '']) {
      const { transport } = setUp(() => new Response(body))
      expect(await transport.invoke('settings.get', {})).toMatchObject({
        ok: false,
        error: { code: 'internal' },
      })
    }
  })

  it('S03 tells a token that is no longer good from none at all', async () => {
    const refusal = () => Response.json({}, { status: 401 })
    const old = setUp(refusal)
    await old.transport.invoke('settings.get', {})
    expect(old.statuses).toEqual(['token-refused'])
    const none = setUp(refusal, '')
    await none.transport.invoke('settings.get', {})
    expect(none.statuses).toEqual(['no-token'])
  })

  it('tries nothing any more once refused', async () => {
    const { transport, requests, sockets, timers, statuses } = setUp(() =>
      Response.json({}, { status: 401 }),
    )
    transport.subscribe(() => undefined)
    sockets[0]?.onclose?.()
    await settle()
    expect(timers).toEqual([])
    expect(statuses).toEqual(['lost', 'token-refused'])
    expect(await transport.invoke('recordings.list', {})).toMatchObject({
      ok: false,
      error: { code: 'unauthorized' },
    })
    expect(requests).toHaveLength(1)
    expect(sockets).toHaveLength(1)
  })
})

describe('events over a WebSocket', () => {
  it('hands events on, and reports what is none', () => {
    const { transport, sockets, problems } = setUp(() => Response.json({}))
    const seen: VsrEvent[] = []
    transport.subscribe((event) => seen.push(event))
    expect(sockets[0]?.url).toBe('ws://127.0.0.1:8787/base/api/v1/events?token=secret')
    sockets[0]?.onmessage?.({ data: JSON.stringify(removed) })
    sockets[0]?.onmessage?.({ data: '{"type":"nonsense"}' })
    sockets[0]?.onmessage?.({ data: 'no json' })
    expect(seen).toEqual([removed])
    expect(problems).toHaveLength(2)
  })

  it('connects again with growing waits, and says when events flow again', async () => {
    const { transport, sockets, timers, statuses } = setUp(() => new TypeError('away'))
    let reconnects = 0
    transport.subscribe(
      () => undefined,
      () => {
        reconnects += 1
      },
    )
    sockets[0]?.onopen?.()
    expect(reconnects).toBe(0)
    sockets[0]?.onclose?.()
    timers.shift()?.callback()
    sockets[1]?.onclose?.()
    expect(timers[0]?.ms).toBeGreaterThan(reconnectDelayMs(0))
    timers.shift()?.callback()
    sockets[2]?.onopen?.()
    await settle()
    expect(reconnects).toBe(1)
    expect(statuses).toEqual(['open', 'lost', 'lost', 'open'])
  })

  it('stays away once unsubscribed', () => {
    const { transport, sockets, timers } = setUp(() => Response.json({}))
    const end = transport.subscribe(() => undefined)
    end()
    sockets[0]?.onclose?.()
    expect(sockets[0]?.closed).toBe(true)
    expect(timers).toEqual([])
  })
})

describe('page token', () => {
  const setUpPage = (href: string, stored?: string) => {
    const kept = new Map(stored === undefined ? [] : [['vsr-token', stored]])
    const addresses: string[] = []
    const token = takePageToken({
      href,
      storage: {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => kept.set(key, value),
      },
      replaceAddress: (address) => addresses.push(address),
    })
    return { token, kept, addresses }
  }

  it('S03 takes the token from the address, keeps it for reloads, and strips it', () => {
    const { token, kept, addresses } = setUpPage('http://127.0.0.1:1/?a=1&token=abc#x')
    expect(token).toBe('abc')
    expect([...kept.values()]).toEqual(['abc'])
    expect(addresses).toEqual(['http://127.0.0.1:1/?a=1#x'])
  })

  it('remembers it after a reload, and has none where there was none', () => {
    expect(setUpPage('http://127.0.0.1:1/', 'abc').token).toBe('abc')
    expect(setUpPage('http://127.0.0.1:1/').token).toBeUndefined()
  })

  it('builds the download address of an export', () => {
    const baseUrl = new URL('http://127.0.0.1:1/')
    expect(exportDownloadUrl({ baseUrl, token: 'a b', jobId: '../x' })).toBe(
      'http://127.0.0.1:1/exports/..%2Fx/file?token=a+b',
    )
  })
})
