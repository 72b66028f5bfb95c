import type { HttpRequest } from '../../src-main/fetch/http'
import type { ResolveSource, Source } from '../../src-main/fetch/source'
import type { PlaylistParser } from '../../src-main/hls/parser'
import type { Playlist } from '../../src-main/hls/playlist'
import { silentLogger } from '../../src-main/ports/logger'
import { createRecorder } from '../../src-main/recorder/supervisor'
import type { GapRow, Row } from '../../src-main/store/model'
import { VsrError } from '../../src-preload/contract/errors'
import { createFakeClock } from './fake-clock'
import { createFakeHttp, type FakeAnswer } from './fake-http'
import { createFakeLibrary } from './fake-library'
import { mediaPlaylist } from './playlists'

const nowMs = Date.UTC(2026, 0, 1)
export const playlistUrl = 'http://edge1/live.m3u8'
export const source: Source = {
  playlistUrl,
  headers: { cookie: 'a' },
  title: 'Test',
  allowPrivateNetwork: true,
}
const packet = Buffer.concat([Buffer.of(0x47), Buffer.alloc(187)])
export const segmentBody = Buffer.concat([packet, packet])

/** The playlists of these tests are sent as JSON. */
const jsonParser: PlaylistParser = {
  parse: async (text) => {
    if (!text.startsWith('{')) throw new VsrError('not_a_playlist', 'This is not a playlist.')
    return JSON.parse(text) as Playlist
  },
  close: async () => {},
}

/** A recorder whose source, disk and time belong to the test. */
export function setUpRecorder(
  answer?: (request: HttpRequest, count: number) => FakeAnswer | undefined,
) {
  const clock = createFakeClock({ nowMs })
  const library = createFakeLibrary({ nowMs })
  const world = { playlist: mediaPlaylist({ first: 10, count: 3 }) as Playlist, resolves: 0 }
  const http = createFakeHttp((request, count) => {
    const special = answer?.(request, count)
    if (special !== undefined) return special
    if (request.kind === 'playlist') return { body: JSON.stringify(world.playlist) }
    return { body: segmentBody }
  })
  const states: string[] = []
  const create = () => {
    const recorder = createRecorder({
      library,
      http,
      parser: jsonParser,
      clock,
      random: () => 0.5,
      logger: silentLogger,
      parallelDownloads: () => 3,
    })
    recorder.onChange((id, status) => {
      const entry = `${id}:${status.state}`
      if (states.at(-1) !== entry) states.push(entry)
    })
    return recorder
  }
  const recorder = create()
  const resolve: ResolveSource = async () => {
    world.resolves += 1
    return source
  }
  const record = async (
    options: {
      resolve?: ResolveSource
      source?: Source
      keepWaiting?: boolean
      audio?: string
      quality?: string
    } = { source },
  ) => {
    const recording = await library.create({
      keepWaiting: options.keepWaiting ?? false,
      title: 'Test',
      sourceUrl: playlistUrl,
      state: 'recording',
      live: false,
    })
    recorder.start({ recording, quality: 'best', resolve, ...options })
    await clock.settle()
    return recording
  }
  const slideTo = (first: number, extra = {}) => {
    world.playlist = mediaPlaylist({ first, count: 3, ...extra })
  }
  return { clock, library, http, world, states, recorder, record, slideTo, create, resolve }
}

/** Media sequence numbers of the segments. */
export const numbers = (rows: readonly Row[]) =>
  rows.flatMap((row) => (row.kind === 'segment' ? [row.mediaSequence] : []))
export const gaps = (rows: readonly Row[]) =>
  rows.filter((row): row is GapRow => row.kind === 'gap')
/** How often a URL was asked for. */
export const count = (requests: readonly HttpRequest[], url: string) =>
  requests.filter((request) => request.url === url).length
