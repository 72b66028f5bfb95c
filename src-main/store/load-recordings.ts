import { join } from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import type { Logger } from '../ports/logger'
import type { CatalogueEntry, KeptFigures } from './catalogue'
import { sweepRecording } from './delete-recording'
import type { FilePort } from './file-port'
import { mapLimit } from './map-limit'
import { isRecordingId, RECORDINGS_FOLDER } from './paths'
import { type RecordingFile, readRecordingFile } from './recording-file'
import { LOG_NAME, openSegmentLog } from './segment-log'
import { errnoOf } from './store-error'

/** Recordings read at once while the library opens. */
const PARALLEL = 16

/** A recording as it was found, with figures that are true for its logs. */
export interface LoadedRecording {
  readonly folder: string
  readonly content: RecordingFile
  readonly kept: readonly KeptFigures[]
}

interface LoadOptions {
  readonly files: FilePort
  readonly root: string
  readonly mode: 'write' | 'read'
  readonly logger: Logger
  readonly catalogue: ReadonlyMap<string, CatalogueEntry>
}

/**
 * Finds the recordings of a library. A broken one is reported in the log and left alone; the others
 * go on. Logs are opened only where the catalogue does not know them at their present length: after a
 * crash, or without a catalogue (F37). Throws VsrError `library_too_new`.
 */
export async function loadRecordings(options: LoadOptions): Promise<{
  readonly found: readonly LoadedRecording[]
  /** So many are there and could not be read. */
  readonly unreadable: number
}> {
  const entries = await readFolderIfThere(options.files, join(options.root, RECORDINGS_FOLDER))
  const ids = entries.filter(({ name, kind }) => kind === 'folder' && isRecordingId(name))
  const parent = join(options.root, RECORDINGS_FOLDER)
  const loaded = await mapLimit(ids, PARALLEL, ({ name: id }) =>
    loadRecording(options, { id, folder: join(parent, id) }),
  )
  const found = loaded.filter((recording) => recording !== undefined)
  return { found, unreadable: loaded.length - found.length }
}

/**
 * One recording, as it lies in its folder; undefined where it cannot be read, which is in the log then. Throws VsrError
 * `library_too_new`.
 */
export async function loadRecording(
  options: Omit<LoadOptions, 'root'>,
  { id, folder }: { readonly id: string; readonly folder: string },
): Promise<LoadedRecording | undefined> {
  const { files, mode, catalogue } = options
  const logger = options.logger.child({ recording: id })
  try {
    const content = await readRecordingFile(files, folder)
    if (content.meta.id !== id) throw new Error(`recording.json is that of ${content.meta.id}`)
    if (mode === 'write') {
      const swept = await sweepRecording(files, folder)
      if (swept > 0) logger.info({ swept }, 'unfinished files of an earlier run removed')
    }
    const known = new Map(catalogue.get(id)?.tracks.map((track) => [track.id, track]))
    const kept: KeptFigures[] = []
    for (const track of content.tracks) {
      kept.push(
        await trueFigures({
          ...options,
          logger,
          folder,
          known: known.get(track.id),
          trackId: track.id,
        }),
      )
    }
    return { folder, content, kept }
  } catch (cause) {
    if (cause instanceof VsrError && cause.code === 'library_too_new') throw cause
    logger.error({ err: cause }, 'a recording cannot be read and is left out of the list')
    return undefined
  }
}

async function trueFigures(options: {
  readonly files: FilePort
  readonly mode: 'write' | 'read'
  readonly logger: Logger
  readonly folder: string
  readonly trackId: string
  readonly known: KeptFigures | undefined
}): Promise<KeptFigures> {
  const { files, mode, logger, folder, trackId, known } = options
  const path = join(folder, trackId, LOG_NAME)
  if (known !== undefined && known.logBytes === (await sizeOf(files, path))) return known
  const log = await openSegmentLog({ files, path, mode, logger })
  await log.close()
  // What a crash has left of footage that was let go goes when its track is opened: until then the figures are not taken for known.
  const logBytes = log.gone.length === 0 ? log.bytes : 0
  return { id: trackId, logBytes, figures: log.index.figures }
}

async function sizeOf(files: FilePort, path: string): Promise<number> {
  try {
    return (await files.stat(path)).bytes
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return 0
    throw cause
  }
}

/** A folder that is not there holds nothing: a library that was never written to. */
async function readFolderIfThere(
  files: FilePort,
  path: string,
): Promise<Awaited<ReturnType<FilePort['readFolder']>>> {
  try {
    return await files.readFolder(path)
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return []
    throw cause
  }
}
