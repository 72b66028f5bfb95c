import { join } from 'node:path'
import { VsrError } from '../../../src-preload/contract/errors'
import type { FilePort } from '../file-port'
import { RECORDING_NAME } from '../paths'
import { type RecordingFile, readRecordingFile } from '../recording-file'
import { errnoOf } from '../store-error'
import { unreadableSource } from './source-error'

/** Larger than any description that VSR writes. */
const MOST_BYTES = 16 * 1024 * 1024

/**
 * Reads the description of a recording that lies anywhere on this disk.
 * @param folder real path.
 * Throws VsrError `bad_request` where it is none, `library_too_new`.
 */
export async function readSourceRecording(
  source: FilePort,
  folder: string,
): Promise<RecordingFile> {
  const path = join(folder, RECORDING_NAME)
  try {
    const { kind, bytes } = await source.stat(path)
    if (kind === 'file' && bytes <= MOST_BYTES) return await readRecordingFile(source, folder)
  } catch (cause) {
    if (cause instanceof VsrError) throw cause
    if (errnoOf(cause) !== undefined) throw unreadableSource(path, cause)
    throw noDescription(path, cause)
  }
  throw noDescription(path)
}

const noDescription = (path: string, cause?: unknown): VsrError =>
  new VsrError('bad_request', `${path} is no description of a recording.`, {
    hint: '`vsr verify --repair --library` of that library makes a new one.',
    ...(cause === undefined ? {} : { cause }),
  })

/** Throws VsrError `bad_request` for a folder that leads elsewhere: nothing outside of what was named is read. */
export async function assertInPlace(source: FilePort, folder: string): Promise<void> {
  let real: string
  try {
    real = await source.realPath(folder)
  } catch (cause) {
    throw unreadableSource(folder, cause)
  }
  if (real !== folder) {
    throw new VsrError('bad_request', `${folder} is a link, and what it leads to is not read.`)
  }
}
