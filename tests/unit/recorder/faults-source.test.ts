import { describe, expect, it } from 'vitest'
import { HttpError, type HttpRequest } from '../../../src-main/fetch/http'
import { VsrError } from '../../../src-preload/contract/errors'
import type { FakeAnswer } from '../../support/fake-http'
import { gaps, numbers, setUpRecorder } from '../../support/fake-recorder'
import { mediaPlaylist } from '../../support/playlists'
import { range, setUpLive } from '../../support/live-recorder'

const noConnection = new VsrError('connection_failed', 'The connection to edge1 failed.')

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
