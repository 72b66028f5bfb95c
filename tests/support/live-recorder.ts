import type { HttpRequest } from '../../src-main/fetch/http'
import type { FakeAnswer } from './fake-http'
import { setUpRecorder } from './fake-recorder'
import { mediaPlaylist } from './playlists'

/** `length` numbers from `first` on. */
export const range = (first: number, length: number) =>
  Array.from({ length }, (_, at) => first + at)

/** A recorder whose source lists the last `count` segments of 2 s, by the clock. */
export function setUpLive(
  windowCount: number,
  answer?: (request: HttpRequest, nowMs: number) => FakeAnswer | undefined,
) {
  let listed = () => mediaPlaylist({ first: 0, count: windowCount })
  let nowMs = () => 0
  const setup = setUpRecorder((request) => {
    const special = answer?.(request, nowMs())
    if (special !== undefined) return special
    return request.kind === 'playlist' ? { body: JSON.stringify(listed()) } : undefined
  })
  const startMs = setup.clock.monotonicMs()
  nowMs = () => setup.clock.monotonicMs() - startMs
  listed = () => mediaPlaylist({ first: Math.floor(nowMs() / 2000), count: windowCount })
  const segments = () =>
    setup.http.requests.flatMap(({ kind, url }) =>
      kind === 'segment' ? [Number(/-(\d+)\.ts/.exec(url)?.[1])] : [],
    )
  return { ...setup, asked: segments }
}
