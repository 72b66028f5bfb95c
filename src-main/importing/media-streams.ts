import { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'
import { runProcess, words } from '../ports/run-process'
import type { Demuxer } from './choose-input'

/** A stream of a media file that a recording takes over. */
interface TakenStream {
  readonly index: number
  readonly codec: string
  /** Two or three letters. */
  readonly language?: string
}

/** What a media file holds. */
export interface MediaStreams {
  readonly video?: TakenStream
  readonly audio: readonly TakenStream[]
  /** What is left behind, in words. */
  readonly notTaken: readonly string[]
  readonly durationSec?: number
  /** As the file says of itself, unix ms. */
  readonly createdMs?: number
}

const PROBE_DEADLINE_MS = 60_000
/** Before it, a date is that of a device whose clock was never set. */
const EARLIEST_MS = Date.UTC(1990, 0, 1)

/** What segments can hold without being encoded anew. */
const codecs = {
  mpegts: { video: ['h264', 'hevc', 'mpeg2video'], audio: ['aac', 'mp3', 'mp2', 'ac3', 'eac3'] },
  fmp4: {
    video: ['h264', 'hevc', 'av1', 'vp9'],
    audio: ['aac', 'mp3', 'ac3', 'eac3', 'opus', 'flac'],
  },
} as const

const text = z.string().optional()
const outputSchema = z.object({
  streams: z
    .array(
      z.object({
        index: z.number().int().nonnegative(),
        codec_type: text,
        codec_name: text,
        disposition: z.object({ attached_pic: z.number().optional() }).optional(),
        tags: z.object({ language: text }).optional(),
      }),
    )
    .max(500),
  format: z
    .object({ duration: text, tags: z.object({ creation_time: text }).optional() })
    .optional(),
})

/** Asks ffprobe what a local file holds. @throws VsrError `unsupported_source` where it cannot be read or nothing of it can be taken. */
export async function probeStreams(options: {
  readonly ffprobePath: string
  readonly file: string
  readonly demuxer: Demuxer
  readonly signal: AbortSignal
}): Promise<MediaStreams> {
  const { ffprobePath, file, demuxer, signal } = options
  const run = await runProcess({
    file: ffprobePath,
    args: [
      ...words(`-v error -protocol_whitelist file,pipe -f ${demuxer} -of json -show_entries`),
      'stream=index,codec_type,codec_name:stream_disposition=attached_pic:stream_tags=language:format=duration:format_tags=creation_time',
      '-i',
      `file:${file}`,
    ],
    deadlineMs: PROBE_DEADLINE_MS,
    signal,
  })
  signal.throwIfAborted()
  if (run.ended !== 'exited' || run.exitCode !== 0) {
    throw new VsrError('unsupported_source', 'The file is damaged: ffprobe cannot read it.', {
      cause: new Error(run.stderr),
    })
  }
  return chooseStreams(run.stdout, demuxer === 'mpegts' ? 'mpegts' : 'fmp4')
}

/** Reads ffprobe's JSON: one picture and every sound that segments can hold. Pure. @throws VsrError `unsupported_source` where there is neither. */
export function chooseStreams(json: string, segmentType: 'mpegts' | 'fmp4'): MediaStreams {
  const { streams, format } = outputSchema.parse(JSON.parse(json))
  const known: { video: readonly string[]; audio: readonly string[] } = codecs[segmentType]
  const taken = { video: [] as TakenStream[], audio: [] as TakenStream[] }
  const notTaken: string[] = []
  for (const { index, codec_type: type, codec_name: codec = 'unknown', ...stream } of streams) {
    const kind = type === 'video' || type === 'audio' ? type : undefined
    const isCover = stream.disposition?.attached_pic === 1
    const isSecondPicture = kind === 'video' && taken.video.length > 0
    if (kind === undefined || isCover || isSecondPicture || !known[kind].includes(codec)) {
      notTaken.push(isCover ? 'cover picture' : `${type ?? 'data'} (${codec})`)
      continue
    }
    const language = stream.tags?.language?.toLowerCase()
    const isLanguage = language !== undefined && /^[a-z]{2,3}$/.test(language) && language !== 'und'
    taken[kind].push({ index, codec, ...(isLanguage ? { language } : {}) })
  }
  const [video] = taken.video
  if (video === undefined && taken.audio.length === 0) {
    throw new VsrError(
      'unsupported_source',
      `Nothing of it can be taken over: ${notTaken.join(', ')}.`,
    )
  }
  // Without a picture there is nothing that other sounds could lie beside.
  const audio = video === undefined ? taken.audio.slice(0, 1) : taken.audio
  for (const { codec } of taken.audio.slice(audio.length)) notTaken.push(`audio (${codec})`)
  const durationSec = Number(format?.duration)
  const createdMs = Date.parse(format?.tags?.creation_time ?? '')
  return {
    ...(video === undefined ? {} : { video }),
    audio,
    notTaken,
    ...(durationSec > 0 ? { durationSec } : {}),
    ...(createdMs > EARLIEST_MS ? { createdMs } : {}),
  }
}
