import { describe, expect, it } from 'vitest'
import type { HttpRequest } from '../../../../src-main/fetch/http'
import type { MediaPlaylist } from '../../../../src-main/hls/playlist'
import { silentLogger } from '../../../../src-main/ports/logger'
import type { LiveTrack } from '../../../../src-main/ports/live-parts'
import { createPartLoader } from '../../../../src-main/recorder/parts/part-loader'
import { createFakeClock } from '../../../support/fake-clock'
import { createFakeHttp, type FakeAnswer } from '../../../support/fake-http'
import { mediaPlaylist, onlyStream, withParts } from '../../../support/playlists'
import { holdersOf } from '../../../support/signal-holders'

const urlOf = (name: string) => `http://edge1/a-${name}.ts`
const listing = (first: number, parts: number, hint?: string): MediaPlaylist => ({
  ...withParts(mediaPlaylist({ first, count: 3 }), { parts }),
  ...(hint === undefined ? {} : { preloadHint: { uri: urlOf(hint) } }),
})

/** A loader whose server's answers the test gives, by the end of the URL. */
function setUp(answers: Readonly<Record<string, FakeAnswer>> = {}) {
  const clock = createFakeClock()
  const stopping = new AbortController()
  const answerOf = ({ url }: HttpRequest, earlier: number): FakeAnswer => {
    const name = Object.keys(answers).find((end) => url.endsWith(end))
    const given = name === undefined ? undefined : answers[name]
    return given !== undefined && earlier === 0 ? given : { body: url }
  }
  const http = createFakeHttp(answerOf)
  const seen: (LiveTrack | undefined)[] = []
  const requestBase = (signal: AbortSignal) => ({
    origin: 'http://edge1',
    headers: { cookie: 'a' },
    allowPrivateNetwork: true,
    signal,
  })
  const loader = createPartLoader({
    requestBase,
    http,
    clock,
    logger: silentLogger,
    signal: stopping.signal,
    onChange: (live) => seen.push(live),
  })
  const list = async (playlist: MediaPlaylist, epoch = 0, stream = onlyStream) => {
    loader.onListing({ epoch, playlist, stream })
    await clock.settle()
  }
  const take = async (playlist: MediaPlaylist, epoch = 0) => {
    const segment = playlist.segments.at(-1)
    if (segment === undefined) throw new Error('the listing is empty')
    const bodies = await loader.take({ epoch, startMs: 0, segment, stream: onlyStream })
    return bodies?.map((body) => Buffer.from(body).toString())
  }
  /** The whole segment 13 with its parts still listed. */
  const whole = (parts: number): MediaPlaylist => ({
    ...listing(11, 0),
    parts: listing(10, parts).parts ?? [],
  })
  const urls = () => http.requests.map(({ url }) => url)
  const atHand = () =>
    (seen.at(-1)?.segments ?? []).map(({ mediaSequence, parts }) => [mediaSequence, parts.length])
  return { clock, http, loader, stopping, list, take, whole, urls, atHand }
}

const all = ['13.0', '13.1', '13.2', '13.3'].map(urlOf)

