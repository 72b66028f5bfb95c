import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { makeMedia } from './media'
import type { TestOrigin } from './test-origin'
import { toolPath } from './tools'

/** Length of the picture, and of one of its segments. */
const PICTURE_SEC = 6
/** Subtitle segments are longer than those of the picture, and the second one is empty. */
const SUBTITLE_SEC = 2
const EMPTY_SEGMENT = 1

/** The cue of a second of the picture is shown from 0.2 to 0.8 s after its start. */
export const cueOf = (language: 'en' | 'de', second: number): string =>
  `${language === 'en' ? 'sentence' : 'Satz'} ${second}`

/** Files of ffmpeg's two languages by name, and the instant on the media's clock that the picture begins at. */
export async function readLanguages(): Promise<{
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly firstPts: number
}> {
  const { dir } = await makeMedia({ kind: 'languages', durationSec: PICTURE_SEC })
  const names = readdirSync(dir).filter((name) => /\.(ts|m3u8)$/.test(name))
  const files = new Map(names.map((name) => [name, readFileSync(path.join(dir, name))]))
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'packet=pts',
    '-of',
    'csv=p=0',
  ]
  const first = path.join(dir, 'picture-0.ts')
  const output = execFileSync(toolPath('ffprobe'), [...args, first], { encoding: 'utf8' })
  return { files, firstPts: Number.parseInt(output, 10) }
}

/** One WebVTT segment of `SUBTITLE_SEC`; its cues count from the beginning of the picture. */
export function subtitleSegment(language: 'en' | 'de', number: number, firstPts: number): string {
  const at = (sec: number) => `00:00:0${sec.toFixed(3)}`
  const seconds = [number * SUBTITLE_SEC, number * SUBTITLE_SEC + 1]
  const cues = seconds.map(
    (second) => `${at(second + 0.2)} --> ${at(second + 0.8)}\n${cueOf(language, second)}\n\n`,
  )
  const header = `WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:${firstPts},LOCAL:00:00:00.000\n\n`
  return header + (number === EMPTY_SEGMENT ? '' : cues.join(''))
}

/** A finished source with two languages of sound and of subtitles, and declared captions. @returns the URL to record. */
export async function serveLanguages(origin: TestOrigin): Promise<string> {
  const { files, firstPts } = await readLanguages()
  for (const [name, body] of files) {
    const type = name.endsWith('.ts') ? 'video/mp2t' : 'application/vnd.apple.mpegurl'
    origin.serve(`/${name}`, body, type)
  }
  const count = PICTURE_SEC / SUBTITLE_SEC
  for (const language of ['en', 'de'] as const) {
    const names = Array.from({ length: count }, (_, number) => `${language}-${number}.vtt`)
    for (const [number, name] of names.entries()) {
      origin.serve(`/${name}`, subtitleSegment(language, number, firstPts), 'text/vtt')
    }
    const lines = names.map((name) => `#EXTINF:${SUBTITLE_SEC},\n${name}\n`)
    const header = `#EXTM3U\n#EXT-X-TARGETDURATION:${SUBTITLE_SEC}\n`
    origin.serve(`/${language}.m3u8`, `${header}${lines.join('')}#EXT-X-ENDLIST\n`, 'text/plain')
  }
  origin.serve('/main.m3u8', mainPlaylist, 'application/vnd.apple.mpegurl')
  return `${origin.url}/main.m3u8`
}

const mainPlaylist = [
  '#EXTM3U',
  '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Deutsch",LANGUAGE="de",AUTOSELECT=YES,URI="german.m3u8"',
  '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="english.m3u8"',
  '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="English",LANGUAGE="en",URI="en.m3u8"',
  '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="Deutsch",LANGUAGE="de",FORCED=YES,URI="de.m3u8"',
  '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="cc",NAME="English CC",LANGUAGE="en",INSTREAM-ID="CC1"',
  '#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=320x180,CODECS="avc1.42c00c,mp4a.40.2",AUDIO="sound",SUBTITLES="text",CLOSED-CAPTIONS="cc"',
  'picture.m3u8',
  '',
].join('\n')
