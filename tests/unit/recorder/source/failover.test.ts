import { describe, expect, it } from 'vitest'
import { HttpError, type HttpRequest } from '../../../../src-main/fetch/http'
import type { MultivariantPlaylist, VariantStream } from '../../../../src-main/hls/playlist'
import type { FakeAnswer } from '../../../support/fake-http'
import {
  gaps,
  numbers,
  playlistUrl,
  segmentBody,
  setUpRecorder,
} from '../../../support/fake-recorder'
import { mediaPlaylist } from '../../../support/playlists'

type Down = (request: HttpRequest) => FakeAnswer | undefined

const zeroMs = Date.UTC(2026, 0, 1)
const variant = (host: string): VariantStream => ({
  uri: `http://${host}/live.m3u8`,
  bandwidth: 1_000_000,
  codecs: '',
  audioGroup: host,
})
const redundant: MultivariantPlaylist = {
  kind: 'multivariant',
  variants: [variant('cdn-a'), variant('cdn-b')],
  renditions: ['cdn-a', 'cdn-b'].map((host) => ({
    type: 'AUDIO',
    groupId: host,
    name: 'English',
    uri: `http://${host}/sound.m3u8`,
    isDefault: true,
    autoselect: true,
  })),
  sessionKeys: [],
}

/** Two redundant copies of one programme with 2 s segments; `down` decides what fails. */
function setUpTwo(
  options: {
    shift?: number
    dated?: boolean
    playlist?: MultivariantPlaylist
    steering?: () => object
  } = {},
) {
  const { shift = 0, dated = true, playlist = redundant, steering } = options
  const asked: { url: string; atMs: number }[] = []
  const world = { next: 13, down: (() => undefined) as Down }
  const answer = (request: HttpRequest): FakeAnswer | undefined => {
    const { host, pathname } = new URL(request.url)
    asked.push({ url: request.url, atMs: setUp.clock.monotonicMs() })
    const failure = world.down(request)
    if (request.kind === 'steering') return { body: JSON.stringify(steering?.()) }
    if (failure !== undefined || !pathname.endsWith('.m3u8')) return failure
    if (request.url === playlistUrl) return { body: JSON.stringify(playlist) }
    const own = host === 'cdn-b' ? shift : 0
    const listing = mediaPlaylist({
      first: world.next - 5 + own,
      count: 5,
      run: host,
      host: `http://${host}`,
      ...(dated ? { zeroMs: zeroMs - own * 2000 } : {}),
    })
    return { body: JSON.stringify(listing) }
  }
  const setUp = setUpRecorder(answer)
  /** One target duration goes by, and the programme goes on by one segment. */
  const tick = async (times = 1) => {
    for (let done = 0; done < times; done += 1) {
      world.next += 1
      await setUp.clock.advance(2000)
    }
  }
  const hostDown = (host: string, only?: HttpRequest['kind']) => {
    world.down = (request) =>
      new URL(request.url).host === host && (only === undefined || request.kind === only)
        ? { status: 500 }
        : undefined
  }
  return { ...setUp, asked, world, tick, hostDown }
}

const from = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at)

