import { describe, expect, it } from 'vitest'
import { createCircuitBreaker } from '../../../src-main/fetch/circuit-breaker'
import { HttpError, type HttpRequest } from '../../../src-main/fetch/http'
import { loadPolicy } from '../../../src-main/fetch/load-policy'
import { createFakeClock } from '../../support/fake-clock'
import { createFakeHttp, type FakeAnswer } from '../../support/fake-http'

const rule = { failures: 3, withinMs: 60_000, openMs: 3000 }
const policy = { ...loadPolicy, segment: { ...loadPolicy.segment, circuit: rule } }
const dead: FakeAnswer = {
  error: new HttpError('connection_failed', 'The connection to edge1 failed.', { hint: 'Wait.' }),
}

function setUp() {
  const clock = createFakeClock()
  const world: { answer: (request: HttpRequest) => FakeAnswer } = { answer: () => dead }
  const origin = createFakeHttp((request) => world.answer(request))
  const http = createCircuitBreaker({ http: origin, clock, policy })
  const ask = (
    kind: HttpRequest['kind'] = 'segment',
    url = 'http://edge1/1.ts',
    signal: AbortSignal = new AbortController().signal,
  ) =>
    http.bytes({ kind, url, allowPrivateNetwork: true, signal }).then(
      () => 'ok',
      (error: HttpError) => error,
    )
  const download = (write: () => Promise<void>) => {
    const { signal } = new AbortController()
    const request = {
      kind: 'segment',
      url: 'http://edge1/2.ts',
      allowPrivateNetwork: true,
    } as const
    return http.stream({ ...request, signal }, { write, end: () => 'ok' })
  }
  const asked = () => origin.requests.length
  const open = async () => {
    for (let failure = 0; failure < rule.failures; failure += 1) await ask()
  }
  return { clock, world, ask, asked, open, download }
}

describe('createCircuitBreaker', () => {
  it('F10 leaves an origin alone that does not answer, and says why and until when', async () => {
    const { clock, ask, asked, open } = setUp()
    await open()
    expect(asked()).toBe(3)
    await clock.advance(1000)
    const refusal = await ask()
    expect(refusal).toMatchObject({
      code: 'connection_failed',
      message: 'The connection to edge1 failed.',
      hint: 'Wait.',
      retryAfterSec: 2,
    })
    expect(asked()).toBe(3)
  })

  it('F10 lets one request at a time find out whether it is back', async () => {
    const { clock, world, ask, asked, open } = setUp()
    await open()
    await clock.advance(3000)
    let answer: (answer: FakeAnswer) => void = () => {}
    world.answer = () => ({ later: new Promise((resolve) => (answer = resolve)) })
    const probe = ask()
    expect(await Promise.all([ask(), ask()])).toMatchObject([
      { code: 'connection_failed' },
      { code: 'connection_failed' },
    ])
    expect(asked()).toBe(4)
    answer({ body: 'x' })
    expect(await probe).toBe('ok')
    world.answer = () => ({ body: 'x' })
    expect(await Promise.all([ask(), ask()])).toEqual(['ok', 'ok'])
  })

  it('stays open after a probe that failed, and not after one that was cancelled', async () => {
    const { clock, world, ask, asked, open } = setUp()
    await open()
    await clock.advance(3000)
    await ask()
    await ask()
    expect(asked()).toBe(4)
    await clock.advance(3000)
    const cancelling = new AbortController()
    world.answer = ({ signal }) => ({
      later: new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      ),
    })
    const cancelled = ask('segment', 'http://edge1/1.ts', cancelling.signal)
    cancelling.abort(new Error('enough'))
    await cancelled
    world.answer = () => ({ body: 'x' })
    expect(await ask()).toBe('ok')
  })

  it('keeps origins and kinds apart, and never holds a playlist back', async () => {
    const { world, ask, asked, open } = setUp()
    await open()
    for (let count = 0; count < 20; count += 1) await ask('playlist')
    expect(asked()).toBe(23)
    world.answer = () => ({ body: 'x' })
    expect(await ask('segment', 'http://edge2/1.ts')).toBe('ok')
    expect(await ask('key')).toBe('ok')
    expect(await ask()).toMatchObject({ code: 'connection_failed' })
  })

  it('F10 lets the next segment try at once when a playlist of the same origin came', async () => {
    const { world, ask, open } = setUp()
    await open()
    world.answer = () => ({ body: 'x' })
    await ask('playlist', 'http://edge2/live.m3u8')
    expect(await ask()).toMatchObject({ code: 'connection_failed' })
    await ask('playlist', 'http://edge1/live.m3u8')
    expect(await ask()).toBe('ok')
  })

  it('F10 is back as soon as the answer to the probe begins, however slowly it comes', async () => {
    const { clock, world, ask, open, download } = setUp()
    await open()
    await clock.advance(3000)
    world.answer = () => ({ body: 'x' })
    const probe = download(() => clock.sleep(60_000))
    await clock.settle()
    expect(await Promise.all([ask(), ask()])).toEqual(['ok', 'ok'])
    await clock.advance(120_000)
    await probe
    expect(await ask()).toBe('ok')
  })

  it('F10 lets one more request try at each playlist that comes while a probe hangs', async () => {
    const { clock, world, ask, open } = setUp()
    await open()
    await clock.advance(3000)
    world.answer = () => ({ later: new Promise(() => undefined) })
    void ask()
    world.answer = () => ({ body: 'x' })
    expect(await ask()).toMatchObject({ code: 'connection_failed' })
    await ask('playlist')
    expect(await ask()).toBe('ok')
  })

  it.each([404, 500] as const)('takes an answer of %i for a sign of life', async (status) => {
    const { world, ask, asked } = setUp()
    for (let round = 0; round < 5; round += 1) {
      world.answer = () => dead
      await ask()
      await ask()
      world.answer = () => ({ status })
      await ask()
    }
    expect(asked()).toBe(15)
  })

  it('forgets failures that lie far apart', async () => {
    const { clock, ask, asked } = setUp()
    for (let failure = 0; failure < 10; failure += 1) {
      await ask()
      await clock.advance(31_000)
    }
    expect(asked()).toBe(10)
  })
})
