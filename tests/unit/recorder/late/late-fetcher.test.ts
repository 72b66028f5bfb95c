import { describe, expect, it } from 'vitest'
import { HttpError, type HttpRequest } from '../../../../src-main/fetch/http'
import { nextLate } from '../../../../src-main/recorder/late/next-late'
import type { FakeAnswer } from '../../../support/fake-http'
import { count, gaps, numbers, segmentBody, setUpRecorder } from '../../../support/fake-recorder'
import { mediaPlaylist } from '../../../support/playlists'

const url = (number: number) => `http://edge1/a-${number}.ts`
const SEC = 4

/** A source whose window holds 20 segments and moves on by one each time that `live` lets one pass. */
function setUp(answer: (request: HttpRequest, earlier: number) => FakeAnswer | undefined) {
  let first = 0
  const setup = setUpRecorder((request, earlier) =>
    request.kind === 'playlist'
      ? { body: JSON.stringify(mediaPlaylist({ first, count: 20, durationSec: SEC })) }
      : answer(request, earlier),
  )
  const live = async (segments: number) => {
    for (let made = 0; made < segments; made += 1) {
      first += 1
      await setup.clock.advance(SEC * 1000)
    }
  }
  return { ...setup, live }
}

const upTo = (last: number) => Array.from({ length: last - 16 }, (_, at) => at + 17)

describe('what is fetched late', () => {
  it('F08 waits behind none, and is asked for until it comes', async () => {
    const missing = new Set([url(19), url(22)])
    const { library, http, record, live } = setUp((request) =>
      missing.has(request.url) ? { status: 500 } : undefined,
    )
    const { id } = await record()
    await live(9)
    expect(gaps(library.rows(id)).map(({ mediaSequence }) => mediaSequence)).toEqual([19, 22])
    expect(numbers(library.rows(id)).at(-1)).toBeGreaterThanOrEqual(26)
    missing.clear()
    await live(3)
    expect(gaps(library.rows(id))).toEqual([])
    expect(numbers(library.rows(id))).toEqual(upTo(31))
    expect(count(http.requests, url(20))).toBe(1)
  })

  it('F08 is asked for by one request at a time, politely, and no longer than it is there', async () => {
    let now = 0
    let most = 0
    const { library, http, record, live, clock } = setUp((request) => {
      const number = Number(/-(\d+)\.ts$/.exec(request.url)?.[1])
      if (number < 20 || number > 24) return undefined
      return { later: slowly() }
    })
    const slowly = async (): Promise<FakeAnswer> => {
      now += 1
      if (missing() === 5) most = Math.max(most, now)
      await clock.sleep(200)
      now -= 1
      return { status: 404 }
    }
    const { id } = await record()
    const missing = () => gaps(library.rows(id)).reduce((sum, gap) => sum + gap.count, 0)
    await live(16)
    expect(missing()).toBe(5)
    expect(numbers(library.rows(id)).at(-1)).toBeGreaterThan(34)
    const before = http.requests.filter(({ kind }) => kind === 'segment').length
    await live(10)
    const asked = http.requests.filter(({ kind }) => kind === 'segment').length - before - 10
    // The load policy's longest pause is five seconds, jitter taken off.
    expect(asked).toBeGreaterThan(4)
    expect(asked).toBeLessThanOrEqual(12)
    expect(most).toBe(1)
    await live(40)
    const after = http.requests.length
    await live(5)
    expect(
      http.requests.slice(after).filter(({ url: asked }) => /-2[0-4]\.ts/.test(asked)),
    ).toEqual([])
  })

  it('F11 goes on with a download that trickles, instead of beginning it again', async () => {
    const { library, http, record, live, clock } = setUp((request) =>
      request.url === url(21) ? { later: trickle(request.signal) } : undefined,
    )
    const trickle = async (signal: AbortSignal): Promise<FakeAnswer> => {
      await clock.sleep(60_000, signal)
      return { body: segmentBody }
    }
    const { id } = await record()
    await live(11)
    expect(gaps(library.rows(id)).map(({ mediaSequence }) => mediaSequence)).toEqual([21])
    await live(10)
    expect(gaps(library.rows(id))).toEqual([])
    expect(count(http.requests, url(21))).toBe(1)
    expect(library.openTemps).toBe(0)
  })

  it('F30 goes on after a restart', async () => {
    let isMissing = true
    const setup = setUp((request) =>
      isMissing && request.url === url(21) ? { status: 404 } : undefined,
    )
    const { library, recorder, record, live, create, resolve } = setup
    const recording = await record()
    await live(10)
    expect(gaps(library.rows(recording.id))).toHaveLength(1)
    await recorder.close()
    isMissing = false
    create().start({ recording, quality: 'best', resolve })
    await live(3)
    const rows = library.rows(recording.id)
    expect(gaps(rows)).toEqual([])
    expect(numbers(rows)).toEqual(upTo(numbers(rows).at(-1) ?? 0))
    expect(rows.some((row) => row.kind === 'segment' && row.late?.apart === false)).toBe(true)
  })

  it('F10 leaves a gap that no try can help', async () => {
    const { library, http, record, live } = setUp((request) =>
      request.url === url(21)
        ? { error: new HttpError('too_large', 'The segment is too large.') }
        : undefined,
    )
    const { id } = await record()
    await live(12)
    expect(gaps(library.rows(id))).toMatchObject([{ mediaSequence: 21, cause: 'too-large' }])
    expect(count(http.requests, url(21))).toBe(1)
  })

  it('F08 gets what is missing of a source that has ended, before the recording ends', async () => {
    let askedFor = 0
    const { clock, library, record, slideTo } = setUpRecorder((request) => {
      if (!request.url.endsWith('a-1.ts')) return undefined
      askedFor += 1
      return askedFor <= 18 ? { status: 500 } : undefined
    })
    slideTo(0, { count: 5, endList: true })
    const recording = await record()
    await clock.advance(120_000)
    expect(recording.meta.state).toBe('stopped')
    expect(numbers(library.rows(recording.id))).toEqual([0, 1, 2, 3, 4])
  })
})

describe('nextLate', () => {
  it('takes each in turn, the oldest first', () => {
    const late = (mediaSequence: number, attempts: number) => ({ mediaSequence, attempts })
    expect(nextLate([])).toBeUndefined()
    expect(nextLate([late(7, 0), late(5, 0), late(6, 0)])).toEqual(late(5, 0))
    expect(nextLate([late(5, 1), late(7, 0), late(6, 0)])).toEqual(late(6, 0))
  })
})
