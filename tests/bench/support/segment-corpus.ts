import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { runProcess, words } from '../../support/processes'
import { toolPath } from '../../support/tools'
import { corpusDir } from './report'

const ENCODED_SEC = 40
const LENGTH_SEC = 1800

export interface SegmentCorpus {
  /** Holds the segments and `index.m3u8`, a complete VOD playlist. */
  readonly dir: string
  readonly segments: readonly { readonly name: string; readonly durationSec: number }[]
}

async function ffmpeg(...args: string[]): Promise<void> {
  const run = await runProcess({
    command: toolPath('ffmpeg'),
    args: [...words('-hide_banner -nostdin -loglevel error -y'), ...args],
    deadlineMs: 600_000,
  })
  if (run.code !== 0) throw new Error(run.stderr)
}

async function make(dir: string): Promise<void> {
  const work = `${dir}.unfinished`
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  const once = path.join(work, 'once.mp4')
  await ffmpeg(
    ...words(`-f lavfi -t ${ENCODED_SEC} -i`),
    'testsrc2=size=1280x720:rate=25,noise=alls=20:allf=t',
    ...words(`-f lavfi -t ${ENCODED_SEC} -i sine=frequency=440`),
    ...words('-c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v 3800k -minrate 3800k'),
    ...words('-maxrate 3800k -bufsize 2M -g 50 -keyint_min 50 -sc_threshold 0 -c:a aac'),
    once,
  )
  await ffmpeg(
    ...words(`-stream_loop ${LENGTH_SEC / ENCODED_SEC - 1} -i`),
    once,
    ...words('-c copy -f hls -hls_time 4 -hls_list_size 0 -hls_segment_filename'),
    path.join(work, '%d.ts'),
    path.join(work, 'index.m3u8'),
  )
  rmSync(once)
  renameSync(work, dir)
}

/** Half an hour of 4 Mbit/s H.264 and AAC in MPEG-TS segments of 4 s and 2 MB: encoded in part, then repeated with timestamps that go on. */
export async function segmentCorpus(): Promise<SegmentCorpus> {
  const dir = path.join(corpusDir, 'segments')
  if (!existsSync(dir)) await make(dir)
  const text = readFileSync(path.join(dir, 'index.m3u8'), 'utf8')
  const segments = [...text.matchAll(/#EXTINF:([\d.]+),.*\n([^#\s]+)/g)].map(
    ([, durationText = '', name = '']) => ({ name, durationSec: Number(durationText) }),
  )
  return { dir, segments }
}
