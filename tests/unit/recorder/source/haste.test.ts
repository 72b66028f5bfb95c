import { describe, expect, it } from 'vitest'
import { HttpError, type HttpRequest } from '../../../../src-main/fetch/http'
import { replaceableSilenceMs } from '../../../../src-main/fetch/load-policy'
import type { MediaPlaylist, MultivariantPlaylist } from '../../../../src-main/hls/playlist'
import type { FakeAnswer } from '../../../support/fake-http'
import {
  gaps,
  numbers,
  playlistUrl,
  segmentBody,
  setUpRecorder,
} from '../../../support/fake-recorder'
import { mediaPlaylist, withParts } from '../../../support/playlists'

/** Where another place has it too, one that is silent is not waited for as long as one that is the only one. */

const TARGET_SEC = 2
/** How long a request that is in no haste waits. */
const USUAL_MS = 10_000
const hosts = ['cdn-a', 'cdn-b']

const from = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at)

/**
 * A programme at one place, or at two that are alike.
 *
 * @param listingAt what a place lists now.
 */
function setUp(places: readonly string[], listingAt: (host: string) => MediaPlaylist) {
  const main: MultivariantPlaylist = {
    kind: 'multivariant',
    variants: places.map((host) => ({
      uri: `http://${host}/live.m3u8`,
      bandwidth: 1_000_000,
      codecs: '',
    })),
    renditions: [],
    sessionKeys: [],
  }
  /** No more media come from the first place. */
  const world = { isSilent: false }
  const isMedia = ({ kind }: HttpRequest) => kind === 'segment' || kind === 'part'
  const silence = async ({ silentAtMostMs = USUAL_MS, signal }: HttpRequest) => {
    await recorder.clock.sleep(silentAtMostMs, signal)
    return { error: new HttpError('source_timeout', 'No answer.') }
  }
  const recorder = setUpRecorder((request): FakeAnswer | undefined => {
    if (request.url === playlistUrl) return { body: JSON.stringify(main) }
    const { host } = new URL(request.url)
    if (request.kind === 'playlist') return { body: JSON.stringify(listingAt(host)) }
    if (world.isSilent && isMedia(request) && host === 'cdn-a') return { later: silence(request) }
    const segments = (request.byteRange?.length ?? segmentBody.length) / segmentBody.length
    return { body: Buffer.concat(Array.from({ length: segments }, () => segmentBody)) }
  })
  const asked = (kind: HttpRequest['kind'], host: string) =>
    recorder.http.requests.filter(
      (request) => request.kind === kind && new URL(request.url).host === host,
    )
  return { ...recorder, world, asked }
}

const silences = (requests: readonly HttpRequest[]) => [
  ...new Set(requests.map(({ silentAtMostMs }) => silentAtMostMs)),
]

describe('F11 haste', () => {
  /** Segments up to `next`, and two parts of that one. */
  const liveAt = (host: string, next: number): MediaPlaylist => {
    const listing = mediaPlaylist({ first: next - 5, count: 5, host: `http://${host}` })
    const { parts = [], ...rest } = withParts(listing, { parts: 2 })
    const ownParts = parts.map((part) => ({ ...part, uri: part.uri.replace('edge1', host) }))
    return { ...rest, parts: ownParts }
  }

  function setUpLive(places: readonly string[]) {
    let next = 13
    const live = setUp(places, (host) => liveAt(host, next))
    const tick = async (times: number) => {
      for (let done = 0; done < times; done += 1) {
        next += 1
        await live.clock.advance(TARGET_SEC * 1000)
      }
    }
    return { ...live, tick }
  }

  it('with the parts of a segment: a silent place is left before anything is lost', async () => {
    const { record, library, world, asked, tick } = setUpLive(hosts)
    const { id } = await record()
    await tick(2)
    world.isSilent = true
    await tick(10)
    expect(silences(asked('part', 'cdn-a'))).toEqual([replaceableSilenceMs(TARGET_SEC)])
    expect(asked('part', 'cdn-b').length).toBeGreaterThan(0)
    expect(gaps(library.rows(id))).toEqual([])
    expect(numbers(library.rows(id))).toEqual(from(10, numbers(library.rows(id)).length))
    expect(numbers(library.rows(id)).at(-1)).toBeGreaterThanOrEqual(23)
  })

  it('not with the parts of the only place', async () => {
    const { record, asked, tick } = setUpLive(['cdn-a'])
    await record()
    await tick(4)
    expect(silences(asked('part', 'cdn-a'))).toEqual([undefined])
  })

  const COUNT = 40
  const completeAt = (host: string) =>
    mediaPlaylist({
      first: 0,
      count: COUNT,
      host: `http://${host}`,
      endList: true,
      patch: ({ mediaSequence }) => ({
        uri: `http://${host}/all.ts`,
        byteRange: { offset: mediaSequence * segmentBody.length, length: segmentBody.length },
      }),
    })

  it('with several byte ranges of a finished video: the rest comes from the other place', async () => {
    const { record, library, world, asked, clock } = setUp(hosts, completeAt)
    world.isSilent = true
    const { id } = await record()
    await clock.advance(USUAL_MS)
    const several = asked('segment', 'cdn-a').filter(
      ({ byteRange }) => (byteRange?.length ?? 0) > segmentBody.length,
    )
    expect(several.length).toBeGreaterThan(0)
    expect(silences(several)).toEqual([replaceableSilenceMs(TARGET_SEC)])
    expect(numbers(library.rows(id))).toEqual(from(0, COUNT))
    expect(gaps(library.rows(id))).toEqual([])
  })

  it('not with the byte ranges of the only place', async () => {
    const { record, library, asked, clock } = setUp(['cdn-a'], completeAt)
    const { id } = await record()
    await clock.advance(2000)
    expect(silences(asked('segment', 'cdn-a'))).toEqual([undefined])
    expect(numbers(library.rows(id))).toEqual(from(0, COUNT))
  })
})
