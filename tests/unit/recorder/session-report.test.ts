import { describe, expect, it } from 'vitest'
import { HttpError, type HttpRequest } from '../../../src-main/fetch/http'
import type { FakeAnswer } from '../../support/fake-http'
import { segmentBody, setUpRecorder } from '../../support/fake-recorder'
import { mediaPlaylist } from '../../support/playlists'

describe('what a person is told, within 10 s', () => {
  it('F01 tells of a playlist that stands still, and when it is asked for next', async () => {
    const { clock, recorder, record } = setUpRecorder()
    const { id } = await record()
    for (let sec = 0; sec < 60; sec += 1) {
      await clock.advance(1000)
      if (sec < 10) continue
      const reason = recorder.status(id)?.reason
      expect(reason?.cause).toMatchObject({ code: 'source_timeout' })
      expect(reason?.nextTryMs).toBeGreaterThan(clock.nowMs() - 1000)
      expect(reason?.nextTryMs).toBeLessThanOrEqual(clock.nowMs() + 2000)
    }
  })

  it('F08 tells of a segment that was given up, and when the source is asked next', async () => {
    let first = 10
    const { clock, recorder, record } = setUpRecorder((request) => {
      if (request.kind === 'segment' && !/-1\d\.ts/.test(request.url)) {
        return { error: new HttpError('too_large', 'The segment is too large.') }
      }
      return request.kind === 'playlist'
        ? { body: JSON.stringify(mediaPlaylist({ first, count: 5 })) }
        : undefined
    })
    const { id } = await record()
    for (first = 11; first < 30; first += 1) await clock.advance(2000)
    expect(recorder.status(id)?.reason).toMatchObject({
      cause: { code: 'too_large' },
      nextTryMs: expect.any(Number),
    })
  })

  it('F11 tells of a playlist that does not come 5 s after it was asked for', async () => {
    let isHanging = false
    let askedMs: number | undefined
    const hang = async (signal: AbortSignal): Promise<FakeAnswer> => {
      await setUp.clock.sleep(10_000, signal)
      throw new HttpError('source_timeout', 'The source took too long.')
    }
    const setUp = setUpRecorder(({ kind, signal }: HttpRequest) => {
      if (isHanging) {
        askedMs ??= setUp.clock.nowMs()
        return { later: hang(signal) }
      }
      if (kind !== 'playlist') return undefined
      return { body: JSON.stringify(mediaPlaylist({ first: 10, count: 5, durationSec: 10 })) }
    })
    const { clock, recorder, record } = setUp
    const { id } = await record()
    isHanging = true
    while (askedMs === undefined) await clock.advance(1000)
    await clock.advance(5000)
    expect(recorder.status(id)?.reason).toMatchObject({
      cause: { code: 'source_timeout', message: 'The source does not answer.' },
      nextTryMs: askedMs + 10_000,
    })
    isHanging = false
  })

  it('F01 says for how long nothing new has come after 10 s, that it is late only when it is, and neither on a healthy source', async () => {
    let first = 10
    const { clock, recorder, record } = setUpRecorder(({ kind }) =>
      kind === 'playlist'
        ? { body: JSON.stringify(mediaPlaylist({ first, count: 5, durationSec: 10 })) }
        : undefined,
    )
    const { id } = await record()
    const reason = () => recorder.status(id)?.reason
    for (let made = 0; made < 9; made += 1) {
      first += 1
      await clock.advance(10_000)
      expect(reason()?.cause).toBeUndefined()
    }
    // It stands still from here on.
    const storedMs = clock.nowMs()
    await clock.advance(11_000)
    expect(reason()).toMatchObject({ nextTryMs: expect.any(Number) })
    expect(reason()?.cause).toBeUndefined()
    expect(Math.abs((reason()?.quietSinceMs ?? 0) - storedMs)).toBeLessThan(1500)
    await clock.advance(6000)
    expect(reason()).toMatchObject({ cause: { code: 'source_timeout' } })
    expect(recorder.status(id)?.state).toBe('recording')
    first += 1
    await clock.advance(10_000)
    expect(reason()?.cause).toBeUndefined()
    expect(reason()?.quietSinceMs).toBeUndefined()
  })

  it('F11 says that the source is slow, and by how much, while all segments trickle in', async () => {
    let first = 10
    let isSlow = false
    const setUp = setUpRecorder(({ kind, signal }) => {
      if (kind === 'playlist')
        return { body: JSON.stringify(mediaPlaylist({ first, count: 8, durationSec: 4 })) }
      return isSlow ? { begun: segmentBody, later: trickle(signal) } : undefined
    })
    const trickle = async (signal: AbortSignal): Promise<FakeAnswer> => {
      await setUp.clock.sleep(100_000, signal)
      return { body: segmentBody }
    }
    const { clock, recorder, record } = setUp
    const { id } = await record()
    const live = async (segments: number) => {
      for (let made = 0; made < segments; made += 1) {
        first += 1
        await clock.advance(4000)
      }
    }
    await live(3)
    isSlow = true
    await live(3)
    const { reason, outstandingSec } = recorder.status(id) ?? {}
    expect(reason).toMatchObject({
      cause: { message: expect.stringContaining('sends too slowly') as string },
      nextTryMs: expect.any(Number),
    })
    expect(outstandingSec).toBeGreaterThan(7)
  })

  it('F11 tells of a segment of which nothing comes, before its request is given up', async () => {
    let isHanging = false
    const setUp = setUpRecorder(({ kind, signal }) =>
      isHanging && kind === 'segment' ? { later: hang(signal) } : undefined,
    )
    const hang = async (signal: AbortSignal): Promise<FakeAnswer> => {
      await setUp.clock.sleep(10_000, signal)
      throw new HttpError('source_timeout', 'The source took too long.')
    }
    const { clock, recorder, record, slideTo } = setUp
    const { id } = await record()
    isHanging = true
    slideTo(11)
    await clock.advance(8000)
    expect(recorder.status(id)?.reason).toMatchObject({
      cause: { message: 'The source does not answer.' },
      nextTryMs: expect.any(Number),
    })
    isHanging = false
  })
})
