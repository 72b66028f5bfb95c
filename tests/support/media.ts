import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { runProcess, words } from './processes'
import { toolPath } from './tools'

export interface Media {
  /** A folder to be served as it is; shared between tests, so read only. */
  readonly dir: string
  /** File name of the playlist to open inside `dir`. */
  readonly playlist: string
}

export interface MediaSegmentFile {
  readonly name: string
  readonly durationSec: number
  readonly body: Uint8Array<ArrayBuffer>
}

export type MediaKind =
  /** MPEG-TS segments with video and audio. */
  | 'ts'
  /** fMP4 segments with EXT-X-MAP. */
  | 'fmp4'
  /** The same in 640x360, and another codec for the sound: AC-3. */
  | 'fmp4-large'
  /** One MPEG-TS file with EXT-X-BYTERANGE. */
  | 'byte-range'
  /** AES-128, one key, explicit IV. */
  | 'aes-128'
  /** Two variant streams (320x180, 160x90) and one separate audio rendition. */
  | 'multivariant'
  /** One variant stream and two separate audio renditions: 440 Hz in English, 880 Hz in German. */
  | 'languages'

/** The key of `aes-128`: a test value, not a secret. */
const testKey: Uint8Array = new Uint8Array(16).fill(0x42)

const cacheDir = path.resolve(import.meta.dirname, '../../.cache/test-media')

/** A small VOD stream made by ffmpeg, 1 s per segment, made once and kept. */
export async function makeMedia(options: {
  readonly kind: MediaKind
  /** 6 unless told. */
  readonly durationSec?: number
}): Promise<Media> {
  const { kind, durationSec = 6 } = options
  const ffmpeg = toolPath('ffmpeg')
  const args = argsFor(kind, durationSec)
  const { size, mtimeMs } = statSync(ffmpeg)
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([args, size, mtimeMs]))
    .digest('hex')
  const dir = path.join(cacheDir, `${kind}-${fingerprint.slice(0, 16)}`)
  const media = { dir, playlist: isMultivariant(kind) ? 'main.m3u8' : 'index.m3u8' }
  if (existsSync(dir)) return media

  const workDir = `${dir}.${randomUUID()}`
  mkdirSync(workDir, { recursive: true })
  try {
    writeFileSync(path.join(workDir, 'key.bin'), testKey)
    writeFileSync(path.join(workDir, 'key-info.txt'), `key.bin\nkey.bin\n${'07'.repeat(16)}\n`)
    const run = await runProcess({ command: ffmpeg, args, cwd: workDir })
    if (run.code !== 0) throw new Error(`ffmpeg could not make ${kind} media: ${run.stderr}`)
    publish(workDir, dir)
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
  return media
}

/** Segments and, for fMP4, the initialization section, in memory: options for a test origin's `addStream`. */
export async function readMedia(options: {
  readonly kind: 'ts' | 'fmp4' | 'fmp4-large'
  readonly durationSec?: number
}): Promise<{
  readonly media: readonly MediaSegmentFile[]
  readonly initSection?: Uint8Array<ArrayBuffer>
}> {
  const { dir, playlist } = await makeMedia(options)
  const text = readFileSync(path.join(dir, playlist), 'utf8')
  const media = [...text.matchAll(/#EXTINF:([\d.]+),.*\n([^#\s]+)/g)].map(
    ([, durationText = '', name = '']) => ({
      name,
      durationSec: Number(durationText),
      body: readBytes(path.join(dir, name)),
    }),
  )
  const initName = /#EXT-X-MAP:URI="([^"]+)"/.exec(text)?.[1]
  return initName === undefined
    ? { media }
    : { media, initSection: readBytes(path.join(dir, initName)) }
}

const readBytes = (file: string) => new Uint8Array(readFileSync(file))

const isMultivariant = (kind: MediaKind) => kind === 'multivariant' || kind === 'languages'

/** Two test files may make the same media at once; the first one there wins. */
function publish(workDir: string, dir: string): void {
  try {
    renameSync(workDir, dir)
  } catch (error) {
    if (!existsSync(dir)) throw error
  }
}

function argsFor(kind: MediaKind, durationSec: number): string[] {
  const start = words('-hide_banner -loglevel error -nostdin')
  const video = (size: string) =>
    words(`-f lavfi -t ${durationSec} -i testsrc2=size=${size}:rate=25`)
  const tone = (hertz: number) => words(`-f lavfi -t ${durationSec} -i sine=frequency=${hertz}`)
  const audio = tone(440)
  const coding = [
    ...words('-c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v 300k'),
    ...words('-g 25 -keyint_min 25 -sc_threshold 0 -c:a aac -b:a 64k -ar 48000'),
  ]
  const hls = words('-f hls -hls_time 1 -hls_playlist_type vod')
  const single = [...start, ...video('320x180'), ...audio, ...coding, ...hls]
  const large = [...start, ...video('640x360'), ...audio, ...coding, ...words('-c:a ac3'), ...hls]
  const tsFiles = words('-hls_segment_filename segment-%d.ts index.m3u8')
  switch (kind) {
    case 'ts':
      return [...single, ...tsFiles]
    case 'fmp4':
    case 'fmp4-large':
      return [
        ...(kind === 'fmp4' ? single : large),
        ...words('-hls_segment_type fmp4 -hls_fmp4_init_filename init.mp4'),
        ...words('-hls_segment_filename segment-%d.m4s index.m3u8'),
      ]
    case 'byte-range':
      return [...single, ...words('-hls_flags single_file -hls_segment_filename all.ts index.m3u8')]
    case 'aes-128':
      return [...single, ...words('-hls_key_info_file key-info.txt'), ...tsFiles]
    case 'languages':
      return [
        ...start,
        ...video('320x180'),
        ...audio,
        ...tone(880),
        ...words('-map 0:v -map 1:a -map 2:a'),
        ...coding,
        ...hls,
        ...words('-master_pl_name main.m3u8 -var_stream_map'),
        'v:0,agroup:sound,name:picture a:0,agroup:sound,default:yes,language:en,name:english a:1,agroup:sound,language:de,name:german',
        ...words('-hls_segment_filename %v-%d.ts %v.m3u8'),
      ]
    case 'multivariant':
      return [
        ...start,
        ...video('320x180'),
        ...video('160x90'),
        ...audio,
        ...words('-map 0:v -map 1:v -map 2:a'),
        ...coding,
        ...words('-b:v:1 100k'),
        ...hls,
        ...words('-master_pl_name main.m3u8 -var_stream_map'),
        'v:0,agroup:sound,name:high v:1,agroup:sound,name:low a:0,agroup:sound,default:yes,language:en,name:sound',
        ...words('-hls_segment_filename %v-%d.ts %v.m3u8'),
      ]
  }
}
