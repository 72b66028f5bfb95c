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

  it('F03 goes on in a new epoch when the source numbers anew', async () => {
    const { clock, library, record, slideTo } = setUp()
    slideTo(1417)
    const { id } = await record()
    slideTo(2, { run: 'b' })
    await clock.advance(2000)
    slideTo(3, { run: 'b' })
    await clock.advance(2000)
    const rows = library.rows(id)
    expect(numbers(rows)).toEqual([1417, 1418, 1419, 2, 3, 4, 5])
    const epochs = rows.flatMap((row) => (row.kind === 'discontinuity' ? [row.epoch] : []))
    expect(epochs).toEqual([0, 1])
  })

  it('F04 F05 downloads nothing twice when two edges answer by turns', async () => {
    const { clock, http, record, slideTo, library } = setUp()
    slideTo(50, { count: 8 })
    const { id } = await record()
    for (let turn = 1; turn <= 10; turn += 1) {
      slideTo(50 + turn, { count: 8 })
      await clock.advance(1000)
      slideTo(45 + turn, { count: 8, host: 'http://edge2' })
      await clock.advance(1000)
    }
    const media = http.requests.filter(({ kind }) => kind === 'segment').map(({ url }) => url)
    expect(new Set(media).size).toBe(media.length)
    const stored = numbers(library.rows(id))
    expect(stored).toEqual(Array.from({ length: stored.length }, (_, at) => 55 + at))
  })

  it('F06 notes what the window left behind, with the cause it had', async () => {
    let broken = false
    const setup = setUp((request) =>
      broken && request.kind === 'playlist'
        ? { error: new VsrError('connection_failed', 'No connection.') }
        : undefined,
    )
    const { clock, library, record, slideTo } = setup
    const { id } = await record()
    slideTo(36)
    await clock.advance(2000)
    broken = true
    await clock.advance(60_000)
    broken = false
    slideTo(60)
    await clock.advance(20_000)
    expect(gaps(library.rows(id))).toMatchObject([
      { mediaSequence: 13, count: 23, cause: 'sequence-gap' },
      { mediaSequence: 39, count: 21, cause: 'network' },
    ])
  })

  it('F07 asks for no segment that the source marks as a gap', async () => {
    const { http, library, record, slideTo } = setUp()
    slideTo(10, {
      patch: ({ mediaSequence }: { mediaSequence: number }) => ({ gap: mediaSequence !== 12 }),
    })
    const { id } = await record()
    expect(http.requests.filter(({ kind }) => kind === 'segment')).toHaveLength(1)
    expect(gaps(library.rows(id))).toMatchObject([
      { mediaSequence: 10, count: 2, cause: 'source-gap' },
    ])
  })

  it('F08 gets a segment that is late, and gives up one that never comes', async () => {
    const { clock, library, record, slideTo } = setUp((request, earlier) => {
      if (request.url.endsWith('a-11.ts') && earlier < 2) return { status: 404 }
      return request.url.endsWith('a-13.ts') ? { status: 404 } : undefined
    })
    const { id } = await record()
    slideTo(12)
    await clock.advance(4000)
    slideTo(14)
    await clock.advance(10_000)
    expect(numbers(library.rows(id))).toEqual([10, 11, 12, 14, 15, 16])
    expect(gaps(library.rows(id))).toMatchObject([
      { mediaSequence: 13, count: 1, cause: 'not-found' },
    ])
  })

  it('F08 does not hold a long recording up for one segment that is refused', async () => {
    const { clock, library, record, slideTo } = setUp((request) =>
      request.url.endsWith('a-1.ts') ? { status: 500 } : undefined,
    )
    slideTo(0, { count: 3600, endList: true })
    const { id } = await record()
    await clock.advance(70_000)
    const rows = library.rows(id)
    expect(numbers(rows)).toHaveLength(3599)
    expect(gaps(rows)).toMatchObject([{ mediaSequence: 1, count: 1, cause: 'http-error' }])
  })

  it('F08 gets a segment that comes minutes later, as long as it is listed, and all others in their order', async () => {
    let isMissing = true
    const { clock, library, record, slideTo } = setUp((request) =>
      isMissing && request.url.endsWith('a-102.ts') ? { status: 404 } : undefined,
    )
    slideTo(0, { count: 100, playlistType: 'EVENT' })
    const { id } = await record()
    for (let count = 101; count <= 130; count += 1) {
      slideTo(0, { count, playlistType: 'EVENT' })
      await clock.advance(4000)
    }
    isMissing = false
    await clock.advance(10_000)
    expect(gaps(library.rows(id))).toEqual([])
    expect(numbers(library.rows(id))).toEqual(Array.from({ length: 130 }, (_, at) => at))
  })

  it('F08 acknowledges the others after three minutes at most, however long one that never comes is listed', async () => {
    const { clock, library, record, slideTo } = setUp((request) =>
      request.url.endsWith('a-3.ts') ? { status: 404 } : undefined,
    )
    slideTo(0, { count: 3, playlistType: 'EVENT' })
    const { id } = await record()
    for (let count = 4; count <= 20; count += 1) {
      slideTo(0, { count, playlistType: 'EVENT', durationSec: 12 })
      await clock.advance(12_000)
    }
    expect(gaps(library.rows(id))).toMatchObject([{ mediaSequence: 3, cause: 'not-found' }])
    expect(numbers(library.rows(id)).at(-1)).toBe(19)
  })

  it('F09 waits an outage of the whole source out while its window lasts', async () => {
    let down: HttpRequest['kind'][] = []
    const { clock, library, record, slideTo } = setUp(({ kind }) =>
      down.includes(kind) ? { status: 500 } : undefined,
    )
    slideTo(100, { count: 300 })
    const { id } = await record()
    slideTo(101, { count: 300 })
    down = ['segment']
    await clock.advance(2000)
    down = ['segment', 'playlist']
    await clock.advance(120_000)
    slideTo(160, { count: 300 })
    down = []
    await clock.advance(30_000)
    expect(gaps(library.rows(id))).toEqual([])
    expect(numbers(library.rows(id))).toEqual(Array.from({ length: 63 }, (_, at) => 397 + at))
  })

  it('F10 keeps trying through an outage and says why nothing comes', async () => {
    let broken = false
    const { clock, library, recorder, record, slideTo } = setUp(() =>
      broken
        ? { error: new VsrError('dns_failure', 'The address could not be found.') }
        : undefined,
    )
    const { id } = await record()
    broken = true
    await clock.advance(6 * 3_600_000)
    const status = recorder.status(id)
    expect(status).toMatchObject({ state: 'stalled', reason: { cause: { code: 'dns_failure' } } })
    expect(status?.reason?.nextTryMs).toBeGreaterThan(clock.nowMs() - 1)
    broken = false
    slideTo(13)
    await clock.advance(11_000)
    expect(numbers(library.rows(id))).toEqual([10, 11, 12, 13, 14, 15])
    expect(recorder.status(id)?.state).toBe('recording')
  })

  it('F10 says that it is the source that is silent once the network is back', async () => {
    let broken = false
    const { clock, recorder, record } = setUp(() =>
      broken
        ? { error: new VsrError('dns_failure', 'The address could not be found.') }
        : undefined,
    )
    const { id } = await record()
    broken = true
    await clock.advance(60_000)
    broken = false
    await clock.advance(15_000)
    expect(recorder.status(id)).toMatchObject({
      state: 'stalled',
      reason: { cause: { code: 'source_timeout' } },
    })
  })

  it('F12 F15 stores no web page: tries while it is listed, then a gap with its cause', async () => {
    const { clock, library, record, slideTo, http } = setUp((request) =>
      request.url.endsWith('a-11.ts') ? { body: '<html>Sign in</html>' } : undefined,
    )
    const { id } = await record()
    await clock.advance(10_000)
    expect(numbers(library.rows(id))).toEqual([10])
    await clock.advance(10_000)
    expect(numbers(library.rows(id))).toEqual([10, 12])
    slideTo(13)
    await clock.advance(10_000)
    expect(count(http.requests, 'http://edge1/a-11.ts')).toBeGreaterThan(6)
    expect(numbers(library.rows(id))).toEqual([10, 12, 13, 14, 15])
    expect(gaps(library.rows(id))).toMatchObject([{ mediaSequence: 11, cause: 'not-media' }])
    expect(library.openTemps).toBe(0)
  })

  it('F16 keeps trying when a web page comes instead of the playlist', async () => {
    let login = false
    const { clock, library, recorder, record, slideTo } = setUp((request) =>
      login && request.kind === 'playlist' ? { body: '<html>Sign in</html>' } : undefined,
    )
    const { id } = await record()
    login = true
    await clock.advance(5 * 60_000)
    expect(recorder.status(id)).toMatchObject({
      state: 'stalled',
      reason: { cause: { code: 'not_a_playlist' } },
    })
    login = false
    slideTo(12)
    await clock.advance(31_000)
    expect(numbers(library.rows(id))).toEqual([10, 11, 12, 13, 14])
  })

  it('F18 resolves the source again when its playlist is refused', async () => {
    let expired = false
    const setup = setUp((request) =>
      expired && request.kind === 'playlist' ? { status: 403 } : undefined,
    )
    const { clock, world, library, recorder, record, slideTo } = setup
    const { id } = await record({
      source,
      resolve: async () => {
        world.resolves += 1
        expired = false
        return source
      },
    })
    await clock.advance(15_000)
    expect(world.resolves).toBe(0)
    expired = true
    slideTo(12)
    await clock.advance(5000)
    expect(world.resolves).toBe(1)
    expect(numbers(library.rows(id))).toEqual([10, 11, 12, 13, 14])
    expect(recorder.status(id)?.state).toBe('recording')
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

  it('F31 waits for a full disk and stores what the source still has', async () => {
    const { clock, library, recorder, record, slideTo } = setUp()
    const { id } = await record()
    library.failure = new VsrError('disk_full', 'The disk is full.')
    slideTo(12)
    await clock.advance(4000)
    expect(recorder.status(id)).toMatchObject({
      state: 'stalled',
      reason: { cause: { code: 'disk_full' } },
    })
    library.failure = undefined
    await clock.advance(5000)
    expect(numbers(library.rows(id))).toEqual([10, 11, 12, 13, 14])
    expect(recorder.status(id)?.state).toBe('recording')
    expect(library.openTemps).toBe(0)
  })

  it('refuses a protected stream with the reason, for good', async () => {
    const { library, record, slideTo, states } = setUp()
    const key = {
      method: 'SAMPLE-AES',
      uri: 'skd://x',
      keyFormat: 'com.apple.streamingkeydelivery',
    }
    slideTo(10, { patch: () => ({ key }) })
    const { id } = await record()
    expect(states.at(-1)).toBe(`${id}:failed`)
    expect(library.get(id)?.meta).toMatchObject({
      state: 'failed',
      failure: { code: 'drm_protected' },
    })
    expect(library.rows(id)).toEqual([])
  })

  it('keeps recording a stream that turns on protection: stalls with the cause, notes the gap, goes on after it', async () => {
    const { clock, library, recorder, record, slideTo, http } = setUp()
    const fairPlay = {
      method: 'SAMPLE-AES',
      uri: 'skd://x',
      keyFormat: 'com.apple.streamingkeydelivery',
    }
    const isProtected = (mediaSequence: number) => mediaSequence >= 14 && mediaSequence < 18
    const show = (first: number) =>
      slideTo(first, {
        patch: ({ mediaSequence }: { mediaSequence: number }) =>
          isProtected(mediaSequence) ? { key: fairPlay } : {},
      })
    show(10)
    const { id } = await record()
    show(12)
    await clock.advance(2000)
    expect(recorder.status(id)).toMatchObject({
      state: 'stalled',
      reason: {
        sinceMs: clock.nowMs(),
        cause: { code: 'drm_protected', message: expect.stringContaining('FairPlay') as string },
      },
    })
    expect(library.get(id)?.meta.state).toBe('recording')
    show(14)
    await clock.advance(60_000)
    expect(recorder.status(id)).toMatchObject({ reason: { cause: { code: 'drm_protected' } } })
    show(17)
    await clock.advance(2000)
    expect(recorder.status(id)?.state).toBe('recording')
    expect(recorder.status(id)?.reason?.cause).toBeUndefined()
    expect(numbers(library.rows(id))).toEqual([10, 11, 12, 13, 18, 19])
    const missed = gaps(library.rows(id))
    expect(missed.every((row) => row.kind === 'gap' && row.cause === 'protected')).toBe(true)
    expect(missed.reduce((sum, row) => sum + (row.kind === 'gap' ? row.count : 0), 0)).toBe(4)
    const asked = http.requests.filter(({ url }) => /-1[4-7]\.ts/.test(url))
    expect(asked).toEqual([])
  })

  it('a recording that has footage starts again under protection, and waits for its end', async () => {
    const { clock, library, record, recorder, slideTo, create, resolve } = setUp()
    const recording = await record()
    await recorder.close()
    const key = { method: 'SAMPLE-AES-CTR', uri: 'data:x', keyFormat: 'com.widevine' }
    slideTo(13, { patch: () => ({ key }) })
    const again = create()
    again.start({ recording, quality: 'best', resolve })
    await clock.settle()
    expect(again.status(recording.id)).toMatchObject({
      state: 'stalled',
      reason: { cause: { code: 'drm_protected' } },
    })
    slideTo(16)
    await clock.advance(4000)
    expect(numbers(library.rows(recording.id))).toEqual([10, 11, 12, 16, 17, 18])
    expect(again.status(recording.id)?.state).toBe('recording')
    await again.close()
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
