import { describe, expect, it } from 'vitest'
import type { HttpRequest } from '../../../src-main/fetch/http'
import type { MediaPlaylist } from '../../../src-main/hls/playlist'
import type { FakeAnswer } from '../../support/fake-http'
import {
  count,
  gaps,
  numbers,
  playlistUrl,
  segmentBody,
  setUpRecorder,
} from '../../support/fake-recorder'
import { mediaPlaylist, withParts } from '../../support/playlists'

const serverControl = { canBlockReload: true, canSkipDateRanges: false }
const partsPerSegment = 4

/** A listing of three segments and some parts of the next; the parts of the one before are listed, too. */
function listingOf(first: number, parts: number): MediaPlaylist {
  const growing = withParts(mediaPlaylist({ first, count: 3 }), { parts })
  const before = withParts(mediaPlaylist({ first: first - 1, count: 3 }), {
    parts: partsPerSegment,
  })
  return { ...growing, serverControl, parts: [...(before.parts ?? []), ...(growing.parts ?? [])] }
}

/** A source that holds a blocking request until the test lists what it asks for. */
function setUp(answer?: (request: HttpRequest, earlier: number) => FakeAnswer | undefined) {
  let listing = listingOf(10, 0)
  const held = new Set<() => void>()
  const answerOf = (url: string): FakeAnswer | undefined => {
    const query = new URL(url).searchParams
    const [msn, part] = [query.get('_HLS_msn'), query.get('_HLS_part')].map((text) =>
      text === null ? undefined : Number(text),
    )
    const last = listing.segments.at(-1)?.mediaSequence ?? 0
    const isThere =
      msn === undefined ||
      last >= msn ||
      (part !== undefined &&
        (listing.parts ?? []).some((p) => p.mediaSequence === msn && p.partIndex >= part))
    return isThere ? { body: JSON.stringify(listing) } : undefined
  }
  const hold = (url: string): FakeAnswer => {
    const now = answerOf(url)
    if (now !== undefined) return now
    return {
      later: new Promise((resolve) => {
        const look = () => {
          const answered = answerOf(url)
          if (answered === undefined) return
          held.delete(look)
          resolve(answered)
        }
        held.add(look)
      }),
    }
  }
  const setup = setUpRecorder((request, earlier) => {
    const special = answer?.(request, earlier)
    if (special !== undefined) return special
    return request.kind === 'playlist' ? hold(request.url) : undefined
  })
  const list = async (first: number, parts: number) => {
    listing = listingOf(first, parts)
    for (const look of held) look()
    await setup.clock.advance(500)
  }
  const asked = (kind: HttpRequest['kind']) =>
    setup.http.requests.filter((request) => request.kind === kind).map(({ url }) => url)
  return { ...setup, list, asked, held }
}

