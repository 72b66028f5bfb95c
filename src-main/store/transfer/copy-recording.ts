import { join } from 'node:path'
import type { Logger } from '../../ports/logger'
import { ensureFolder, writeDurably } from '../durable-files'
import type { FilePort } from '../file-port'
import { TEMP_FOLDER } from '../paths'
import { type RecordingFile, writeRecordingFile } from '../recording-file'
import { lineFileKinds, readLines } from '../verify/line-files'
import { copyTrack } from './copy-track'
import { withSourceErrors } from './source-error'
import { assertInPlace } from './source-recording'

/**
 * Copies a recording that nobody writes to: tracks with what their rows name, spans, activity and description. What VSR has not put
 * there, secrets of a resume and what repairs have set aside stay behind; the source is only read.
 *
 * Throws VsrError `bad_request` where the source cannot be read or leads elsewhere, `library_too_new`; errno errors of the target;
 * the signal's reason.
 * @returns how many segments the source has lost: they are gaps of the copy.
 */
export async function copyRecording(options: {
  readonly source: FilePort
  /** Real path of the recording's folder. */
  readonly from: string
  readonly files: FilePort
  /** A folder of its own, there and empty. */
  readonly to: string
  /** What the copy's description says. */
  readonly content: RecordingFile
  readonly logger: Logger
  readonly signal: AbortSignal
  /** 0..1. */
  readonly onProgress: (share: number) => void
}): Promise<number> {
  const { source, from, files, to, content, onProgress } = options
  await assertInPlace(source, from)
  await ensureFolder(files, join(to, TEMP_FOLDER))
  const { tracks } = content
  let lost = 0
  for (const [at, { id }] of tracks.entries()) {
    lost += await copyTrack({
      ...options,
      from: join(from, id),
      to: join(to, id),
      onProgress: (share) => onProgress((at + share) / tracks.length),
    })
  }
  for (const kind of lineFileKinds) {
    const path = join(from, kind.name)
    const lines = await withSourceErrors(path, () => readLines(source, path, kind))
    if (lines === undefined) continue
    await writeDurably({ files, path: join(to, kind.name), data: Buffer.from(lines.whole) })
  }
  await writeRecordingFile(files, to, content)
  return lost
}
