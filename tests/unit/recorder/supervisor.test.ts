import { describe, expect, it } from 'vitest'
import { VsrError } from '../../../src-preload/contract/errors'
import type { HttpRequest } from '../../../src-main/fetch/http'
import type { FakeAnswer } from '../../support/fake-http'
import {
  count,
  gaps,
  numbers,
  playlistUrl,
  segmentBody,
  setUpRecorder as setUp,
  source,
} from '../../support/fake-recorder'

describe('recorder', () => {
  it('records what is listed, live, and says how far behind it is', async () => {
    const { clock, library, recorder, record, slideTo, states } = setUp()
    const { id } = await record()
    expect(recorder.status(id)).toMatchObject({ state: 'recording', live: true, latencySec: 0 })
    slideTo(12)
    await clock.advance(2000)
    expect(numbers(library.rows(id))).toEqual([10, 11, 12, 13, 14])
    expect(library.get(id)?.meta.live).toBe(true)
    await recorder.stop(id)
    expect(states).toEqual(
      ['resolving', 'recording', 'stopping', 'stopped'].map((s) => `${id}:${s}`),
    )
    expect(library.get(id)?.meta).toMatchObject({ state: 'stopped' })
    expect(await library.get(id)?.readResumeInfo()).toBeUndefined()
    expect(recorder.status(id)).toBeUndefined()
    expect(library.openTemps).toBe(0)
  })

  it.each([1, 5, 30])(
    'F01 says late and then stalled when the playlist stands still for %i min, keeps its pace, and recovers',
    async (minutes) => {
      const { clock, recorder, record, slideTo, http } = setUp()
      const { id } = await record()
      const before = count(http.requests, playlistUrl)
      await clock.advance(4000)
      const late = { cause: { code: 'source_timeout' } }
      expect(recorder.status(id)).toMatchObject({ state: 'recording', reason: late })
      await clock.advance(3500)
      expect(recorder.status(id)).toMatchObject({ state: 'stalled', reason: late })
      await clock.advance(minutes * 60_000 - 7500)
      expect(recorder.status(id)?.outstandingSec).toBeCloseTo(minutes * 60 - 2, 0)
      // Half a target duration apart, but for the first one, which may bring something (RFC 8216 6.3.4).
      expect(count(http.requests, playlistUrl) - before).toBe(minutes * 60 - 1)
      slideTo(12)
      await clock.advance(2000)
      expect(recorder.status(id)?.state).toBe('recording')
      expect(recorder.status(id)?.reason?.cause).toBeUndefined()
      expect(recorder.status(id)?.outstandingSec).toBeUndefined()
    },
  )

  it('F01 names the next try in whole milliseconds, as the contract has instants, while timers are late by parts of one', async () => {
    const { clock, recorder, record } = setUp()
    const { id } = await record()
    clock.setLateness(0.4)
    await clock.advance(30_000)
    const { state, reason } = recorder.status(id) ?? {}
    expect(state).toBe('stalled')
    expect(reason?.nextTryMs).toSatisfy(Number.isInteger)
  })

  it('tells state, cause and next try of a failure at once, and takes it back with the next segment', async () => {
    let isDown = false
    const { clock, recorder, record, slideTo } = setUp(() =>
      isDown ? { error: new VsrError('connection_failed', 'No connection.') } : undefined,
    )
    const { id } = await record()
    isDown = true
    await clock.advance(2000)
    expect(recorder.status(id)).toMatchObject({
      state: 'recording',
      reason: { sinceMs: clock.nowMs(), cause: { code: 'connection_failed' } },
    })
    expect(recorder.status(id)?.reason?.nextTryMs).toBeGreaterThan(clock.nowMs())
    isDown = false
    slideTo(12)
    await clock.advance(2000)
    expect(recorder.status(id)).toMatchObject({ state: 'recording' })
    expect(recorder.status(id)?.reason?.cause).toBeUndefined()
  })

  it('F23 ends by itself when the source does, with everything stored', async () => {
    const { library, record, slideTo, states, recorder } = setUp()
    slideTo(0, { count: 5, endList: true })
    const { id } = await record()
    expect(numbers(library.rows(id))).toEqual([0, 1, 2, 3, 4])
    expect(states.at(-1)).toBe(`${id}:stopped`)
    expect(library.get(id)?.meta).toMatchObject({ state: 'stopped', live: false })
    expect(await library.get(id)?.readResumeInfo()).toBeUndefined()
    expect(recorder.status(id)).toBeUndefined()
  })

  it('F34 goes on in the same epoch after a restart, and notes what went by meanwhile', async () => {
    const { clock, library, record, recorder, slideTo, create, resolve } = setUp()
    const recording = await record()
    const { id } = recording
    await recorder.close()
    expect(recording.meta.state).toBe('recording')
    expect(await recording.readResumeInfo()).toBeDefined()
    await clock.advance(10_000)
    slideTo(15)
    create().start({ recording, quality: 'best', resolve })
    await clock.settle()
    expect(numbers(library.rows(id))).toEqual([10, 11, 12, 15, 16, 17])
    expect(gaps(library.rows(id))).toMatchObject([
      { mediaSequence: 13, count: 2, cause: 'restart' },
    ])
    expect(library.rows(id).filter((row) => row.kind === 'discontinuity')).toHaveLength(1)
  })

  it('lets a download that is under way finish when it is stopped', async () => {
    let answerSegment: (answer: FakeAnswer) => void = () => {}
    const late = new Promise<FakeAnswer>((resolve) => {
      answerSegment = resolve
    })
    const { clock, library, recorder, record } = setUp((request) =>
      request.url.endsWith('a-12.ts') ? { later: late } : undefined,
    )
    const { id } = await record()
    const stopping = recorder.stop(id)
    await clock.advance(1000)
    expect(recorder.status(id)?.state).toBe('stopping')
    answerSegment({ body: segmentBody })
    await stopping
    expect(numbers(library.rows(id))).toEqual([10, 11, 12])
  })

  it('stores what came behind a segment that did not when it is stopped, with a gap for that one', async () => {
    const { clock, library, recorder, record } = setUp((request) =>
      request.url.endsWith('a-11.ts') ? { status: 404 } : undefined,
    )
    const { id } = await record()
    await clock.advance(5000)
    expect(numbers(library.rows(id))).toEqual([10])
    await recorder.stop(id)
    expect(numbers(library.rows(id))).toEqual([10, 12])
    expect(gaps(library.rows(id))).toMatchObject([
      { mediaSequence: 11, count: 1, cause: 'not-found' },
    ])
    expect(library.openTemps).toBe(0)
  })

  it('waits no longer than 5 s for one that never comes, and leaves nothing behind', async () => {
    const { clock, library, recorder, record } = setUp((request) =>
      request.url.endsWith('a-11.ts')
        ? {
            later: new Promise((_, reject) =>
              request.signal.addEventListener('abort', () => reject(new Error('aborted'))),
            ),
          }
        : undefined,
    )
    const { id } = await record()
    const stopping = recorder.stop(id)
    await clock.advance(5000)
    await stopping
    expect(numbers(library.rows(id))).toEqual([10, 12])
    expect(gaps(library.rows(id))).toMatchObject([{ mediaSequence: 11, cause: 'timeout' }])
    expect(library.openTemps).toBe(0)
    expect(library.get(id)?.meta.state).toBe('stopped')
  })

  it('keeps recordings apart: one that fails does not touch the other', async () => {
    const { clock, library, recorder, record, slideTo } = setUp((request) =>
      request.url.startsWith('http://other/') ? { status: 500 } : undefined,
    )
    const good = await record()
    const bad = await record({ source: { ...source, playlistUrl: 'http://other/live.m3u8' } })
    slideTo(12)
    await clock.advance(2000)
    expect(numbers(library.rows(good.id))).toEqual([10, 11, 12, 13, 14])
    expect(recorder.status(bad.id)?.state).toBe('resolving')
    await recorder.stop(bad.id)
    expect(recorder.status(good.id)?.state).toBe('recording')
  })

  it('starts another session when one breaks by a fault of its own', async () => {
    let faults = 1
    const { clock, library, recorder, record, slideTo } = setUp((request) => {
      if (request.kind === 'segment' && faults > 0) {
        faults -= 1
        return { error: new TypeError('a bug') }
      }
      return undefined
    })
    const { id } = await record()
    expect(recorder.status(id)).toMatchObject({
      state: 'stalled',
      reason: { cause: { code: 'internal' } },
    })
    slideTo(11)
    await clock.advance(3000)
    expect(numbers(library.rows(id)).at(-1)).toBe(13)
    expect(recorder.status(id)?.state).toBe('recording')
  })

  it('sends the headers of the source to its own origin only', async () => {
    const { http, record, slideTo } = setUp()
    slideTo(10, { host: 'http://cdn' })
    await record()
    const sent = (kind: HttpRequest['kind']) => http.requests.find((r) => r.kind === kind)?.headers
    expect(sent('playlist')).toEqual({ cookie: 'a' })
    expect(sent('segment')).toEqual({})
  })

  it('can be stopped, closed and started twice', async () => {
    const { recorder, record, resolve, library } = setUp()
    const recording = await record()
    recorder.start({ recording, quality: 'best', resolve })
    await Promise.all([recorder.stop(recording.id), recorder.stop(recording.id)])
    await recorder.stop('unknown')
    await recorder.close()
    await recorder.close()
    recorder.start({ recording, quality: 'best', resolve })
    expect(recorder.status(recording.id)).toBeUndefined()
    expect(numbers(library.rows(recording.id))).toEqual([10, 11, 12])
  })
})
