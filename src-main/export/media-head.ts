import { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'
import { runProcess } from '../ports/run-process'
import { headProbeArgs } from './ffmpeg-args'
import { readFiles } from './read-files'

/** What the first segments of a run hold. Times are seconds on the media's own clock. */
export interface MediaHead {
  readonly video?: { readonly codec: string; readonly width: number; readonly height: number }
  readonly audio?: {
    readonly codec: string
    readonly sampleRate: number
    readonly channels: number
  }
  /** Where ffmpeg counts from: the earliest time of any stream. */
  readonly originSec: number
  /** Earliest time of the picture; of the sound where there is no picture. */
  readonly firstSec: number
  /** Ascending. */
  readonly keyFrames: readonly KeyFrame[]
}

export interface KeyFrame {
  /** When it is shown. */
  readonly atSec: number
  /** How much earlier it has to be decoded: more than 0 where pictures are reordered (B-frames). */
  readonly leadSec: number
}

const PROBE_DEADLINE_MS = 30_000

const number = z.coerce.number().optional().catch(undefined)
const headSchema = z.object({
  format: z.object({ start_time: number }).optional(),
  streams: z.array(
    z.object({
      index: z.number(),
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      width: number,
      height: number,
      sample_rate: number,
      channels: number,
    }),
  ),
  packets: z.array(
    z.object({
      stream_index: z.number(),
      pts_time: number,
      dts_time: number,
      flags: z.string().optional(),
    }),
  ),
})

/**
 * Asks ffprobe what stands in some stored files, one behind the other.
 * @throws VsrError `export_failed`, `cancelled`.
 */
export async function probeHead(options: {
  ffprobePath: string
  files: readonly string[]
  demuxer: string
  signal: AbortSignal
}): Promise<MediaHead> {
  const run = await runProcess({
    file: options.ffprobePath,
    args: headProbeArgs(options.demuxer),
    stdin: readFiles(options.files),
    deadlineMs: PROBE_DEADLINE_MS,
    signal: options.signal,
  }).catch((cause: unknown) => {
    throw unreadable(cause)
  })
  if (run.ended === 'aborted') throw new VsrError('cancelled', 'The export was cancelled.')
  if (run.ended !== 'exited' || run.exitCode !== 0) throw unreadable(run.stderr)
  return readHead(run.stdout)
}

/** Reads what ffprobe printed. Throws VsrError `export_failed`. */
export function readHead(json: string): MediaHead {
  const { format, streams, packets } = parse(json)
  const video = streams.find((stream) => stream.codec_type === 'video')
  const audio = streams.find((stream) => stream.codec_type === 'audio')
  const leading = (video ?? audio)?.index
  const timed = packets.flatMap(({ stream_index, pts_time, dts_time = pts_time, flags }) =>
    stream_index === leading && pts_time !== undefined
      ? [
          {
            atSec: pts_time,
            leadSec: Math.max(0, pts_time - (dts_time ?? pts_time)),
            isKey: flags?.startsWith('K') === true,
          },
        ]
      : [],
  )
  const firstSec = timed.reduce((least, { atSec }) => Math.min(least, atSec), Infinity)
  const keyFrames = timed
    .filter(({ isKey }) => isKey)
    .map(({ atSec, leadSec }) => ({ atSec, leadSec }))
  const start = Number.isFinite(firstSec) ? firstSec : 0
  return {
    ...(video && {
      video: {
        codec: video.codec_name ?? '',
        width: video.width ?? 0,
        height: video.height ?? 0,
      },
    }),
    ...(audio && {
      audio: {
        codec: audio.codec_name ?? '',
        sampleRate: audio.sample_rate ?? 0,
        channels: audio.channels ?? 0,
      },
    }),
    originSec: format?.start_time ?? start,
    firstSec: start,
    keyFrames: keyFrames.toSorted((a, b) => a.atSec - b.atSec),
  }
}

function parse(json: string): z.output<typeof headSchema> {
  try {
    return headSchema.parse(JSON.parse(json))
  } catch (cause) {
    throw unreadable(cause)
  }
}

const unreadable = (cause: unknown) =>
  new VsrError('export_failed', 'A stored segment could not be read.', {
    hint: 'Its file may be damaged. A range without it can be exported.',
    cause,
  })
