import { describe, expect, it } from 'vitest'
import { VsrError } from '../../../src-preload/contract/errors'
import type { HttpRequest } from '../../../src-main/fetch/http'
import { count, gaps, numbers, setUpRecorder as setUp, source } from '../../support/fake-recorder'

describe('recorder, when its source or its disk fails for a while', () => {
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
})
