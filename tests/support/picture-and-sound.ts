import { readFileSync } from 'node:fs'
import path from 'node:path'
import { makeMedia } from './media'
import type { TestOrigin } from './test-origin'
import type { LiveStream } from './test-origin-stream'

const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'

const mainPlaylist = (picture: string, sound: string) =>
  [
    '#EXTM3U',
    `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="s",NAME="English",LANGUAGE="en",DEFAULT=YES,URI="${sound}"`,
    '#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=320x180,CODECS="avc1.42c00d,mp4a.40.2",AUDIO="s"',
    picture,
    '',
  ].join('\n')

/** Segments of a picture, or of the sound that goes with it: one second each. */
async function readTrack(name: 'picture' | 'english', durationSec: number) {
  const { dir } = await makeMedia({ kind: 'languages', durationSec })
  const text = readFileSync(path.join(dir, `${name}.m3u8`), 'utf8')
  return [...text.matchAll(/#EXTINF:([\d.]+),.*\n([^#\s]+)/g)].map(([, sec = '', file = '']) => ({
    durationSec: Number(sec),
    file,
    body: new Uint8Array(readFileSync(path.join(dir, file))),
  }))
}

/**
 * A finished source whose sound is a playlist of its own and lacks seconds of its picture.
 *
 * @param options.hasSound whether there is sound in a second; behind the last one its playlist ends.
 * @returns the URL to record.
 */
export async function serveHoledSound(options: {
  origin: TestOrigin
  durationSec: number
  hasSound: (second: number) => boolean
}): Promise<string> {
  const { origin, durationSec, hasSound } = options
  for (const name of ['picture', 'english'] as const) {
    const segments = await readTrack(name, durationSec)
    for (const { file, body } of segments) origin.serve(`/${file}`, body, 'video/mp2t')
    const isThere = (at: number) => name === 'picture' || hasSound(at)
    const end = segments.findLastIndex((_, at) => isThere(at)) + 1
    const lines = segments
      .slice(0, end)
      .map(
        ({ durationSec: sec, file }, at) =>
          `${isThere(at) ? '' : '#EXT-X-GAP\n'}#EXTINF:${sec},\n${file}\n`,
      )
    const header = '#EXTM3U\n#EXT-X-VERSION:8\n#EXT-X-TARGETDURATION:2\n#EXT-X-PLAYLIST-TYPE:VOD\n'
    origin.serve(`/${name}.m3u8`, `${header}${lines.join('')}#EXT-X-ENDLIST\n`, PLAYLIST_TYPE)
  }
  origin.serve('/holed.m3u8', mainPlaylist('picture.m3u8', 'english.m3u8'), PLAYLIST_TYPE)
  return `${origin.url}/holed.m3u8`
}

/** A live source whose sound is a playlist of its own; both have dates, and move when the test says so. */
export async function addPictureAndSound(
  origin: TestOrigin,
  durationSec: number,
): Promise<{ readonly picture: LiveStream; readonly sound: LiveStream; readonly url: string }> {
  const options = { programDateTimeMs: Date.UTC(2026, 0, 1), windowSize: 6 }
  const picture = origin.addStream({
    ...options,
    name: 'picture',
    media: await readTrack('picture', durationSec),
  })
  const sound = origin.addStream({
    ...options,
    name: 'sound',
    media: await readTrack('english', durationSec),
  })
  const text = mainPlaylist('picture/index.m3u8', 'sound/index.m3u8')
  origin.serve('/main.m3u8', text, PLAYLIST_TYPE)
  return { picture, sound, url: `${origin.url}/main.m3u8` }
}
