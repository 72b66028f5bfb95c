import { describe, expect, it } from 'vitest'
import { HttpError, type HttpRequest } from '../../../src-main/fetch/http'
import { statusError } from '../../../src-main/fetch/status-error'
import type { ResolveSource, Source } from '../../../src-main/fetch/source'
import { VsrError } from '../../../src-preload/contract/errors'
import type { FakeAnswer } from '../../support/fake-http'
import {
  count,
  gaps,
  numbers,
  playlistUrl,
  setUpRecorder,
  source,
} from '../../support/fake-recorder'
import { mediaPlaylist } from '../../support/playlists'

const range = (first: number, length: number) => Array.from({ length }, (_, at) => first + at)
const noConnection = new VsrError('connection_failed', 'The connection to edge1 failed.')

/** A recorder whose source lists the last `count` segments of 2 s, by the clock. */
function setUpLive(
  windowCount: number,
  answer?: (request: HttpRequest, nowMs: number) => FakeAnswer | undefined,
) {
  let listed = () => mediaPlaylist({ first: 0, count: windowCount })
  let nowMs = () => 0
  const setup = setUpRecorder((request) => {
    const special = answer?.(request, nowMs())
    if (special !== undefined) return special
    return request.kind === 'playlist' ? { body: JSON.stringify(listed()) } : undefined
  })
  const startMs = setup.clock.monotonicMs()
  nowMs = () => setup.clock.monotonicMs() - startMs
  listed = () => mediaPlaylist({ first: Math.floor(nowMs() / 2000), count: windowCount })
  const segments = () =>
    setup.http.requests.flatMap(({ kind, url }) =>
      kind === 'segment' ? [Number(/-(\d+)\.ts/.exec(url)?.[1])] : [],
    )
  return { ...setup, asked: segments }
}

