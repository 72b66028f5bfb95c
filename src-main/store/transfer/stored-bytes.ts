import { join } from 'node:path'
import type { FilePort } from '../file-port'
import type { RecordingFile } from '../recording-file'
import { LOG_NAME } from '../segment-log'
import { readLog } from '../verify/read-log'
import { withSourceErrors } from './source-error'
import { assertInPlace } from './source-recording'

/**
 * How much the segments of a recording take, as its logs say.
 * @param options.folder real path of its folder. Throws VsrError `bad_request` where it cannot be read, `library_too_new`.
 */
export async function storedBytes(options: {
  readonly source: FilePort
  readonly folder: string
  readonly content: RecordingFile
}): Promise<number> {
  const { source, folder, content } = options
  let bytes = 0
  for (const { id } of content.tracks) {
    const path = join(folder, id, LOG_NAME)
    const log = await withSourceErrors(path, () => readLog(source, path))
    if (log === undefined) continue
    await assertInPlace(source, join(folder, id))
    bytes += log.index.current.figures.bytes
  }
  return bytes
}