describe('low latency', () => {
  it('asks for each part when it is expected, and stores the segment from its parts', async () => {
    const { clock, library, record, list, asked, http } = setUp()
    const { id } = await record()
    await clock.advance(500)
    for (let parts = 1; parts <= partsPerSegment; parts += 1) await list(10, parts)
    await list(11, 0)
    await list(11, 1)
    expect(asked('playlist').slice(2)).toEqual(
      [
        [13, 0],
        [13, 1],
        [13, 2],
        [13, 3],
        [13, 4],
        [14, 0],
        [14, 1],
      ].map(([msn, part]) => `${playlistUrl}?_HLS_msn=${msn}&_HLS_part=${part}`),
    )
    expect(numbers(library.rows(id))).toEqual([10, 11, 12, 13])
    expect(count(http.requests, 'http://edge1/a-13.ts')).toBe(0)
    expect(asked('part')).toEqual(
      ['13.0', '13.1', '13.2', '13.3', '14.0'].map((name) => `http://edge1/a-${name}.ts`),
    )
    const rows = library.rows(id).filter((row) => row.kind === 'segment')
    expect(rows.at(-1)).toMatchObject({ bytes: segmentBody.length * partsPerSegment })
    expect(library.openTemps).toBe(0)
  })

  it('lets a held request wait for three target durations more than any other', async () => {
    const { clock, record, http } = setUp()
    await record()
    await clock.advance(500)
    expect(http.requests.at(-1)).toMatchObject({ kind: 'playlist', holdMs: 6000 })
  })

  it('ends the request that is held when the recording is stopped', async () => {
    const { clock, recorder, record, http, list } = setUp()
    const { id } = await record()
    await clock.advance(500)
    const { signal } = http.requests.at(-1) ?? {}
    const stopped = recorder.stop(id)
    expect(signal?.aborted).toBe(true)
    await list(11, 0)
    await stopped
    expect(recorder.status(id)).toBeUndefined()
  })

  it.each<[string, FakeAnswer]>([
    ['fails', { status: 404 }],
    ['is no media', { body: '<html>no</html>' }],
    ['is cut', { body: segmentBody.subarray(0, 200) }],
  ])('fetches the segment where a part %s', async (_, answer) => {
    const { clock, library, record, list, http } = setUp(({ url }) =>
      url.endsWith('a-13.2.ts') ? answer : undefined,
    )
    const { id } = await record()
    await clock.advance(500)
    for (let parts = 1; parts <= partsPerSegment; parts += 1) await list(10, parts)
    await list(11, 0)
    expect(numbers(library.rows(id))).toEqual([10, 11, 12, 13])
    expect(count(http.requests, 'http://edge1/a-13.ts')).toBe(1)
    expect(library.rows(id).at(-1)).toMatchObject({ bytes: segmentBody.length })
    expect(library.openTemps).toBe(0)
  })

  it('F11 waits a few seconds for a part that hangs, then fetches the segment', async () => {
    const { clock, library, record, list, http } = setUp(({ url }) =>
      url.endsWith('a-13.3.ts') ? { later: new Promise(() => {}) } : undefined,
    )
    const { id } = await record()
    await clock.advance(500)
    for (let parts = 1; parts <= partsPerSegment; parts += 1) await list(10, parts)
    await list(11, 0)
    expect(count(http.requests, 'http://edge1/a-13.ts')).toBe(0)
    await clock.advance(3000)
    expect(numbers(library.rows(id))).toEqual([10, 11, 12, 13])
    expect(count(http.requests, 'http://edge1/a-13.ts')).toBe(1)
  })

  it('falls back to plain requests when blocking ones are refused, and loses nothing', async () => {
    const { clock, library, record, list, asked } = setUp(({ url }) =>
      url.includes('_HLS_') ? { status: 500 } : undefined,
    )
    const { id } = await record()
    for (let first = 11; first < 40; first += 1) {
      await list(first, 0)
      await clock.advance(1500)
    }
    expect(gaps(library.rows(id))).toEqual([])
    expect(numbers(library.rows(id)).length).toBeGreaterThan(29)
    const refused = asked('playlist').filter((url) => url.includes('_HLS_'))
    expect(refused.length).toBeLessThan(7)
  })

  it('F01 does not hammer a source that claims to block and answers at once', async () => {
    const { clock, record, asked, recorder } = setUp(({ kind }) =>
      kind === 'playlist' ? { body: JSON.stringify(listingOf(10, 1)) } : undefined,
    )
    const { id } = await record()
    await clock.advance(60_000)
    expect(asked('playlist').length).toBeLessThan(70)
    expect(recorder.status(id)).toMatchObject({ state: 'stalled' })
  })

  it('F10 asks plainly first after an outage', async () => {
    let broken = false
    const { clock, record, list, asked } = setUp(() => (broken ? { status: 500 } : undefined))
    await record()
    await clock.advance(500)
    broken = true
    await list(10, 1)
    await clock.advance(60_000)
    const during = asked('playlist').length
    broken = false
    await list(20, 0)
    await clock.advance(10_000)
    expect(asked('playlist').slice(during, during + 2)).toEqual([
      playlistUrl,
      `${playlistUrl}?_HLS_msn=23&_HLS_part=0`,
    ])
  })
})
