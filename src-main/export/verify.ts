import { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'
import { runProcess } from '../ports/run-process'
import { resultProbeArgs } from './ffmpeg-args'

const VERIFY_DEADLINE_MS = 60_000
/** Playlists round the lengths of their segments. */
const MIN_TOLERANCE_SEC = 2
const TOLERANCE = 0.1

const resultSchema = z.object({
  format: z.object({ duration: z.coerce.number().positive() }),
  streams: z.array(z.object({ codec_type: z.string().optional() })).min(1),
  packets: z
    .array(z.object({ codec_type: z.string().optional(), flags: z.string().optional() }))
    .default([]),
})

/**
 * Looks at a finished file before it gets its name (FAULTS F53): it has streams, begins with a key frame, is as long as planned.
 * @returns its measured length in seconds.
 * @throws VsrError `export_failed`, `cancelled`.
 */
export async function verifyResult(options: {
  ffprobePath: string
  file: string
  expectedSec: number
  signal: AbortSignal
}): Promise<number> {
  const run = await runProcess({
    file: options.ffprobePath,
    args: resultProbeArgs(options.file),
    deadlineMs: VERIFY_DEADLINE_MS,
    signal: options.signal,
  }).catch((cause: unknown) => {
    throw failed('The exported file could not be checked.', cause)
  })
  if (run.ended === 'aborted') throw new VsrError('cancelled', 'The export was cancelled.')
  if (run.ended !== 'exited' || run.exitCode !== 0) {
    throw failed('The exported file cannot be read back.', run.stderr)
  }
  return checkResult(run.stdout, options.expectedSec)
}

/** The decision of verifyResult, over what ffprobe printed. */
export function checkResult(json: string, expectedSec: number): number {
  const result = parse(json)
  const firstPicture = result.packets.find((packet) => packet.codec_type === 'video')
  if (firstPicture !== undefined && firstPicture.flags?.startsWith('K') !== true) {
    throw failed('The exported file does not begin with a whole picture.')
  }
  const { duration } = result.format
  const toleranceSec = Math.max(MIN_TOLERANCE_SEC, expectedSec * TOLERANCE)
  if (Math.abs(duration - expectedSec) > toleranceSec) {
    throw failed(
      `The exported file is ${duration.toFixed(1)} s long; ${expectedSec.toFixed(1)} s were expected.`,
    )
  }
  return duration
}

function parse(json: string): z.output<typeof resultSchema> {
  try {
    return resultSchema.parse(JSON.parse(json))
  } catch (cause) {
    throw failed('The exported file holds no picture and no sound.', cause)
  }
}

const failed = (message: string, cause?: unknown) =>
  new VsrError('export_failed', message, {
    hint: 'The recording itself is unharmed. An exact export re-encodes the range and often helps.',
    cause,
  })