describe('fail-over', () => {
  it.each([
    { what: 'same numbers', shift: 0 },
    { what: 'other numbers', shift: 9000 },
  ])('goes on with the other copy without a gap, nothing twice: $what', async ({ shift }) => {
    const { library, record, tick, hostDown } = setUpTwo({ shift })
    const { id } = await record()
    await tick(2)
    hostDown('cdn-a')
    await tick(4)
    for (const trackId of ['v0', 'a0']) {
      const rows = library.rows(id, trackId)
      expect(numbers(rows)).toEqual(from(10, 9))
      expect(gaps(rows)).toEqual([])
      expect(rows.filter((row) => row.kind === 'discontinuity')).toHaveLength(1)
    }
  })

  it('goes on with the sound of the other copy where only that of one is dead; the picture stays', async () => {
    const { library, recorder, record, tick, world } = setUpTwo({ shift: 9000 })
    const { id } = await record()
    await tick(2)
    world.down = ({ url }) => (url.startsWith('http://cdn-a/sound') ? { status: 500 } : undefined)
    await tick(8)
    for (const trackId of ['v0', 'a0']) {
      expect(numbers(library.rows(id, trackId))).toEqual(from(10, 13))
      expect(gaps(library.rows(id, trackId))).toEqual([])
    }
    expect(recorder.status(id)?.trackTroubles).toBeUndefined()
    const activity = (await library.get(id)?.activity())?.list()
    expect(activity).toMatchObject([{ type: 'place', track: 'a0', host: 'cdn-b' }])
  })

  it('keeps the picture where it is when the sound is dead everywhere', async () => {
    const { library, recorder, record, tick, world } = setUpTwo()
    const { id } = await record()
    await tick(2)
    world.down = ({ url }) => (url.includes('/sound') ? { status: 500 } : undefined)
    await tick(20)
    expect(recorder.status(id)).toMatchObject({
      state: 'recording',
      trackTroubles: [{ track: 'a0' }],
    })
    expect(numbers(library.rows(id))).toEqual(from(10, 25))
    const activity = (await library.get(id)?.activity())?.list() ?? []
    expect(activity.some((entry) => entry.type === 'place' && entry.track === 'v0')).toBe(false)
  })

  it('is noted: which track, from where now, and what failed', async () => {
    const { library, record, tick, hostDown } = setUpTwo()
    const { id } = await record()
    await tick(2)
    hostDown('cdn-a')
    await tick(4)
    const activity = (await library.get(id)?.activity())?.list()
    const cause = { code: 'source_http_error' }
    expect(activity).toMatchObject([
      { type: 'place', track: expect.any(String), host: 'cdn-b', number: 2, cause },
      { type: 'place', track: expect.any(String), host: 'cdn-b', number: 2, cause },
    ])
    expect(activity?.map((entry) => 'track' in entry && entry.track).toSorted()).toEqual([
      'a0',
      'v0',
    ])
  })

  it('asks the other copy at the very moment of the second failure', async () => {
    const { asked, record, tick, hostDown } = setUpTwo()
    await record()
    hostDown('cdn-a')
    await tick(2)
    const sound = asked.filter(({ url }) => url.endsWith('sound.m3u8')).slice(-4)
    const firstOfB = sound.findIndex(({ url }) => url.includes('cdn-b'))
    expect(sound.slice(firstOfB - 2, firstOfB).every(({ url }) => url.includes('cdn-a'))).toBe(true)
    expect(sound[firstOfB]?.atMs).toBe(sound[firstOfB - 1]?.atMs)
  })

  it('takes planned segments from the other copy where only the segments fail', async () => {
    const { library, record, tick, hostDown, asked } = setUpTwo({ shift: 300 })
    const { id } = await record()
    hostDown('cdn-a', 'segment')
    await tick(4)
    expect(numbers(library.rows(id))).toEqual(from(10, 7))
    expect(gaps(library.rows(id))).toEqual([])
    // Two failures, not more: then the copy is left.
    const failed = asked.filter(({ url }) => url.includes('cdn-a/cdn-a-13'))
    expect(failed).toHaveLength(4)
  })

  it('takes a single segment that one copy lacks from the other', async () => {
    const { library, record, tick, world } = setUpTwo()
    world.down = ({ url }) => (url.endsWith('cdn-a-14.ts') ? { status: 404 } : undefined)
    const { id } = await record()
    await tick(6)
    expect(numbers(library.rows(id))).toEqual(from(10, 9))
    expect(gaps(library.rows(id))).toEqual([])
  })

  it.each(['everything', 'playlist', 'segment'] as const)(
    'F11 leaves a copy that hangs before anything is lost: %s',
    async (what) => {
      const { library, record, tick, world, clock } = setUpTwo()
      const { id } = await record()
      await tick(2)
      world.down = ({ url, kind, signal, silentAtMostMs = 10_000 }) => {
        if (new URL(url).host !== 'cdn-a' || (what !== 'everything' && kind !== what))
          return undefined
        const hang = async (): Promise<FakeAnswer> => {
          await clock.sleep(silentAtMostMs, signal)
          return { error: new HttpError('source_timeout', 'No answer.') }
        }
        return { later: hang() }
      }
      await tick(12)
      for (const trackId of ['v0', 'a0']) {
        expect(gaps(library.rows(id, trackId))).toEqual([])
        expect(numbers(library.rows(id, trackId))).toEqual(from(10, 17))
      }
    },
  )

  it('gives both copies all the time there is where both are slow', async () => {
    const { library, record, tick, world, clock } = setUpTwo()
    const { id } = await record()
    await tick(2)
    world.down = ({ kind, signal, silentAtMostMs = 10_000 }) => {
      if (kind !== 'segment') return undefined
      const slow = async (): Promise<FakeAnswer> => {
        await clock.sleep(Math.min(3000, silentAtMostMs), signal)
        if (silentAtMostMs < 3000) return { error: new HttpError('source_timeout', 'No answer.') }
        return { body: segmentBody }
      }
      return { later: slow() }
    }
    await tick(30)
    expect(gaps(library.rows(id))).toEqual([])
    expect(numbers(library.rows(id)).length).toBeGreaterThan(30)
  })

  it('begins a new epoch where nothing tells how the copies belong together, and loses nothing', async () => {
    const { library, record, tick, hostDown } = setUpTwo({ shift: 90_000, dated: false })
    const { id } = await record()
    await tick(2)
    hostDown('cdn-a')
    await tick(4)
    const rows = library.rows(id)
    expect(gaps(rows)).toEqual([])
    const reasons = rows.flatMap((row) => (row.kind === 'discontinuity' ? [row.reason] : []))
    expect(reasons).toEqual(['epoch', 'epoch'])
    const own = numbers(rows).map((number) => number % 90_000)
    expect(own).toEqual(from(10, own.length))
  })

  it('goes on trying where both are down, and with whichever comes back first', async () => {
    const { library, record, tick, world, hostDown } = setUpTwo()
    const { id } = await record()
    world.down = () => ({ status: 500 })
    await tick(2)
    hostDown('cdn-a')
    await tick(6)
    expect(gaps(library.rows(id)).reduce((sum, { count }) => sum + count, 0)).toBeLessThan(8)
    expect(numbers(library.rows(id)).at(-1)).toBeGreaterThanOrEqual(18)
  })

  it('F18 leaves a copy whose addresses are refused, although the source itself cannot be asked again', async () => {
    const { library, record, tick, world, clock } = setUpTwo()
    const { id } = await record()
    await clock.advance(6000)
    world.down = ({ url }) => (url.includes('cdn-b') ? undefined : { status: 403 })
    await tick(5)
    expect(numbers(library.rows(id))).toEqual(from(10, 8))
    expect(gaps(library.rows(id))).toEqual([])
  })

  it('follows the order of a steering server, clones included, without a gap', async () => {
    const steering = { VERSION: 1, TTL: 10, 'PATHWAY-PRIORITY': ['A'] }
    const clone = { 'BASE-ID': 'A', ID: 'C', 'URI-REPLACEMENT': { HOST: 'cdn-c' } }
    let answer: object = steering
    const { library, record, tick, asked } = setUpTwo({
      shift: 40,
      playlist: {
        ...redundant,
        variants: redundant.variants.map((item, at) => ({ ...item, pathwayId: 'AB'.charAt(at) })),
        contentSteering: { serverUri: 'http://steer/m' },
      },
      steering: () => answer,
    })
    const { id } = await record()
    await tick(3)
    answer = { ...steering, 'PATHWAY-PRIORITY': ['B'] }
    await tick(6)
    answer = { ...steering, 'PATHWAY-PRIORITY': ['C', 'B'], 'PATHWAY-CLONES': [clone] }
    await tick(8)
    expect(numbers(library.rows(id))).toEqual(from(10, 20))
    expect(gaps(library.rows(id))).toEqual([])
    const hosts = asked.filter(({ url }) => /cdn-.\/live/.test(url)).map(({ url }) => url[11])
    expect(hosts.join('')).toMatch(/^a+b+c+$/)
  })
})
