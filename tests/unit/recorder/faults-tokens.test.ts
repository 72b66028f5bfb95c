import { describe, expect, it } from 'vitest'
import { statusError } from '../../../src-main/fetch/status-error'
import type { ResolveSource } from '../../../src-main/fetch/source'
import { VsrError } from '../../../src-preload/contract/errors'
import {
  count,
  gaps,
  numbers,
  playlistUrl,
  setUpRecorder,
  source,
} from '../../support/fake-recorder'
import { range, setUpLive } from '../../support/live-recorder'
import { recordThroughTokens } from '../../support/rotating-tokens'

describe('recorder, when a source refuses and is resolved again', () => {
  it('F18 stays one recording without a gap through 100 tokens that live 30 s each', async () => {
    const { gaps, stored, discontinuities, resolves } = await recordThroughTokens(100)
    expect(gaps).toBe(0)
    expect(stored).toEqual(range(2, stored.length))
    expect(stored.length).toBeGreaterThan(1490)
    expect(discontinuities).toBe(1)
    expect(resolves).toBeGreaterThanOrEqual(99)
    expect(resolves).toBeLessThan(210)
  })

  it('F18 goes on without a gap while one segment is refused and the page takes its time', async () => {
    let resolves = 0
    const { clock, library, record } = setUpLive(5, ({ url }) =>
      url.endsWith('-20.ts') ? { status: 410 } : undefined,
    )
    const resolve: ResolveSource = async (signal) => {
      resolves += 1
      await clock.sleep(20_000, signal)
      return source
    }
    const { id } = await record({ source, resolve })
    await clock.advance(120_000)
    expect(gaps(library.rows(id)).map((row) => [row.mediaSequence, row.count])).toEqual([[20, 1]])
    expect(resolves).toBeGreaterThan(0)
    expect(resolves).toBeLessThan(5)
  })

  it('F18 stays with a playlist that comes while its source and one segment are refused', async () => {
    let isRefused = false
    const mediaUrl = 'http://edge1/media.m3u8'
    const variants = [{ uri: mediaUrl, bandwidth: 1_000_000, codecs: '' }]
    const main = { kind: 'multivariant', variants, renditions: [], sessionKeys: [] }
    const { clock, library, record, recorder } = setUpLive(5, ({ url }) => {
      if (url === playlistUrl) return isRefused ? { status: 403 } : { body: JSON.stringify(main) }
      return url.endsWith('-20.ts') ? { status: 410 } : undefined
    })
    const { id } = await record()
    isRefused = true
    await clock.advance(200_000)
    expect(gaps(library.rows(id)).map((row) => [row.mediaSequence, row.count])).toEqual([[20, 1]])
    expect(recorder.status(id)).toMatchObject({ state: 'recording' })
  })

  it('F18 goes on with the known address when it does again and the page cannot be had', async () => {
    let isRefused = false
    const resolvedAtMs: number[] = []
    const { clock, http, library, record } = setUpLive(5, ({ kind }) =>
      isRefused && kind === 'playlist' ? { status: 403 } : undefined,
    )
    const resolve: ResolveSource = async () => {
      resolvedAtMs.push(clock.monotonicMs())
      throw new VsrError('ytdlp_failed', 'The page cannot be read.')
    }
    const { id } = await record({ source, resolve })
    await clock.advance(20_000)
    isRefused = true
    const before = count(http.requests, playlistUrl)
    await clock.advance(60_000)
    expect(count(http.requests, playlistUrl) - before).toBeGreaterThan(4)
    expect(count(http.requests, playlistUrl) - before).toBeLessThan(20)
    expect(resolvedAtMs.length).toBeGreaterThan(2)
    for (const [at, atMs] of resolvedAtMs.slice(1).entries()) {
      expect(atMs - (resolvedAtMs[at] ?? 0)).toBeGreaterThanOrEqual(5000)
    }
    isRefused = false
    await clock.advance(15_000)
    const last = numbers(library.rows(id)).at(-1) ?? 0
    expect(last).toBeGreaterThanOrEqual(Math.floor(clock.monotonicMs() / 2000))
  })

  it.each([
    ['1', 1],
    ['600', 600],
    ['1000000000', 600],
  ])('F25 asks again when Retry-After: %s has passed, and not before', async (retryAfter, sec) => {
    let isBusy = false
    const { clock, http, recorder, record } = setUpRecorder(({ kind, url }) =>
      isBusy && kind === 'playlist'
        ? { error: statusError({ status: 429, url, retryAfter, nowMs: 0 }) }
        : undefined,
    )
    const { id } = await record()
    isBusy = true
    await clock.advance(2000)
    expect(recorder.status(id)?.reason).toMatchObject({
      cause: {
        code: 'source_http_error',
        message: `The server asks to come back later (429) for ${playlistUrl}.`,
        hint: `VSR does as it asks and tries again in ${sec} s.`,
      },
      nextTryMs: clock.nowMs() + sec * 1000,
    })
    const before = count(http.requests, playlistUrl)
    await clock.advance(sec * 1000 - 1)
    expect(count(http.requests, playlistUrl)).toBe(before)
    await clock.advance(1)
    expect(count(http.requests, playlistUrl)).toBe(before + 1)
  })

  it('F26 records one source while yt-dlp fails for another, which says why and goes on trying', async () => {
    const { clock, library, recorder, record, slideTo } = setUpRecorder()
    const good = await record()
    const failing: ResolveSource = async () => {
      throw new VsrError('ytdlp_failed', 'yt-dlp could not open this page.', {
        hint: 'Update yt-dlp.',
      })
    }
    const bad = await record({ resolve: failing })
    slideTo(13)
    await clock.advance(60_000)
    expect(numbers(library.rows(good.id))).toEqual(range(10, 6))
    expect(recorder.status(bad.id)).toMatchObject({
      reason: { cause: { hint: expect.stringContaining('yt-dlp could not open this page.') } },
    })
    expect(recorder.status(bad.id)?.reason?.nextTryMs).toBeGreaterThan(clock.nowMs())
  })
})