describe('recorder, when a source does what it should not', () => {
  it.each([0, 7])(
    'F02 misses nothing of a playlist of one segment that comes 500 ms late, with timers late by %i ms',
    async (latenessMs) => {
      let later = async (_request: HttpRequest): Promise<FakeAnswer> => ({ status: 500 })
      const { clock, library, record, slideTo } = setUpRecorder((request) =>
        request.kind === 'playlist' ? { later: later(request) } : undefined,
      )
      clock.setLateness(latenessMs)
      let first = 0
      later = async ({ signal }) => {
        await clock.sleep(500, signal)
        return { body: JSON.stringify(mediaPlaylist({ first, count: 1, durationSec: 2 })) }
      }
      slideTo(0)
      const { id } = await record()
      await clock.advance(1000)
      for (first = 1; first <= 300; first += 1) await clock.advance(2000)
      const rows = library.rows(id)
      expect(gaps(rows)).toEqual([])
      const stored = numbers(rows)
      expect(stored).toEqual(range(stored[0] ?? 0, stored.length))
      expect(stored.at(-1)).toBe(300)
    },
  )

  it.each([
    [10, 404],
    [60, 500],
  ] as const)('F09 goes on after %i s of playlists that answer %i', async (sec, status) => {
    let isDown = false
    const { clock, library, recorder, record } = setUpLive(60, ({ kind }) =>
      isDown && kind === 'playlist' ? { status } : undefined,
    )
    const { id } = await record()
    isDown = true
    await clock.advance(sec * 1000)
    expect(recorder.status(id)?.reason).toMatchObject({
      cause: { code: status === 404 ? 'source_not_found' : 'source_http_error' },
      nextTryMs: expect.any(Number),
    })
    isDown = false
    await clock.advance(20_000)
    expect(gaps(library.rows(id))).toEqual([])
    expect(numbers(library.rows(id)).length).toBeGreaterThanOrEqual(3 + (sec + 18) / 2)
    expect(recorder.status(id)?.state).toBe('recording')
  })

  it.each([5, 60, 110])(
    'F10 loses nothing in an outage of %i s while the window is 2 min long, and fills it oldest first',
    async (sec) => {
      let isDown = false
      const { clock, library, recorder, record, asked } = setUpLive(60, () =>
        isDown ? { error: noConnection } : undefined,
      )
      const { id } = await record()
      await clock.advance(4000)
      isDown = true
      await clock.advance(sec * 1000)
      isDown = false
      const before = asked().length
      await clock.advance(30_000)
      const rows = library.rows(id)
      expect(gaps(rows)).toEqual([])
      const stored = numbers(rows)
      expect(stored).toEqual(range(stored[0] ?? 0, stored.length))
      const filled = asked().slice(before)
      expect(filled).toEqual([...filled].sort((a, b) => a - b))
      expect(recorder.status(id)).toMatchObject({ state: 'recording' })
      expect(recorder.status(id)?.outstandingSec).toBeUndefined()
    },
  )

  it('F10 goes on after 6 h with what the window still has, and one gap before it', async () => {
    let isDown = false
    const { clock, library, recorder, record, http } = setUpLive(60, () =>
      isDown ? { error: noConnection } : undefined,
    )
    const { id } = await record()
    isDown = true
    const before = http.requests.length
    await clock.advance(6 * 3_600_000)
    // No more often than the backoff's cap allows, and no less.
    expect(http.requests.length - before).toBeGreaterThan(6 * 360 - 10)
    expect(http.requests.length - before).toBeLessThan(6 * 720)
    expect(recorder.status(id)?.outstandingSec).toBeCloseTo(6 * 3600, -1)
    isDown = false
    await clock.advance(60_000)
    const rows = library.rows(id)
    expect(gaps(rows)).toHaveLength(1)
    expect(gaps(rows)[0]).toMatchObject({ cause: 'network' })
    const stored = numbers(rows)
    expect(stored.slice(3)).toEqual(range(stored[3] ?? 0, stored.length - 3))
    expect(stored.length).toBeGreaterThan(80)
  })

  it('F17 waits for 10 target durations while nothing is listed, and goes on with the next segment', async () => {
    const { clock, library, recorder, record, slideTo } = setUpRecorder()
    const { id } = await record()
    slideTo(13, { count: 0 })
    await clock.advance(20_000)
    expect(recorder.status(id)).toMatchObject({
      state: 'stalled',
      reason: { cause: { code: 'source_timeout' } },
    })
    slideTo(13)
    await clock.advance(2000)
    expect(numbers(library.rows(id))).toEqual(range(10, 6))
    expect(gaps(library.rows(id))).toEqual([])
    expect(recorder.status(id)?.state).toBe('recording')
  })

  it('F17 begins with a playlist that lists nothing yet', async () => {
    const { clock, library, record, slideTo } = setUpRecorder()
    slideTo(0, { count: 0 })
    const { id } = await record()
    await clock.advance(20_000)
    slideTo(0)
    await clock.advance(2000)
    expect(numbers(library.rows(id))).toEqual([0, 1, 2])
  })

  it('F18 stays one recording without a gap through 100 tokens that live 30 s each', async () => {
    const lifeMs = 30_000
    let resolves = 0
    const tokenOf = (nowMs: number) => `t${Math.floor(nowMs / lifeMs)}`
    const { clock, library, record } = setUpLive(5, (request, nowMs) => {
      const token = new URL(request.url).searchParams.get('token')
      if (token !== tokenOf(nowMs)) return { status: 403 }
      if (request.kind !== 'playlist') return undefined
      const patch = ({ uri }: { uri: string }) => ({ uri: `${uri}?token=${token}` })
      const playlist = mediaPlaylist({ first: Math.floor(nowMs / 2000), count: 5, patch })
      return { body: JSON.stringify(playlist) }
    })
    const sourceNow = (): Source => ({
      ...source,
      playlistUrl: `${playlistUrl}?token=${tokenOf(clock.monotonicMs())}`,
    })
    const resolve: ResolveSource = async () => {
      resolves += 1
      return sourceNow()
    }
    const { id } = await record({ source: sourceNow(), resolve })
    await clock.advance(100 * lifeMs)
    const rows = library.rows(id)
    expect(gaps(rows)).toEqual([])
    const stored = numbers(rows)
    expect(stored).toEqual(range(2, stored.length))
    expect(stored.length).toBeGreaterThan(1490)
    expect(rows.filter((row) => row.kind === 'discontinuity')).toHaveLength(1)
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

  it('F11 F13 tries again what hung or broke off, and stores it whole', async () => {
    const failures = new Map([
      ['a-10.ts', new HttpError('source_timeout', 'The server stopped sending.')],
      ['a-12.ts', new HttpError('truncated', 'The server closed the connection too early.')],
    ])
    const { clock, library, record } = setUpRecorder(({ url }, earlier) => {
      const error = failures.get(url.split('/').at(-1) ?? '')
      return error !== undefined && earlier < 3 ? { error } : undefined
    })
    const { id } = await record()
    await clock.advance(15_000)
    expect(numbers(library.rows(id))).toEqual([10, 11, 12])
    expect(gaps(library.rows(id))).toEqual([])
    expect(library.openTemps).toBe(0)
  })
})
