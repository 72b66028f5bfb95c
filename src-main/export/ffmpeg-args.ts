import path from 'node:path'
import { words } from '../ports/run-process'
import type { MediaExtension } from '../store/model'

/** Arguments for ffmpeg and ffprobe, as arrays; nothing here starts a program. */

/** What stored files are; ffmpeg is told and does not guess (SECURITY S12). */
const demuxers: Record<Exclude<MediaExtension, 'vtt'>, string> = {
  ts: 'mpegts',
  m4s: 'mov',
  mp4: 'mov',
  aac: 'aac',
  mp3: 'mp3',
  ac3: 'ac3',
}

/** @returns undefined for text. */
export const demuxerFor = (extension: MediaExtension): string | undefined =>
  extension === 'vtt' ? undefined : demuxers[extension]

/** True for a demuxer of audio frames without a container. */
export const isPackedAudio = (demuxer: string): boolean => ['aac', 'mp3', 'ac3'].includes(demuxer)

/** False for packed audio: ffmpeg counts each file of it from zero. */
export const hasTimestamps = (extension: MediaExtension): boolean =>
  ['ts', 'm4s', 'mp4'].includes(extension)

/** A path that ffmpeg can take neither for an option nor for another protocol (SECURITY S18). */
export const fileUrl = (file: string): string => `file:${path.resolve(file)}`

/** `concat` joins what the others reach. */
const LOCAL_ONLY = words('-protocol_whitelist file,pipe,concat')

/** Options in front of `-i` for media of one known format. */
export const inputOptions = (demuxer: string, offsetSec = 0): string[] => [
  ...LOCAL_ONLY,
  ...(offsetSec === 0 ? [] : ['-itsoffset', seconds(offsetSec)]),
  '-f',
  demuxer,
]

/** Options in front of `-i` for a list of our own parts with plain names beside it. */
export const partListOptions: readonly string[] = [...LOCAL_ONLY, '-f', 'concat', '-safe', '1']

/** The text of such a list. Names are generated here, so they need no quoting rules (SECURITY S19). */
export function partList(parts: readonly Part[]): string {
  const lines = parts.flatMap(({ name, durationSec }) => {
    if (!/^[a-z0-9-]+\.[a-z0-9]+$/.test(name)) throw new Error(`not a part's name: ${name}`)
    return [
      `file ${name}`,
      ...(durationSec === undefined ? [] : [`duration ${seconds(durationSec)}`]),
    ]
  })
  return ['ffconcat version 1.0', ...lines, ''].join('\n')
}

export interface Part {
  readonly name: string
  /** From its beginning to that of the next one; absent: as long as it is. */
  readonly durationSec?: number
}

export const quietOptions: readonly string[] = [
  ...words('-hide_banner -nostdin -loglevel error -stats'),
]

/** Which part of the input's time goes out. */
export interface Cut {
  /** After the input's first timestamp. */
  readonly startSec: number
  /** ffmpeg compares the time of decoding when it copies: what has to be decoded earlier than it is shown is let in. */
  readonly leadSec?: number
  /** Absent: to the end. */
  readonly durationSec?: number
}

/** Both ends a little earlier than the frames there, so that rounding neither loses the first nor lets one more in. */
const TOLERANCE_SEC = 0.002

export function cutOptions({ startSec, leadSec = 0, durationSec }: Cut): string[] {
  const skippedSec = Math.max(0, startSec - leadSec - TOLERANCE_SEC)
  const endSec = startSec + (durationSec ?? 0) - TOLERANCE_SEC
  return [
    ...(skippedSec > 0 ? ['-ss', seconds(skippedSec)] : []),
    ...(durationSec === undefined ? [] : ['-t', seconds(endSec - skippedSec)]),
  ]
}

export interface StreamChoice {
  readonly video: boolean
  /** Input that the sound comes from; absent: none. */
  readonly audioInput?: 0 | 1
}

export const mapOptions = ({ video, audioInput }: StreamChoice): string[] => [
  ...(video ? ['-map', '0:v:0'] : []),
  ...(audioInput === undefined ? [] : ['-map', `${audioInput}:a:0`]),
  ...words('-map_metadata -1 -map_chapters -1'),
]

/** Stream copy. `hvc1` is the form of HEVC that Apple's players take. */
export const copyOptions = (videoCodec: string | undefined): string[] => [
  ...words('-c copy'),
  ...(videoCodec === 'hevc' ? ['-tag:v', 'hvc1'] : []),
]

export interface Frame {
  readonly width: number
  readonly height: number
}

/** Re-encoding; all parts of one export come out alike, so that they can be joined by copying. */
export const encodeOptions = (frame: Frame | undefined): string[] => [
  ...(frame === undefined ? [] : videoEncoding(frame)),
  ...words('-c:a aac -b:a 192k -ar 48000 -ac 2'),
  ...words('-af aresample=async=1:first_pts=0'),
]

const videoEncoding = (frame: Frame): string[] => {
  const width = even(frame.width)
  const height = even(frame.height)
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease`
  const fill = `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`
  return [
    ...words('-c:v libx264 -preset veryfast -crf 18 -pix_fmt yuv420p'),
    '-vf',
    `${fit},${fill},setsar=1`,
    ...words('-video_track_timescale 90000'),
  ]
}

const even = (pixels: number) => Math.max(2, Math.round(pixels / 2) * 2)

/** A part that was recorded without sound gets silence, so that all parts have the same streams. */
export const silenceInput = {
  options: ['-f', 'lavfi'],
  source: 'anullsrc=sample_rate=48000:channel_layout=stereo',
} as const

export const mp4Options: readonly string[] = ['-movflags', '+faststart', '-f', 'mp4']
/** Parts are read once more and thrown away. */
export const partOptions: readonly string[] = ['-f', 'mp4']

/** ffprobe over bytes from standard input: streams, and for each packet its time and whether it is a key frame. */
export const headProbeArgs = (demuxer: string): string[] => [
  ...words('-v error'),
  ...LOCAL_ONLY,
  '-f',
  demuxer,
  '-show_entries',
  'format=start_time:stream=index,codec_type,codec_name,width,height,sample_rate,channels:packet=stream_index,pts_time,dts_time,flags',
  ...words('-of json -i pipe:0'),
]

const seconds = (value: number) => value.toFixed(6)
