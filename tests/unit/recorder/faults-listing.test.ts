import { describe, expect, it } from 'vitest'
import { VsrError } from '../../../src-preload/contract/errors'
import { gaps, numbers, setUpRecorder as setUp } from '../../support/fake-recorder'

describe('recorder, when the listing of its source changes', () => {
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
})
