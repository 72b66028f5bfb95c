import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Logger } from '../../src-main/ports/logger'
import { silentLogger } from '../../src-main/ports/logger'
import { startTestServer, TEST_TOKEN } from '../support/test-server'
import { waitUntil } from '../support/wait-until'

describe('API over HTTP', () => {
  it('answers methods with the reply shape and a fitting status', async () => {
    const { library, call } = await startTestServer()
    library.add()
    const list = await call('recordings.list', {})
    expect(list.status).toBe(200)
    expect(await list.json()).toMatchObject({ ok: true, value: [{ id: 'sample000001' }] })
    for (const [method, input, status, code] of [
      ['recordings.get', { id: 'nobody000001' }, 404, 'recording_not_found'],
      ['recordings.get', { id: '../../etc' }, 400, 'bad_request'],
      ['recordings.start', { url: 'x' }, 400, 'not_a_url'],
      ['exports.get', { jobId: 'none' }, 404, 'export_not_found'],
      ['no.such.method', {}, 404, 'not_found'],
      ['__proto__', {}, 404, 'not_found'],
    ] as const) {
      const answer = await call(method, input)
      expect(answer.status, method).toBe(status)
      expect(await answer.json()).toMatchObject({ ok: false, error: { code } })
    }
  })

  it('answers broken bodies and unknown addresses as problems', async () => {
    const { get } = await startTestServer()
    const post = (body: string) =>
      get('/api/v1/settings.set', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
    for (const [answer, status] of [
      [await post('{broken'), 400],
      [await post(''), 400],
      [await post('{"__proto__":{"theme":"dark"}}'), 400],
      [await post(JSON.stringify({ exportsDir: 'x'.repeat(1_100_000) })), 413],
      [await get('/nothing/here'), 404],
      [await get('/live/%ff'), 400],
    ] as const) {
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect(await answer.json()).toMatchObject({ status, ok: false, code: expect.any(String) })
    }
  })

  it('shows no stack trace when something breaks inside, and logs it', async () => {
    const errors: object[] = []
    const logger: Logger = { ...silentLogger, error: (fields) => void errors.push(fields) }
    const broken = () => {
      throw new TypeError('secret inner detail')
    }
    const { call, get } = await startTestServer({
      logger,
      overrides: { listRecordings: broken, metrics: broken },
    })
    for (const answer of [await call('recordings.list', {}), await get('/metrics')]) {
      expect(answer.status).toBe(500)
      const text = await answer.text()
      expect(text).toContain('Something went wrong inside VSR.')
      expect(text).not.toMatch(/secret inner detail|\.ts:|TypeError/)
    }
    expect(errors).toHaveLength(2)
  })

  it('sends events, and forgets clients that left', async () => {
    const { port, engine } = await startTestServer()
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/events?token=${TEST_TOKEN}`)
    const messages: unknown[] = []
    socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())))
    await waitUntil({ what: 'the subscription', check: () => engine.listeners() === 1, everyMs: 5 })
    engine.emit({ type: 'recording.removed', id: 'sample000001' })
    await waitUntil({ what: 'the event', check: () => messages.length === 1, everyMs: 5 })
    expect(messages).toEqual([{ type: 'recording.removed', id: 'sample000001' }])
    socket.close()
    await waitUntil({ what: 'the end', check: () => engine.listeners() === 0, everyMs: 5 })
  })

  it('drops an event client that reads nothing, and goes on', async () => {
    const { port, engine } = await startTestServer()
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/events?token=${TEST_TOKEN}`)
    socket.on('error', () => {
      // The server cuts the connection: that is what the test waits for.
    })
    await waitUntil({ what: 'the subscription', check: () => engine.listeners() === 1, everyMs: 5 })
    await waitUntil({
      what: 'the upgrade',
      check: () => socket.readyState === WebSocket.OPEN,
      everyMs: 5,
    })
    socket.pause()
    const job = { type: 'recording.removed', id: 'x'.repeat(100_000) } as const
    for (let count = 0; count < 400 && engine.listeners() > 0; count += 1) {
      engine.emit(job)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await waitUntil({ what: 'the cut', check: () => engine.listeners() === 0, everyMs: 5 })
    socket.terminate()
  })

  it('closes with clients still there', async () => {
    const { port, engine, close } = await startTestServer()
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/events?token=${TEST_TOKEN}`)
    const closed = new Promise((resolve) => socket.on('close', resolve))
    await waitUntil({ what: 'the subscription', check: () => engine.listeners() === 1, everyMs: 5 })
    await close()
    await closed
    await waitUntil({ what: 'the end', check: () => engine.listeners() === 0, everyMs: 5 })
  })
})
