import { createDecipheriv } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readMedia } from '../support/media'
import { runProcess, words } from '../support/processes'
import { startTestOrigin, type TestOrigin } from '../support/test-origin'
import { originKey } from '../support/origin-encryption'
import { toolPath } from '../support/tools'

const media = [1, 2, 3].map((mark) => ({
  durationSec: 2,
  body: new Uint8Array(188 * 4).fill(mark),
}))
const sequences = (text: string) =>
  Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]) || undefined
const names = (text: string) => text.split('\n').filter((line) => /^[^#]/.test(line))

describe('test origin', () => {
  let origin: TestOrigin
  beforeEach(async () => {
    origin = await startTestOrigin()
  })
  afterEach(() => origin.stop())
  const text = async (url: string) => (await fetch(url)).text()

  it('slides its window only when told, and keeps what has left it', async () => {
    const stream = origin.addStream({ media, windowSize: 2, firstMediaSequence: 7 })
    stream.advance(3)
    const playlist = await text(origin.urlOf(stream))
    expect(sequences(playlist)).toBe(8)
    expect(names(playlist)).toEqual(['0-8.ts', '0-9.ts'])
    expect(await text(origin.urlOf(stream))).toBe(playlist)
    const left = await fetch(`${origin.url}/live/0-7.ts`)
    expect([left.status, left.headers.get('content-type')]).toEqual([200, 'video/mp2t'])
    expect(origin.requests.map(({ kind, mediaSequence }) => [kind, mediaSequence])).toEqual([
      ['playlist', undefined],
      ['playlist', undefined],
      ['segment', 7],
    ])
  })

  it('resets its numbering, breaks, gaps, freezes and ends', async () => {
    const stream = origin.addStream({ media, programDateTimeMs: Date.UTC(2030, 0, 1) })
    stream.advance(1)
    stream.gapNext()
    stream.advance(1)
    stream.breakNext()
    stream.advance(1)
    const before = stream.playlist()
    expect(before).toContain('#EXT-X-PROGRAM-DATE-TIME:2030-01-01T00:00:02.000Z\n#EXT-X-GAP\n')
    expect(before.match(/^#EXT-X-DISCONTINUITY$/gm)).toHaveLength(1)
    expect((await fetch(`${origin.url}/live/0-1.ts`)).status).toBe(404)
    stream.freeze()
    stream.advance(1)
    expect(await text(origin.urlOf(stream))).toBe(before)
    stream.thaw()
    stream.reset(2)
    stream.advance(1)
    stream.end()
    const after = await text(origin.urlOf(stream))
    expect(sequences(after)).toBe(2)
    expect(names(after)).toEqual(['1-2.ts'])
    expect(after).toContain('#EXT-X-ENDLIST')
  })

  it('F21 changes its initialization section, which stays in the clear', () => {
    const stream = origin.addStream({
      media,
      initSection: new Uint8Array([1]),
      rotateKeyEvery: 9,
    })
    stream.advance(1)
    stream.changeInit(new Uint8Array([2]))
    stream.advance(1)
    expect(stream.playlist().match(/^#EXT-X-(MAP|KEY|DISC[A-Z]+\b(?!-)).*$/gm)).toEqual([
      '#EXT-X-MAP:URI="init-0.mp4"',
      '#EXT-X-KEY:METHOD=AES-128,URI="key-0.bin"',
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-KEY:METHOD=NONE',
      '#EXT-X-MAP:URI="init-1.mp4"',
      '#EXT-X-KEY:METHOD=AES-128,URI="key-0.bin"',
    ])
    expect(stream.resource('/live/init-1.mp4')?.body).toEqual(new Uint8Array([2]))
  })

  it('counts discontinuities that leave the window', () => {
    const stream = origin.addStream({ media, windowSize: 2 })
    stream.advance(6)
    expect(stream.playlist()).toContain('#EXT-X-DISCONTINUITY-SEQUENCE:1')
  })

  it('encrypts with keys that rotate', async () => {
    const stream = origin.addStream({ media, rotateKeyEvery: 2, firstMediaSequence: 5 })
    stream.advance(3)
    expect(stream.playlist().match(/URI="key-\d\.bin"/g)).toEqual([
      'URI="key-0.bin"',
      'URI="key-1.bin"',
    ])
    const key = new Uint8Array(await (await fetch(`${origin.url}/live/key-1.bin`)).arrayBuffer())
    expect(Buffer.from(key).equals(originKey(1))).toBe(true)
    const cipherText = new Uint8Array(
      await (await fetch(`${origin.url}/live/0-7.ts`)).arrayBuffer(),
    )
    const iv = Buffer.alloc(16)
    iv[15] = 7
    const decipher = createDecipheriv('aes-128-cbc', key, iv)
    const clear = Buffer.concat([decipher.update(cipherText), decipher.final()])
    expect(clear.equals(Buffer.alloc(188 * 4, 3))).toBe(true)
  })

  it('fails so many times, then works', async () => {
    const stream = origin.addStream({ media })
    stream.advance(2)
    origin.addFault({ mediaSequence: 1, times: 2, fault: { kind: 'status', status: 503 } })
    const statuses: number[] = []
    for (let attempt = 0; attempt < 3; attempt += 1) {
      statuses.push((await fetch(`${origin.url}/live/0-1.ts`)).status)
    }
    expect(statuses).toEqual([503, 503, 200])
    expect((await fetch(`${origin.url}/live/0-0.ts`)).status).toBe(200)
  })

  it('cuts bodies in three ways: only a missing length goes unnoticed', async () => {
    const stream = origin.addStream({ media })
    stream.advance(1)
    const url = `${origin.url}/live/0-0.ts`
    for (const framing of ['length', 'chunked'] as const) {
      const end = origin.addFault({ fault: { kind: 'cut', fraction: 0.5, framing } })
      await expect(fetch(url).then((response) => response.arrayBuffer())).rejects.toThrow(
        'terminated',
      )
      end()
    }
    origin.addFault({ fault: { kind: 'cut', fraction: 0.5, framing: 'close' } })
    const body = await (await fetch(url)).arrayBuffer()
    expect(body.byteLength).toBe(188 * 2)
  })

  it('answers with pages, redirects, resets, silence and endless bodies', async () => {
    origin.serve('/a.ts', 'media', 'video/mp2t')
    const url = `${origin.url}/a.ts`
    const once = (fault: Parameters<TestOrigin['addFault']>[0]['fault']) =>
      origin.addFault({ times: 1, fault })
    once({ kind: 'html' })
    const page = await fetch(url)
    expect([page.headers.get('content-type'), (await page.text()).includes('<html>')]).toEqual([
      'video/mp2t',
      true,
    ])
    once({ kind: 'redirect', location: '/b.ts', status: 307 })
    const redirect = await fetch(url, { redirect: 'manual' })
    expect([redirect.status, redirect.headers.get('location')]).toEqual([307, '/b.ts'])
    once({ kind: 'reset' })
    await expect(fetch(url)).rejects.toThrow('fetch failed')
    once({ kind: 'hang', afterBytes: 2 })
    const hanging = await fetch(url)
    const reader = hanging.body?.getReader()
    expect((await reader?.read())?.value).toHaveLength(2)
    await reader?.cancel()
    once({ kind: 'endless' })
    const endless = (await fetch(url)).body?.getReader()
    let received = 0
    while (received < 1_000_000) received += (await endless?.read())?.value?.length ?? 0
    await endless?.cancel()
    once({ kind: 'delay', ms: 1 })
    expect(await text(url)).toBe('media')
  })

  it('answers byte ranges', async () => {
    origin.serve('/a.ts', '0123456789', 'video/mp2t')
    const response = await fetch(`${origin.url}/a.ts`, { headers: { range: 'bytes=2-4' } })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-range')).toBe('bytes 2-4/10')
    expect(await response.text()).toBe('234')
  })

  for (const kind of ['ts', 'fmp4'] as const) {
    it(`${kind} media of ffmpeg plays from it`, async () => {
      const stream = origin.addStream({ ...(await readMedia({ kind })), rotateKeyEvery: 2 })
      stream.advance(5)
      stream.end()
      const probe = await runProcess({
        command: toolPath('ffprobe'),
        args: [
          ...words('-v error -allowed_extensions ALL -show_entries format=duration -of csv=p=0'),
          origin.urlOf(stream),
        ],
      })
      expect(Number(probe.stdout)).toBeCloseTo(5, 0)
    })
  }
})
