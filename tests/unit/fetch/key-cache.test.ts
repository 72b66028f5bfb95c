import { describe, expect, it } from 'vitest'
import { type HttpClient, HttpError, type HttpRequest } from '../../../src-main/fetch/http'
import { createKeyCache, tellingKeys } from '../../../src-main/fetch/key-cache'
import type { VsrError } from '../../../src-preload/contract/errors'
import { createFakeClock } from './fake-clock'

const keyAt = (uri: string) => ({ method: 'AES-128', uri })

/** Answers like a server whose `answer` a test decides. */
function setUp(answer: (request: HttpRequest, count: number) => Promise<Uint8Array>, maxKeys = 8) {
  const asked: string[] = []
  const troubles: string[] = []
  const refuse = () => Promise.reject(new Error('not used here'))
  const http: HttpClient = {
    text: refuse,
    stream: refuse,
    close: () => {},
    bytes: async (request) => {
      asked.push(request.url)
      const body = await answer(request, asked.length)
      return { status: 200, url: request.url, contentType: '', body }
    },
  }
  const cache = createKeyCache({
    http,
    clock: createFakeClock(),
    random: () => 0,
    maxKeys,
  })
  const onTrouble = (error: VsrError) => troubles.push(error.code)
  const get = (uri: string, signal = new AbortController().signal, epoch = 0) =>
    cache.get(keyAt(uri), {
      headers: { a: 'b' },
      allowPrivateNetwork: false,
      signal,
      epoch,
      onTrouble,
    })
  return { asked, troubles, cache, get, forget: cache.forget }
}

const bytes = (value: number, length = 16): Uint8Array => new Uint8Array(length).fill(value)

describe('the key cache', () => {
  it('loads a key once, also for those who ask at the same moment', async () => {
    const { asked, get } = setUp(async () => bytes(1))
    const [a, b] = await Promise.all([get('https://h/k'), get('https://h/k')])
    expect(a).toEqual(bytes(1))
    expect(b).toBe(a)
    await get('https://h/k')
    expect(asked).toEqual(['https://h/k'])
  })

  it('F22 retries a key that is refused once', async () => {
    const { asked, troubles, get } = setUp(async (_request, count) => {
      if (count === 1) throw new HttpError('source_forbidden', 'x', { status: 403 })
      return bytes(2)
    })
    expect(await get('https://h/k')).toEqual(bytes(2))
    expect(asked).toHaveLength(2)
    expect(troubles).toEqual(['key_unavailable'])
  })

  it('tells everyone who waits for a key that it is tried again', async () => {
    const { asked, cache } = setUp(async (_request, count) => {
      if (count === 1) throw new HttpError('source_http_error', 'x', { status: 500 })
      return bytes(2)
    })
    const told: string[] = []
    const askAs = (name: string) =>
      tellingKeys(cache, () => told.push(name)).get(keyAt('https://h/k'), {
        headers: {},
        allowPrivateNetwork: false,
        signal: new AbortController().signal,
        epoch: 0,
      })
    await Promise.all([askAs('picture'), askAs('sound')])
    expect(told).toEqual(['picture', 'sound'])
    expect(asked).toHaveLength(2)
  })

  it('F11 asks once where another place has the key, too', async () => {
    const { asked, cache } = setUp(async () => {
      throw new HttpError('source_timeout', 'x')
    })
    const { signal } = new AbortController()
    const request = { headers: {}, allowPrivateNetwork: false, silentAtMostMs: 2000, signal }
    const failed = cache.get(keyAt('https://h/k'), { ...request, epoch: 0 })
    await expect(failed).rejects.toMatchObject({ code: 'key_unavailable' })
    expect(asked).toHaveLength(1)
  })

  it('says that a key cannot be had, without the secrets of its address', async () => {
    const { get } = setUp(async () => {
      throw new HttpError('source_not_found', 'x', { status: 404 })
    })
    const error: unknown = await get('https://h/k?token=canary').catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'key_unavailable' })
    expect(String(error)).toContain('https://h/k')
    expect(String(error)).not.toContain('canary')
  })

  it.each([0, 15, 17, 4096])('refuses a key of %i bytes', async (length) => {
    const { get } = setUp(async () => bytes(1, length))
    await expect(get('https://h/k')).rejects.toMatchObject({ code: 'key_unavailable' })
  })

  it('tries again after a failure', async () => {
    let broken = true
    const { get } = setUp(async () => bytes(1, broken ? 1 : 16))
    await expect(get('https://h/k')).rejects.toMatchObject({ code: 'key_unavailable' })
    broken = false
    expect(await get('https://h/k')).toEqual(bytes(1))
  })

  it('F22 asks anew in another epoch, and for a key that was forgotten', async () => {
    const { asked, get, forget } = setUp(async (_request, count) => bytes(count))
    const { signal } = new AbortController()
    const first = await get('https://h/k', signal, 0)
    expect(await get('https://h/k', signal, 1)).toEqual(bytes(2))
    forget(first)
    expect(await get('https://h/k', signal, 0)).toEqual(bytes(3))
    forget(first)
    expect(await get('https://h/k', signal, 0)).toEqual(bytes(3))
    expect(asked).toHaveLength(3)
  })

  it('keeps a bounded number of keys', async () => {
    const { asked, get } = setUp(async () => bytes(1), 2)
    for (const name of ['a', 'b', 'c', 'b', 'c', 'a']) await get(`https://h/${name}`)
    expect(asked.map((url) => url.at(-1))).toEqual(['a', 'b', 'c', 'a'])
  })

  it('goes on for the others when the one who started it leaves', async () => {
    const leaver = new AbortController()
    const { asked, get } = setUp(async (request, count) => {
      if (count > 1) return bytes(3)
      return new Promise((_resolve, reject) => {
        request.signal.addEventListener('abort', () => reject(new HttpError('cancelled', 'x')))
      })
    })
    const first = get('https://h/k', leaver.signal)
    const second = get('https://h/k')
    leaver.abort()
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    expect(await second).toEqual(bytes(3))
    expect(asked).toHaveLength(2)
  })
})
