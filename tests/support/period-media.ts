import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { runProcess, words } from './processes'
import { tempDirForTest } from './temp-dir'
import type { TestOrigin } from './test-origin'
import { toolPath } from './tools'

/** Length of the picture of one period. */
export const PERIOD_SEC = 3
/** When picture and sound of a period flash and beep, for a fifth of a second. */
export const MARK_SEC = 1

const picture = (sec: number) =>
  `color=black:size=320x180:rate=25:duration=${sec},drawbox=color=white:t=fill:enable=between(t\\,${MARK_SEC}\\,${MARK_SEC + 0.19})`
const sound = (sec: number) =>
  `sine=frequency=1000:sample_rate=48000:duration=${sec},volume=if(between(t\\,${MARK_SEC}\\,${MARK_SEC + 0.2})\\,1\\,0):eval=frame`
const coding = {
  picture: '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25 -keyint_min 25 -sc_threshold 0',
  sound: '-c:a aac -b:a 96k',
}

async function makePeriod(dir: string, kind: 'picture' | 'sound', sec: number): Promise<string[]> {
  mkdirSync(dir, { recursive: true })
  const filter = kind === 'picture' ? picture(sec) : sound(sec)
  const args = [
    ...words('-hide_banner -loglevel error -nostdin -f lavfi -i'),
    filter,
    ...words(coding[kind]),
    ...words('-f hls -hls_time 1 -hls_playlist_type vod -hls_segment_filename %d.ts list.m3u8'),
  ]
  const run = await runProcess({ command: toolPath('ffmpeg'), args, cwd: dir })
  if (run.code !== 0) throw new Error(run.stderr)
  const list = readFileSync(path.join(dir, 'list.m3u8'), 'utf8').split('\n')
  return list.filter((line) => line.startsWith('#EXTINF') || line.endsWith('.ts'))
}

/**
 * A finished source whose encoder started anew twice: its timestamps begin again at each discontinuity, and the sound of
 * each period is longer than its picture. @returns the URL to record.
 */
export async function servePeriods(
  origin: TestOrigin,
  options: { readonly soundSec: readonly number[] },
): Promise<string> {
  const root = tempDirForTest()
  for (const kind of ['picture', 'sound'] as const) {
    const lines: string[] = []
    for (const [period, soundSec] of options.soundSec.entries()) {
      const dir = path.join(root, `${kind}-${period}`)
      const listed = await makePeriod(dir, kind, kind === 'picture' ? PERIOD_SEC : soundSec)
      if (period > 0) lines.push('#EXT-X-DISCONTINUITY')
      lines.push(
        ...listed.map((line) => (line.startsWith('#') ? line : `${kind}-${period}/${line}`)),
      )
      for (const name of readdirSync(dir).filter((file) => file.endsWith('.ts'))) {
        origin.serve(`/${kind}-${period}/${name}`, readFileSync(path.join(dir, name)), 'video/mp2t')
      }
    }
    const text = ['#EXTM3U', '#EXT-X-TARGETDURATION:2', ...lines, '#EXT-X-ENDLIST', '']
    origin.serve(`/${kind}.m3u8`, text.join('\n'), 'application/vnd.apple.mpegurl')
  }
  const main = [
    '#EXTM3U',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",NAME="English",LANGUAGE="en",DEFAULT=YES,URI="sound.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=320x180,CODECS="avc1.42c00c,mp4a.40.2",AUDIO="g"',
    'picture.m3u8',
    '',
  ]
  origin.serve('/main.m3u8', main.join('\n'), 'application/vnd.apple.mpegurl')
  return `${origin.url}/main.m3u8`
}

/** Seconds at which the picture of a file turns white and at which its sound begins. */
export async function marksOf(
  file: string,
): Promise<{ readonly flashes: number[]; readonly beeps: number[] }> {
  const detect = async (args: string[]) => {
    const run = await runProcess({
      command: toolPath('ffmpeg'),
      args: [...words('-hide_banner -nostats -i'), file, ...args, ...words('-f null -')],
    })
    return run.stderr
  }
  const black = await detect(words('-an -vf blackdetect=d=0.1:pix_th=0.2'))
  const silence = await detect(words('-vn -af silencedetect=noise=-30dB:d=0.1'))
  const secondsOf = (text: string, name: string) =>
    [...text.matchAll(new RegExp(`${name}: ?([0-9.]+)`, 'g'))].map((match) => Number(match[1]))
  return { flashes: secondsOf(black, 'black_end'), beeps: secondsOf(silence, 'silence_end') }
}