describe('createPartLoader', () => {
  it('gives the bytes of a segment once, and keeps its parts for those who watch', async () => {
    const { list, take, whole, atHand } = setUp()
    await list(listing(10, 2))
    expect(atHand()).toEqual([[13, 2]])
    await list(whole(4))
    expect(await take(whole(4))).toEqual(all)
    expect(await take(whole(4))).toBeUndefined()
    expect(atHand()).toEqual([
      [13, 4],
      [14, 0],
    ])
  })

  it('asks for a hinted part before it is listed, and never again', async () => {
    let arrive: (answer: FakeAnswer) => void = () => {}
    const later = new Promise<FakeAnswer>((resolve) => {
      arrive = resolve
    })
    const { http, list, take, whole, urls, atHand } = setUp({ '13.3.ts': { later } })
    await list(listing(10, 3, '13.3'))
    const early = http.requests.find(({ url }) => url === urlOf('13.3'))
    expect(early).toMatchObject({ holdMs: 6000, kind: 'part' })
    await list(listing(10, 4, '14.0'))
    expect(atHand()).toEqual([[13, 3]])
    arrive({ body: urlOf('13.3') })
    await list(whole(4))
    expect(await take(whole(4))).toEqual(all)
    expect(urls().filter((url) => url === urlOf('13.3'))).toHaveLength(1)
  })

  it('asks again for a part whose hint came to nothing', async () => {
    const { list, take, whole, urls } = setUp({ '13.3.ts': { status: 404 } })
    await list(listing(10, 3, '13.3'))
    await list(listing(10, 4))
    await list(whole(4))
    expect(await take(whole(4))).toEqual(all)
    expect(urls().filter((url) => url === urlOf('13.3'))).toHaveLength(2)
  })

  it('lets go of a hint that is no longer given', async () => {
    const never = new Promise<FakeAnswer>(() => {})
    const { http, list } = setUp({ '13.1.ts': { later: never } })
    await list(listing(10, 1, '13.1'))
    const held = http.requests.find(({ url }) => url === urlOf('13.1'))
    expect(held?.signal.aborted).toBe(false)
    await list(listing(10, 1, 'other'))
    expect(held?.signal.aborted).toBe(true)
  })

  it('waits with a hint whose end is open until it is listed', async () => {
    const { list, urls } = setUp()
    await list({ ...listing(10, 0), preloadHint: { uri: urlOf('13'), byteRange: { offset: 100 } } })
    expect(urls()).toEqual([])
  })

  it('asks for a part of a resource as the range that it is', async () => {
    const { list, http } = setUp()
    const [part] = listing(10, 1).parts ?? []
    if (part === undefined) throw new Error('no part')
    const byteRange = { offset: 188, length: 376 }
    await list({ ...listing(10, 0), parts: [{ ...part, byteRange }] })
    expect(http.requests).toMatchObject([{ url: part.uri, byteRange }])
  })

  it('takes no part of a segment that it joins in the middle of', async () => {
    const { list, urls, take, whole } = setUp()
    await list({ ...listing(10, 0), parts: (listing(10, 3).parts ?? []).slice(1) })
    await list(whole(4))
    expect(urls()).toEqual(all)
    expect(await take(whole(4))).toEqual(all)
  })

  it('takes no part of a segment that begins behind a break, and those around it', async () => {
    const { list, take, whole, atHand, urls } = setUp()
    await list(listing(9, 4, '13.0'))
    const parts = [...(listing(9, 4).parts ?? []), ...(listing(10, 2).parts ?? [])]
    await list({ ...listing(10, 2, '13.2'), parts, partsBreak: true })
    expect(atHand()).toEqual([[12, 4]])
    await list({ ...whole(4), parts: [...(whole(4).parts ?? []), ...(listing(11, 1).parts ?? [])] })
    expect(atHand()).toEqual([
      [12, 4],
      [14, 1],
    ])
    expect(await take(listing(10, 0))).toHaveLength(4)
    expect(await take(whole(4))).toBeUndefined()
    // The hint came before the break was told.
    const asked = ['12.0', '12.1', '12.2', '12.3', '13.0', '14.0'].map(urlOf)
    expect(urls().toSorted()).toEqual(asked)
  })

  it('sends the source headers to its own origin only (S15)', async () => {
    const { list, http } = setUp()
    const { parts = [] } = listing(10, 2)
    await list({
      ...listing(10, 0),
      parts: parts.map((part, at) => (at === 1 ? { ...part, uri: 'http://cdn/x.ts' } : part)),
    })
    expect(http.requests.map(({ headers }) => headers)).toEqual([{ cookie: 'a' }, {}])
  })

  it('forgets everything where the listing comes from another place: its parts may be of another encoding', async () => {
    const { list, take, whole, atHand } = setUp()
    await list(listing(10, 2))
    await list(whole(4), 0, { ...onlyStream, pathwayId: 'b' })
    expect(atHand()).toEqual([[14, 0]])
    expect(await take(whole(4))).toBeUndefined()
  })

  it('forgets everything when a new epoch begins, and ignores an older copy', async () => {
    const { list, take, whole, atHand, urls } = setUp()
    await list(listing(10, 2))
    await list(listing(8, 2))
    expect(urls()).toEqual(['13.0', '13.1'].map(urlOf))
    await list(listing(10, 1), 1)
    expect(atHand()).toEqual([[13, 1]])
    await list(whole(4), 1)
    expect(await take(whole(4), 0)).toBeUndefined()
    expect(await take(whole(4), 1)).toEqual(all)
  })

  it('keeps two segments that are whole, no more', async () => {
    const { list, atHand } = setUp()
    for (let first = 10; first < 20; first += 1) await list(listing(first, 1))
    expect(atHand()).toEqual([
      [20, 1],
      [21, 1],
      [22, 1],
    ])
  })

  it('keeps at most 32 MB: the segment is fetched instead (S24)', async () => {
    const large: FakeAnswer = { body: Buffer.alloc(12 * 1024 * 1024) }
    const { list, take, whole, atHand } = setUp({ '.ts': large })
    await list(listing(10, 2))
    expect(atHand()).toEqual([[13, 2]])
    await list(listing(10, 3))
    expect(atHand()).toEqual([])
    await list(whole(4))
    expect(await take(whole(4))).toBeUndefined()
  })

  it('leaves nothing of a part that has come with its signal, which lives as long as the recording', async () => {
    const { list, stopping } = setUp()
    await list(listing(10, 1))
    const before = holdersOf(stopping.signal)
    await list(listing(10, 3))
    expect(holdersOf(stopping.signal)).toBe(before)
  })

  it('ends what is under way when it is closed', async () => {
    const never = new Promise<FakeAnswer>(() => {})
    const { list, loader, http, atHand } = setUp({ '.ts': { later: never } })
    await list(listing(10, 1, '13.1'))
    loader.close()
    expect(http.requests.map(({ signal }) => signal.aborted)).toEqual([true, true])
    expect(atHand()).toEqual([])
    await list(listing(10, 2))
    expect(http.requests).toHaveLength(2)
  })
})
