import { onTestFinished } from 'vitest'
import { readMedia } from './media'
import { openTestRecorder } from './real-recorder'
import { startTestOrigin, type OriginRequest } from './test-origin'
import { waitUntil } from './wait-until'

const M3U8 = 'application/vnd.apple.mpegurl'

/**
 * A folder of a test origin with six segments of 1 s, `0.ts` … `5.ts`, whose playlists are the test's own texts, and the real
 * recorder. All of it goes when the running test ends.
 */
export async function openFolder(name: string) {
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const { media } = await readMedia({ kind: 'ts' })
  const test = await openTestRecorder()
  const requests: readonly OriginRequest[] = origin.requests
  const at = (file: string) => `/${name}/${file}`
  media.forEach(({ body }, n) => origin.serve(at(`${n}.ts`), body, 'video/mp2t'))
  const url = (file: string) => `${origin.url}${at(file)}`
  return {
    media,
    url,
    requests,
    serve: (file: string, body: string | Uint8Array, type = M3U8) =>
      origin.serve(at(file), body, type),
    /** Serves a media playlist of these lines behind its head. */
    publish: (file: string, ...lines: readonly string[]) =>
      origin.serve(at(file), ['#EXTM3U', '#EXT-X-TARGETDURATION:1', ...lines].join('\n'), M3U8),
    /** What was asked for but playlists, as it was on the wire, without doubles, sorted. */
    asked: () => {
      const targets = origin.requests
        .filter(({ kind }) => kind !== 'playlist')
        .map(({ target }) => target.slice(at('').length))
      return [...new Set(targets)].sort()
    },
    /** Starts a recording of one of the playlists. */
    record: async (file: string) => {
      const started = await test.record(url(file))
      const status = () => test.recorder.status(started.recording.id)
      const untilOver = () =>
        waitUntil({ what: 'the recording to end by itself', check: () => status() === undefined })
      return { ...started, isLive: () => status()?.live, untilOver }
    },
  }
}

/** The lines of one segment of 1 s. */
export const segment = (n: number, query = '') => ['#EXTINF:1,', `${n}.ts${query}`]

/** The lines of the segments from one up to another, that one not included. */
export const segments = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => segment(from + i)).flat()

export const END = '#EXT-X-ENDLIST'
