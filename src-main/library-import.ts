import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { VsrError } from '../src-preload/contract/errors'
import type { Clock } from './ports/clock'
import type { Logger } from './ports/logger'
import { isLockHeld } from './store/library-lock'
import { nodeLockProcess } from './store/lock-process'
import type { Library, RecordingStore } from './store/model'
import { nodeFilePort } from './store/node-file-port'
import { isRecordingId, LOCK_NAME, RECORDING_NAME, RECORDINGS_FOLDER } from './store/paths'
import type { RecordingFile } from './store/recording-file'
import { copyRecording } from './store/transfer/copy-recording'
import { storedBytes } from './store/transfer/stored-bytes'
import { readSourceRecording } from './store/transfer/source-recording'

/** Where to copy recordings from. */
export interface LibraryImportRequest {
  /** Absolute path of another library, or of the folder of one recording. */
  readonly path: string
  /** Ends the import; what is whole by then stays. */
  readonly signal: AbortSignal
  /** 0..100. */
  readonly onProgress: (percent: number) => void
}

/** What became of it. */
export interface LibraryImported {
  readonly recordings: readonly RecordingStore[]
  /** Segments that the source has lost: gaps. */
  readonly lost: number
  /** What was left behind, and why, a sentence each. */
  readonly notTaken: readonly string[]
}

interface Parts {
  readonly library: Library
  readonly clock: Clock
  readonly logger: Logger
}

interface Source {
  /** Real paths of recordings' folders. */
  readonly folders: readonly string[]
  /** Another VSR is writing to them. */
  readonly isInUse: boolean
}

/**
 * Copies the recordings of another library. Each is read whole, compared with its rows on the way, and appears when it is whole; its id
 * stays where it is free. The source is only read: what is being recorded there is left out.
 *
 * Undefined where the path is neither a library nor a recording.
 * @throws VsrError `bad_request`, `no_footage` where nothing could be taken, `library_too_new`, `disk_full`, `library_unwritable`,
 * `cancelled`.
 */
export async function importLibrary(
  parts: Parts,
  { path: given, signal, onProgress }: LibraryImportRequest,
): Promise<LibraryImported | undefined> {
  const source = await findSource(parts, given)
  if (source === undefined) return undefined
  const { folders } = source
  const recordings: RecordingStore[] = []
  const notTaken: string[] = []
  let lost = 0
  for (const [at, folder] of folders.entries()) {
    if (signal.aborted) throw new VsrError('cancelled', 'The import was cancelled.')
    const onShare = (share: number) => onProgress(((at + share) / folders.length) * 100)
    onShare(0)
    try {
      const taken = await takeOne(parts, { folder, isInUse: source.isInUse, signal, onShare })
      recordings.push(taken.recording)
      lost += taken.lost
    } catch (cause) {
      if (signal.aborted) throw new VsrError('cancelled', 'The import was cancelled.', { cause })
      if (folders.length === 1 || !isAboutSource(cause)) throw cause
      notTaken.push(`${path.basename(folder)}: ${cause.message}`)
    }
  }
  if (recordings.length === 0) {
    throw new VsrError('no_footage', ['Nothing could be imported.', ...notTaken].join(' '))
  }
  onProgress(100)
  return { recordings, lost, notTaken }
}

/** The others can be had all the same. */
const isAboutSource = (cause: unknown): cause is VsrError =>
  cause instanceof VsrError &&
  ['bad_request', 'library_too_new', 'recording_active'].includes(cause.code)

async function findSource({ library, clock }: Parts, given: string): Promise<Source | undefined> {
  const real = await realpath(given).catch((cause: unknown) => {
    throw new VsrError('bad_request', `There is nothing at ${given}.`, { cause })
  })
  const isOne = await isFileThere(path.join(real, RECORDING_NAME))
  if (!isOne && !(await isFolderThere(path.join(real, RECORDINGS_FOLDER)))) return undefined
  if (real === library.root || real.startsWith(library.root + path.sep)) {
    throw new VsrError('bad_request', `${given} is in this library already.`)
  }
  const root = isOne ? path.resolve(real, '../..') : real
  const isInUse = await isLockHeld({
    files: nodeFilePort,
    path: path.join(root, LOCK_NAME),
    clock,
    process: nodeLockProcess,
  })
  return { folders: isOne ? [real] : await foldersIn(path.join(real, RECORDINGS_FOLDER)), isInUse }
}

async function foldersIn(parent: string): Promise<string[]> {
  const entries = await nodeFilePort.readFolder(parent)
  return entries
    .filter(({ kind, name }) => kind === 'folder' && isRecordingId(name))
    .map(({ name }) => path.join(parent, name))
}

const isFileThere = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
const isFolderThere = (folder: string): Promise<boolean> =>
  stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )

async function takeOne(
  { library, logger }: Parts,
  options: {
    readonly folder: string
    readonly isInUse: boolean
    readonly signal: AbortSignal
    readonly onShare: (share: number) => void
  },
): Promise<{ readonly recording: RecordingStore; readonly lost: number }> {
  const { folder, isInUse, signal, onShare } = options
  const found = await readSourceRecording(nodeFilePort, folder)
  if (isInUse && found.meta.state === 'recording') {
    throw new VsrError('recording_active', `“${found.meta.title}” is being recorded.`, {
      hint: 'Stop it there; then it can be imported.',
    })
  }
  await assertRoom(library, await storedBytes({ source: nodeFilePort, folder, content: found }))
  let lost = 0
  const recording = await library.takeIn(found.meta.id, async ({ files, folder: to, id }) => {
    lost = await copyRecording({
      source: nodeFilePort,
      from: folder,
      files,
      to,
      content: asImported(found, id),
      logger,
      signal,
      onProgress: onShare,
    })
  })
  return { recording, lost }
}

/** Beside what is copied: logs, and what is recorded meanwhile. */
const SPARE_BYTES = 64 * 1024 * 1024

/** Before hours of copying rather than behind them. Throws VsrError `disk_full`. */
async function assertRoom(library: Library, bytes: number): Promise<void> {
  const space = await library.space()
  if (space === undefined || bytes + SPARE_BYTES <= space.freeBytes) return
  const [needed, left] = [bytes, space.freeBytes].map((count) => `${(count / 1e9).toFixed(1)} GB`)
  throw new VsrError('disk_full', `The recording takes ${needed}, and ${left} are free.`, {
    hint: 'Free some space, or import it into a library on another disk.',
  })
}

/** What was cut off there does not go on here. */
function asImported({ meta, tracks }: RecordingFile, id: string): RecordingFile {
  const state = meta.state === 'recording' ? 'stopped' : meta.state
  return { meta: { ...meta, id, state }, tracks }
}
