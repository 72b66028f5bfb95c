import { createReadStream } from 'node:fs'
import { z } from 'zod'
import type { Resolution } from '../../src-preload/contract/model'
import { runProcess, words } from '../ports/run-process'

/** What stored media holds, as the source's playlist did not say it. */
export interface MediaDescription {
  /** RFC 6381 list; empty where one of the codecs has no name that VSR is sure of. */
  readonly codecs: string
  readonly resolution?: Resolution
}

const PROBE_DEADLINE_MS = 20_000

const outputSchema = z.object({
  streams: z.array(
    z.object({
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      profile: z.string().optional(),
      level: z.number().optional(),
      width: z.number().int().nonnegative().optional(),
      height: z.number().int().nonnegative().optional(),
    }),
  ),
})
type Stream = z.output<typeof outputSchema>['streams'][number]

/**
 * Asks ffprobe what stands in local files, one behind the other (an initialization section and a segment).
 * @param options.demuxer ffmpeg's name of the format, forced (SECURITY S12).
 * @returns undefined where ffprobe cannot tell.
 */
export async function probeMedia(options: {
  ffprobePath: string
  files: readonly string[]
  demuxer: 'mpegts' | 'mp4' | 'aac' | 'mp3' | 'ac3'
}): Promise<MediaDescription | undefined> {
  const run = await runProcess({
    file: options.ffprobePath,
    args: [
      ...words('-v error -protocol_whitelist file,pipe -f'),
      options.demuxer,
      '-show_entries',
      'stream=codec_type,codec_name,profile,level,width,height',
      ...words('-of json -i pipe:0'),
    ],
    stdin: readAll(options.files),
    deadlineMs: PROBE_DEADLINE_MS,
  })
  return run.ended === 'exited' && run.exitCode === 0 ? readDescription(run.stdout) : undefined
}

async function* readAll(files: readonly string[]): AsyncGenerator<Uint8Array> {
  // node's streams yield Buffers where no encoding is set
  for (const file of files) yield* createReadStream(file) as AsyncIterable<Uint8Array>
}

/** Reads ffprobe's JSON. @returns undefined where it names no stream. */
export function readDescription(json: string): MediaDescription | undefined {
  const { streams } = outputSchema.parse(JSON.parse(json))
  const media = streams.filter(({ codec_type: type }) => type === 'video' || type === 'audio')
  if (media.length === 0) return undefined
  const names = media.map(codecName)
  const codecs = names.every((name) => name !== undefined) ? [...new Set(names)].join(',') : ''
  const { width, height } = media.find((stream) => stream.codec_type === 'video') ?? {}
  return width && height ? { codecs, resolution: { width, height } } : { codecs }
}

const AUDIO_NAMES: Readonly<Record<string, string>> = {
  mp3: 'mp4a.40.34',
  ac3: 'ac-3',
  eac3: 'ec-3',
  opus: 'Opus',
}
const AAC_PROFILES: Readonly<Record<string, string>> = {
  LC: 'mp4a.40.2',
  'HE-AAC': 'mp4a.40.5',
  'HE-AACv2': 'mp4a.40.29',
}
/** profile_idc and constraint flags (ISO/IEC 14496-15). */
const H264_PROFILES: Readonly<Record<string, string>> = {
  'Constrained Baseline': '42c0',
  Baseline: '4200',
  Main: '4d00',
  High: '6400',
}

function codecName({ codec_name: codec = '', profile = '', level }: Stream): string | undefined {
  if (codec === 'aac') return AAC_PROFILES[profile]
  if (codec !== 'h264') return AUDIO_NAMES[codec]
  const profileAndFlags = H264_PROFILES[profile]
  if (profileAndFlags === undefined || level === undefined || level < 9 || level > 62) {
    return undefined
  }
  return `avc1.${profileAndFlags}${level.toString(16).padStart(2, '0')}`
}
