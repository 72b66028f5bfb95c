import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Answering, Asker } from '../../../src-main/fetch/ask'
import { bodyOfStream } from '../../../src-main/fetch/body'
import { collectBody } from '../../../src-main/fetch/collect-body'
import type { HttpRequest } from '../../../src-main/fetch/http'
import { loadPolicy } from '../../../src-main/fetch/load-policy'
import { transfer } from '../../../src-main/fetch/transfer'

const policy = { ...loadPolicy.segment, firstByteMs: 1000, idleMs: 2000, totalMs: 5000 }

/** A transfer whose servers the test plays. */
function setUp(more: Partial<HttpRequest> = {}) {
  const hops: { url: string; answering: Answering; headers: Readonly<Record<string, string>> }[] =
    []
  const letGo: string[] = []
  const asker: Asker = {
    ask(hop, { headers }, answering) {
      hops.push({ url: hop.href, answering, headers })
      return () => letGo.push(hop.href)
    },
    close() {},
  }
  const aborting = new AbortController()
  const request: HttpRequest = {
    url: 'http://a.example/1.ts',
    kind: 'segment',
    allowPrivateNetwork: true,
    signal: aborting.signal,
    ...more,
  }
  const done = transfer({ request, sink: collectBody(), policy, asker, userAgent: 'VSR' })
  done.catch(() => undefined)
  /** Answers the newest hop; the stream is its body. */
  const answer = (status: number, headers: Readonly<Record<string, string>> = {}) => {
    const body = new PassThrough()
    const header = (name: string) => headers[name] ?? null
    hops.at(-1)?.answering.onAnswer({ status, header, body: bodyOfStream(body) })
    return body
  }
  return { hops, letGo, aborting, done, answer }
}

describe('a transfer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('resolves with what the sink makes of the body, and lets the connection live', async () => {
    const { done, answer, letGo } = setUp()
    answer(200, { 'content-type': 'video/mp2t' }).end('segment')
    expect(await done).toEqual({
      status: 200,
      url: 'http://a.example/1.ts',
      contentType: 'video/mp2t',
      value: Buffer.from('segment'),
    })
    expect(letGo).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('S15 leaves the headers of a source behind with its origin, for good', async () => {
    const { hops, done, answer } = setUp({ headers: { cookie: 'canary' } })
    answer(302, { location: 'http://b.example/2.ts' }).end()
    await vi.waitFor(() => expect(hops).toHaveLength(2))
    answer(302, { location: 'http://a.example/3.ts' }).end()
    await vi.waitFor(() => expect(hops).toHaveLength(3))
    answer(200).end()
    expect((await done).url).toBe('http://a.example/3.ts')
    expect(hops.map(({ headers }) => headers['cookie'])).toEqual(['canary', undefined, undefined])
  })

  it('F11 ends where no answer comes in time, where the body stops, and where all takes too long', async () => {
    const silent = setUp()
    await vi.advanceTimersByTimeAsync(999)
    expect(silent.letGo).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    await expect(silent.done).rejects.toMatchObject({ code: 'source_timeout' })
    expect(silent.letGo).toHaveLength(1)

    const stopped = setUp()
    stopped.answer(200).write('some')
    await vi.advanceTimersByTimeAsync(2000)
    await expect(stopped.done).rejects.toThrow(/stopped sending/)

    const trickling = setUp()
    const body = trickling.answer(200)
    for (let second = 0; second < 5; second += 1) {
      body.write('.')
      await vi.advanceTimersByTimeAsync(1000)
    }
    await expect(trickling.done).rejects.toThrow(/too slow/)
  })

  it('waits longer for what the server holds back on purpose', async () => {
    const { done, answer } = setUp({ holdMs: 10_000 })
    await vi.advanceTimersByTimeAsync(10_900)
    answer(200).end()
    expect((await done).status).toBe(200)
  })

  it('ends with the reason of its caller, and takes nothing that comes later', async () => {
    const { done, answer, aborting, letGo } = setUp()
    aborting.abort(new Error('stopped'))
    const late = answer(200)
    await expect(done).rejects.toMatchObject({ code: 'cancelled' })
    expect(letGo).toHaveLength(1)
    expect(late.destroyed).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('reads what little there is of a refusal, and drops what is much', async () => {
    const small = setUp()
    small.answer(404).end('not here')
    await expect(small.done).rejects.toMatchObject({ status: 404 })
    const large = setUp()
    const body = large.answer(404, { 'content-length': '1000000' })
    await expect(large.done).rejects.toMatchObject({ status: 404 })
    expect(body.destroyed).toBe(true)
  })

  it('asks nobody for what is no web address', async () => {
    const { done, hops } = setUp({ url: 'nothing' })
    expect(hops).toEqual([])
    await expect(done).rejects.toMatchObject({ code: 'not_a_url' })
  })
})
