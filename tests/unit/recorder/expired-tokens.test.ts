import { describe, expect, it } from 'vitest'
import { VsrError } from '../../../src-preload/contract/errors'
import type { MediaPlaylist, MultivariantPlaylist } from '../../../src-main/hls/playlist'
import type { FakeAnswer } from '../../support/fake-http'
import { gaps, numbers, segmentBody, setUpRecorder, source } from '../../support/fake-recorder'
import { mediaPlaylist } from '../../support/playlists'

/** F18 for what is complete: nothing reloads its list, and the tokens in it expire while it is downloaded. */

const LENGTH = 150
/** Each token is good for so many segments. */
const GOOD_FOR = 40
const json = (value: object): FakeAnswer => ({ body: JSON.stringify(value) })
const all = Array.from({ length: LENGTH }, (_, number) => number)

/**
 * A finished video behind tokens: every list that is asked for names a new one, and one that is used up is refused.
 *
 * @param options.endList false: it may still grow.
 * @param options.ofPage the addresses of the lists have tokens as well, which only the page renews.
 */
function setUp(
  options: { ofPage?: boolean; status?: 401 | 403 | 410; sound?: boolean; endList?: boolean } = {},
) {
  const { ofPage = false, status = 403, sound = false, endList = true } = options
  let tokens = 0
  let pages = 0
  const used = new Map<string, number>()
  const served = new Map<string, number>()
  const asked = new Set<string>()
  const fresh = () => `t${(tokens += 1)}`
  const list = (run: string): MediaPlaylist => {
    const token = fresh()
    const patch = ({ mediaSequence }: { mediaSequence: number }) => ({
      uri: `http://edge1/${run}-${mediaSequence}.ts?token=${token}`,
    })
    const playlistType = endList ? 'VOD' : 'EVENT'
    return mediaPlaylist({ first: 0, count: LENGTH, run, endList, playlistType, patch })
  }
  const main = (page: string): MultivariantPlaylist => ({
    kind: 'multivariant',
    variants: [
      {
        uri: `http://edge1/v.m3u8?page=${page}`,
        bandwidth: 1,
        codecs: '',
        ...(sound ? { audioGroup: 'g' } : {}),
      },
    ],
    renditions: ['en', 'de'].map((language) => ({
      type: 'AUDIO' as const,
      groupId: 'g',
      name: language,
      language,
      uri: `http://edge1/${language}.m3u8?page=${page}`,
      isDefault: language === 'en',
      autoselect: true,
    })),
    sessionKeys: [],
  })
  const recorder = setUpRecorder(({ url, kind }) => {
    const { pathname, searchParams } = new URL(url)
    if (kind === 'playlist') {
      const page = searchParams.get('page') ?? ''
      if (pathname === '/main.m3u8') return json(main(page))
      // An address that the page gave is good for one list.
      if (ofPage && asked.has(page)) return { status }
      asked.add(page)
      return json(list(pathname.slice(1, -5)))
    }
    const token = searchParams.get('token') ?? ''
    const uses = used.get(token) ?? 0
    if (uses >= GOOD_FOR) return { status }
    used.set(token, uses + 1)
    served.set(pathname, (served.get(pathname) ?? 0) + 1)
    return { body: segmentBody }
  })
  const resolve = async () => {
    pages += 1
    return { ...source, playlistUrl: `http://edge1/main.m3u8?page=p${pages}` }
  }
  const untilOver = async (id: string) => {
    for (let sec = 0; sec < 600 && recorder.recorder.status(id) !== undefined; sec += 1) {
      await recorder.clock.advance(1000)
    }
  }
  return { ...recorder, resolve, untilOver, served, pages: () => pages }
}

describe('F18 a finished video whose addresses expire on the way', () => {
  it.each([401, 403, 410] as const)(
    'is loaded to its end with fresh ones after %i, each segment exactly once',
    async (status) => {
      const { record, resolve, untilOver, library, served } = setUp({ status })
      const { id } = await record({ resolve })
      await untilOver(id)
      expect(numbers(library.rows(id))).toEqual(all)
      expect(gaps(library.rows(id))).toEqual([])
      expect([...served.values()].every((times) => times === 1)).toBe(true)
      expect(library.rows(id).filter(({ kind }) => kind === 'discontinuity')).toHaveLength(1)
    },
  )

  it('has its page asked again where the addresses of its lists expire, too', async () => {
    const { record, resolve, untilOver, library, pages } = setUp({ ofPage: true })
    const { id } = await record({ resolve })
    await untilOver(id)
    expect(numbers(library.rows(id))).toEqual(all)
    expect(gaps(library.rows(id))).toEqual([])
    expect(pages()).toBeGreaterThan(1)
    expect(pages()).toBeLessThan(20)
  })

  it('is no different where it may still grow, and its list waits for room', async () => {
    const { record, resolve, clock, library, served } = setUp({ endList: false })
    const { id } = await record({ resolve })
    for (let sec = 0; sec < 120; sec += 1) await clock.advance(1000)
    expect(numbers(library.rows(id))).toEqual(all)
    expect(gaps(library.rows(id))).toEqual([])
    expect([...served.values()].every((times) => times === 1)).toBe(true)
  })

  it('has all of its languages', async () => {
    const { record, resolve, untilOver, library } = setUp({ sound: true })
    const { id } = await record({ resolve, audio: 'all' })
    await untilOver(id)
    for (const track of ['v0', 'a0', 'a1']) {
      expect(numbers(library.rows(id, track))).toEqual(all)
      expect(gaps(library.rows(id, track))).toEqual([])
    }
  })

  it('waits for a page that is away, instead of leaving gaps', async () => {
    const world = setUp({ ofPage: true })
    let asked = 0
    const resolve = async () => {
      asked += 1
      if (asked > 1 && asked < 40) throw new VsrError('connection_failed', 'The page is away.')
      return world.resolve()
    }
    const { id } = await world.record({ resolve })
    await world.untilOver(id)
    expect(asked).toBeGreaterThanOrEqual(40)
    expect(numbers(world.library.rows(id))).toEqual(all)
    expect(gaps(world.library.rows(id))).toEqual([])
  })
})
