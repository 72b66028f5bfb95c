import { VsrError } from '../../src-preload/contract/errors'
import { type Mp4Summary, readMp4 } from './read-mp4'

/** Playlists round the lengths of their segments. */
const MIN_TOLERANCE_SEC = 2
const TOLERANCE = 0.1

/**
 * Looks at a finished file before it gets its name (FAULTS F53): it is whole, has streams, begins with a key frame, is as long
 * as planned. Reads it itself, since starting a program costs as much as cutting half a minute.
 * @returns its measured length in seconds.
 * @throws VsrError `export_failed`.
 */
export async function verifyResult(options: {
  file: string
  expectedSec: number
}): Promise<number> {
  const found = await readMp4(options.file).catch((cause: unknown) => {
    throw failed('The exported file cannot be read back.', cause)
  })
  return checkResult(found, options.expectedSec)
}

/** The decision of verifyResult. */
export function checkResult({ tracks, durationSec }: Mp4Summary, expectedSec: number): number {
  const filled = tracks.filter(({ kind, samples }) => kind !== 'other' && samples > 0)
  if (filled.length === 0) throw failed('The exported file holds no picture and no sound.')
  if (filled.some((track) => track.kind === 'video' && !track.beginsWithKeyFrame)) {
    throw failed('The exported file does not begin with a whole picture.')
  }
  const toleranceSec = Math.max(MIN_TOLERANCE_SEC, expectedSec * TOLERANCE)
  if (!(Math.abs(durationSec - expectedSec) <= toleranceSec)) {
    throw failed(
      `The exported file is ${durationSec.toFixed(1)} s long; ${expectedSec.toFixed(1)} s were expected.`,
    )
  }
  return durationSec
}

const failed = (message: string, cause?: unknown) =>
  new VsrError('export_failed', message, {
    hint: 'The recording itself is unharmed. An exact export re-encodes the range and often helps.',
    cause,
  })
