import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { MediaSegmentFile } from './media'
import { runProcess, words } from './processes'
import { toolPath } from './tools'

export type PackedFormat = 'aac' | 'mp3' | 'ac3' | 'eac3'

const formats: Record<PackedFormat, string> = {
  aac: '-c:a aac -b:a 96k -segment_format adts',
  mp3: '-c:a libmp3lame -b:a 96k -segment_format mp3 -segment_format_options write_xing=0:id3v2_version=0',
  ac3: '-c:a ac3 -b:a 96k -segment_format ac3',
  eac3: '-c:a eac3 -b:a 96k -segment_format eac3',
}
const cacheDir = path.resolve(import.meta.dirname, '../../.cache/test-media')

/**
 * Packed audio as HLS has it: segments of about 1 s, each behind an ID3 tag with its timestamp. ffmpeg cuts, the tags are
 * ours, since no muxer of ffmpeg writes them. The sound is a click-free tone that beeps in the second half of each second.
 *
 * @param options.firstPts 90 kHz, of the first segment.
 */
export async function makePackedAudio(options: {
  readonly format: PackedFormat
  readonly durationSec: number
  readonly firstPts: number
}): Promise<readonly MediaSegmentFile[]> {
  const { format, durationSec, firstPts } = options
  const filter = `sine=frequency=1000:sample_rate=48000:duration=${durationSec},volume=if(lt(mod(t\\,1)\\,0.5)\\,0\\,1):eval=frame`
  const args = [
    ...words('-hide_banner -loglevel error -nostdin -f lavfi -i'),
    filter,
    ...words(formats[format]),
    ...words('-f segment -segment_time 1 -segment_list list.csv'),
    `part-%d.${format}`,
  ]
  const dir = await makeOnce(args, `packed-${format}`)
  const rows = readFileSync(path.join(dir, 'list.csv'), 'utf8').trim().split('\n')
  return rows.map((row) => {
    const [name = '', from = '', to = ''] = row.split(',')
    const pts = firstPts + Math.round(Number(from) * 90_000)
    const body = Buffer.concat([timestampTag(pts), readFileSync(path.join(dir, name))])
    return { name, durationSec: Number(to) - Number(from), body: new Uint8Array(body) }
  })
}

/** An ID3v2.4 tag with the PRIV frame of RFC 8216 3.4. */
export function timestampTag(pts: number): Buffer {
  const owner = Buffer.from('com.apple.streaming.transportStreamTimestamp\0')
  const value = Buffer.alloc(8)
  value.writeBigUInt64BE(BigInt(pts))
  const content = Buffer.concat([owner, value])
  const frame = Buffer.concat([
    Buffer.from('PRIV'),
    synchsafe(content.length),
    Buffer.of(0, 0),
    content,
  ])
  return Buffer.concat([Buffer.from('ID3'), Buffer.of(4, 0, 0), synchsafe(frame.length), frame])
}

const synchsafe = (size: number) => Buffer.of(0, 0, (size >> 7) & 0x7f, size & 0x7f)

async function makeOnce(args: readonly string[], name: string): Promise<string> {
  const fingerprint = createHash('sha256').update(JSON.stringify(args)).digest('hex').slice(0, 16)
  const dir = path.join(cacheDir, `${name}-${fingerprint}`)
  if (existsSync(dir)) return dir
  const workDir = `${dir}.${process.pid}`
  mkdirSync(workDir, { recursive: true })
  try {
    const run = await runProcess({ command: toolPath('ffmpeg'), args, cwd: workDir })
    if (run.code !== 0) throw new Error(`ffmpeg could not make ${name}: ${run.stderr}`)
    if (!existsSync(dir)) renameSync(workDir, dir)
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
  return dir
}
