import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { runProcess, words } from './processes'
import { tempDirForTest } from './temp-dir'
import type { TestOrigin } from './test-origin'
import { toolPath } from './tools'

const FRAMES_PER_SEC = 25
const LENGTH_SEC = 8

/** What the captions of a second say. */
export const captionOf = (second: number): string => `second ${second}`

const oddParity = (byte: number): number => {
  let ones = 0
  for (let bit = 0; bit < 7; bit += 1) ones += (byte >> bit) & 1
  return ones % 2 === 0 ? byte | 0x80 : byte
}

/** CEA-608 pop-on captions: the pair of bytes for each frame of a second. Loaded, shown from its ninth frame on, taken away at its end. */
function pairsOf(second: number): (readonly [number, number])[] {
  const [load, row, show, erase] = [0x20, 0x70, 0x2f, 0x2c].map(
    (code) => [0x14, code] as const,
  ) as [[number, number], [number, number], [number, number], [number, number]]
  const text = captionOf(second).padEnd(8)
  const letters = [0, 2, 4, 6].map((at) => [text.charCodeAt(at), text.charCodeAt(at + 1)] as const)
  // Control codes are sent twice.
  const pairs = [load, load, row, row, ...letters, show, show]
  const silence = Array.from({ length: FRAMES_PER_SEC - 3 - pairs.length }, () => [0, 0] as const)
  return [...pairs, ...silence, erase, erase, [0, 0]]
}

/** A supplemental enhancement information NAL unit with one pair of line 21 (ATSC A/53). */
function captionUnit([first, second]: readonly [number, number]): Buffer {
  const data = [0xfc, oddParity(first), oddParity(second)]
  const payload = [0xb5, 0x00, 0x31, 0x47, 0x41, 0x39, 0x34, 0x03, 0x41, 0xff, ...data, 0xff]
  return Buffer.from([0, 0, 0, 1, 0x06, 0x04, payload.length, ...payload, 0x80])
}

/** Puts captions before the slice of each frame of an H.264 byte stream. */
function withCaptions(stream: Buffer): Buffer {
  const pairs = Array.from({ length: LENGTH_SEC }, (_, second) => pairsOf(second)).flat()
  const parts: Buffer[] = []
  let from = 0
  let frame = 0
  for (let at = 0; at + 4 < stream.length; at += 1) {
    if (stream[at] !== 0 || stream[at + 1] !== 0 || stream[at + 2] !== 1) continue
    const type = (stream[at + 3] ?? 0) & 31
    if (type !== 1 && type !== 5) continue
    const start = stream[at - 1] === 0 ? at - 1 : at
    parts.push(stream.subarray(from, start), captionUnit(pairs[frame] ?? [0, 0]))
    from = start
    frame += 1
  }
  return Buffer.concat([...parts, stream.subarray(from)])
}

async function ffmpeg(args: readonly string[], cwd: string): Promise<void> {
  const run = await runProcess({ command: toolPath('ffmpeg'), args: [...args], cwd })
  if (run.code !== 0) throw new Error(run.stderr)
}

/** A finished source with CEA-608 captions in its picture, declared as CC1. @returns the URL to record. */
export async function serveCaptions(origin: TestOrigin): Promise<string> {
  const dir = tempDirForTest()
  const quiet = words('-hide_banner -loglevel error -nostdin')
  await ffmpeg(
    [
      ...quiet,
      ...words(`-f lavfi -i testsrc2=size=320x180:rate=${FRAMES_PER_SEC}:duration=${LENGTH_SEC}`),
      ...words('-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 25'),
      ...words('-keyint_min 25 -x264-params slices=1:sliced-threads=0 -f h264 plain.h264'),
    ],
    dir,
  )
  const captioned = withCaptions(readFileSync(path.join(dir, 'plain.h264')))
  writeFileSync(path.join(dir, 'captioned.h264'), captioned)
  await ffmpeg(
    [
      ...quiet,
      ...words(`-framerate ${FRAMES_PER_SEC} -i captioned.h264 -c copy -f hls -hls_time 1`),
      ...words('-hls_playlist_type vod -hls_segment_filename captions-%d.ts captions.m3u8'),
    ],
    dir,
  )
  for (const name of readdirSync(dir).filter((file) => /\.(ts|m3u8)$/.test(file))) {
    const type = name.endsWith('.ts') ? 'video/mp2t' : 'application/vnd.apple.mpegurl'
    origin.serve(`/${name}`, readFileSync(path.join(dir, name)), type)
  }
  const main = [
    '#EXTM3U',
    '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="cc",NAME="English captions",LANGUAGE="en",INSTREAM-ID="CC1"',
    '#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=320x180,CODECS="avc1.42c00c",CLOSED-CAPTIONS="cc"',
    'captions.m3u8',
    '',
  ]
  origin.serve('/captions-main.m3u8', main.join('\n'), 'application/vnd.apple.mpegurl')
  return `${origin.url}/captions-main.m3u8`
}
