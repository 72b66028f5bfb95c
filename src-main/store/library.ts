import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { type Catalogue, openCatalogue } from './catalogue'
import { moveOut, removeLeftovers, removeMovedOut, sweepRoot } from './delete-recording'
import { createDiskPace } from './disk-pace'
import { ensureFolder, ensureFolders } from './durable-files'
import { createFootageInUse } from './footage-in-use'
import type { FilePort } from './file-port'
import { nodeFilePort } from './node-file-port'
import { guardedFilePort } from './guarded-file-port'
import { type LibraryIdentity, libraryAwayError, openIdentity } from './library-identity'
import {
  acquireLibraryLock,
  isLockHeld,
  type LibraryLock,
  lostLockError,
  type LockProcess,
} from './library-lock'
import type { CountBeside } from './let-go-of-tracks'
import { type LoadedRecording, loadRecording, loadRecordings } from './load-recordings'
import { nodeLockProcess } from './lock-process'
import { findMissingMount } from './missing-mount'
import { pausedFilePort } from './paused-file-port'
import type { Commit, Library, RecordingMeta } from './model'
import { LOCK_NAME, RECORDINGS_FOLDER, TEMP_FOLDER, TRASH_FOLDER } from './paths'
import { writeRecordingFile } from './recording-file'
import { isIdTaken, makeRecordingFolder } from './recording-folder'
import { createRecordingStore, type OwnedRecording } from './recording-store'
import { errnoOf, withStoreErrors } from './store-error'
import { tolerantFilePort } from './tolerant-file-port'
import { createTrash } from './trash'
import { createBufferPool } from './write-buffer'

export interface LibraryOptions {
  /** Absolute path of the library folder. */
  readonly root: string
  /** `write`: for this process alone. `read`: as it is at this moment; nothing is written, locked or trimmed. */
  readonly mode: 'write' | 'read'
  readonly clock: Clock
  readonly logger: Logger
  readonly files?: FilePort
  readonly process?: LockProcess
  /** Absent = playlists list segments and nothing else. */
  readonly countBeside?: CountBeside
}

/** What a library needs to make its recordings. */
interface Parts {
  readonly files: FilePort
  readonly root: string
  readonly mode: 'write' | 'read'
  readonly heldElsewhere: boolean
  readonly busyMs: () => number
  readonly clock: Clock
  readonly logger: Logger
  readonly countBeside: CountBeside
}

/**
 * Opens a library; mode `write` creates what is missing, removes unfinished files of an earlier run
 * and rebuilds the catalogue where it does not fit. Throws VsrError `library_locked`,
 * `library_unwritable`, `library_too_new`, `disk_full`.
 */
export function openLibrary(options: LibraryOptions): Promise<Library> {
  return withStoreErrors(options.root, () =>
    options.mode === 'write' ? openForWriting(options) : openForReading(options),
  )
}

async function openForReading(options: LibraryOptions): Promise<Library> {
  const { clock, logger, root } = options
  const refused = new VsrError('library_unwritable', 'The library is open for reading only.')
  const files = guardedFilePort({
    files: tolerantFilePort({ files: options.files ?? nodeFilePort, clock }),
    refusal: () => refused,
  })
  const lock = { files, path: join(root, LOCK_NAME), clock }
  const heldElsewhere = await isLockHeld({ ...lock, process: options.process ?? nodeLockProcess })
  const { countBeside = countNothing } = options
  const parts = {
    files,
    root,
    mode: 'read',
    heldElsewhere,
    busyMs: () => 0,
    clock,
    logger,
    countBeside,
  } as const
  return loadLibrary(parts, { release: () => Promise.resolve(), announce: () => Promise.resolve() })
}

async function openForWriting(options: LibraryOptions): Promise<Library> {
  const { clock, logger } = options
  const pace = createDiskPace({ files: options.files ?? nodeFilePort, clock })
  const disk = tolerantFilePort({ files: pace.files, clock })
  const root = await makeRoot(disk, options.root)
  let identity: LibraryIdentity | undefined
  const isThere = async () => (await identity?.isThere()) ?? true
  const lock = await acquireLibraryLock({
    files: disk,
    path: join(root, LOCK_NAME),
    clock,
    logger,
    process: options.process ?? nodeLockProcess,
    isThere,
  })
  const files = guardedFilePort({
    files: disk,
    refusal: () => (lock.lost ? lostLockError() : undefined),
    root,
    rootRefusal: async () => ((await isThere()) ? undefined : libraryAwayError(root)),
  })
  try {
    await sweepRoot(files, root)
    identity = await openIdentity(files, root)
    await ensureFolder(files, join(root, RECORDINGS_FOLDER))
    await ensureFolder(files, join(root, TRASH_FOLDER))
    await removeLeftovers(files, root, logger)
    const { countBeside = countNothing } = options
    const { busyMs } = pace
    const held = { mode: 'write', heldElsewhere: false } as const
    const parts = { files, root, ...held, busyMs, clock, logger, countBeside }
    return await loadLibrary(parts, lock)
  } catch (cause) {
    await lock.release()
    throw cause
  }
}

const countNothing: CountBeside = () => 0

/** The library folder itself may be a link: the person chose it. No library is begun where its disk is missing (F33). */
async function makeRoot(files: FilePort, folder: string): Promise<string> {
  const root = await realPathIfThere(files, folder)
  if (root !== undefined && (await isLibrary(files, root))) return root
  const mount = await findMissingMount(files, root ?? folder)
  if (mount !== undefined) {
    throw new VsrError('library_unwritable', `No disk is mounted on ${mount}.`, {
      hint: `Mount it, so that the library in ${folder} is there, or choose another library folder.`,
    })
  }
  if (root !== undefined) return root
  await ensureFolders(files, folder)
  return await files.realPath(folder)
}

async function realPathIfThere(files: FilePort, folder: string): Promise<string | undefined> {
  try {
    return await files.realPath(folder)
  } catch (cause) {
    if (errnoOf(cause) !== 'ENOENT') throw cause
    return undefined
  }
}

async function isLibrary(files: FilePort, root: string): Promise<boolean> {
  return (await files.readFolder(root)).some(({ name }) => name === RECORDINGS_FOLDER)
}

/** Newest first; recordings of the same moment in a fixed order. */
const newestFirst = (a: OwnedRecording, b: OwnedRecording): number =>
  b.meta.createdMs - a.meta.createdMs || (a.id < b.id ? 1 : -1)

async function loadLibrary(
  parts: Parts,
  lock: Pick<LibraryLock, 'release' | 'announce'>,
): Promise<Library> {
  const { root, mode, clock, logger } = parts
  const pause: { reason: VsrError | undefined } = { reason: undefined }
  const files = pausedFilePort({ files: parts.files, reason: () => pause.reason })
  const listeners = new Set<(commit: Commit) => void>()
  const letGoListeners = new Set<(recordingId: string) => void>()
  const inUse = createFootageInUse({ clock })
  const spanListeners = new Set<(recordingId: string) => void>()
  const activityListeners = new Set<Parameters<Library['onActivity']>[0]>()
  const recordings = new Map<string, OwnedRecording>()
  const pool = createBufferPool()
  const catalogue: Catalogue = await openCatalogue({
    files,
    root,
    logger,
    entries: () =>
      [...recordings.values()].map((recording) => ({
        id: recording.id,
        title: recording.meta.title,
        createdMs: recording.meta.createdMs,
        tracks: recording.keptFigures(),
      })),
  })
  const saveCatalogue = (): void => {
    if (mode === 'write') catalogue.save()
  }
  const adopt = (loaded: LoadedRecording): OwnedRecording => {
    const recording = createRecordingStore({
      files,
      mode,
      ...loaded,
      logger: logger.child({ recording: loaded.content.meta.id }),
      pool,
      onCommit: (commit) => {
        for (const listener of listeners) listener(commit)
      },
      onLetGo: () => {
        for (const listener of letGoListeners) listener(loaded.content.meta.id)
      },
      inUseFromMs: () => inUse.earliestMs(loaded.content.meta.id),
      countBeside: parts.countBeside,
      onSpans: () => {
        for (const listener of spanListeners) listener(loaded.content.meta.id)
      },
      onActivity: (activity) => {
        for (const listener of activityListeners) listener(loaded.content.meta.id, activity)
      },
      saved: catalogue.saved,
      onChange: saveCatalogue,
    })
    recordings.set(recording.id, recording)
    return recording
  }
  const find = (id: string): OwnedRecording => {
    const recording = recordings.get(id)
    if (recording === undefined) {
      throw new VsrError('recording_not_found', 'There is no such recording.')
    }
    return recording
  }
  const trash = createTrash({ files, root, mode, clock, logger })
  const { found, unreadable: missing } = await loadRecordings({
    ...parts,
    catalogue: catalogue.kept,
  })
  for (const loaded of found) adopt(loaded)
  saveCatalogue()

  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    for (const recording of recordings.values()) await recording.close()
    saveCatalogue()
    await catalogue.idle()
    try {
      await lock.release()
    } catch (cause) {
      // The disk may be gone. Nothing is lost by it: the lock of a dead process is taken over.
      logger.warn({ err: cause }, 'the library lock could not be given back')
    }
  }

  return {
    root,
    files,
    heldElsewhere: parts.heldElsewhere,
    inUse,
    diskBusyMs: parts.busyMs,
    announce: (url) => lock.announce(url),
    list: () => [...recordings.values()].sort(newestFirst),
    get: (id) => recordings.get(id),
    create: (input) =>
      withStoreErrors(root, async () => {
        const meta: RecordingMeta = {
          pinned: false,
          pinnedSpans: [],
          keepWaiting: false,
          markers: [],
          ...input,
          id: randomId(),
          createdMs: clock.nowMs(),
        }
        const loaded = {
          folder: await makeRecordingFolder({
            files,
            root,
            id: meta.id,
            async fill(folder) {
              await ensureFolder(files, join(folder, TEMP_FOLDER))
              await writeRecordingFile(files, folder, { meta, tracks: [] })
            },
          }),
          content: { meta, tracks: [] },
          kept: [],
        }
        const recording = adopt(loaded)
        saveCatalogue()
        return recording
      }),
    takeIn: (wantedId, fill) =>
      withStoreErrors(root, async () => {
        const id = (await isIdTaken(files, root, wantedId)) ? randomId() : wantedId
        const folder = await makeRecordingFolder({
          files,
          root,
          id,
          fill: (staged) => fill({ files, folder: staged, id }),
        })
        const place = { id, folder }
        const loaded = await loadRecording({ files, mode, logger, catalogue: new Map() }, place)
        if (loaded === undefined) throw unreadable(id)
        const recording = adopt(loaded)
        saveCatalogue()
        return recording
      }),
    delete: (id) =>
      withStoreErrors(root, async () => {
        const recording = find(id)
        await recording.close()
        await moveOut(files, root, [RECORDINGS_FOLDER, id])
        recordings.delete(id)
        saveCatalogue()
        await removeMovedOut(files, root, logger)
      }),
    trash: {
      list: () => withStoreErrors(root, trash.list),
      put: (id) =>
        withStoreErrors(root, async () => {
          const recording = find(id)
          await recording.close()
          const trashed = await trash.put(recording)
          recordings.delete(id)
          saveCatalogue()
          return trashed
        }),
      restore: (id) =>
        withStoreErrors(root, async () => {
          const recording = adopt(await trash.restore(id))
          saveCatalogue()
          return recording
        }),
      remove: (ids) => withStoreErrors(root, () => trash.remove(ids)),
    },
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onLetGo(listener) {
      letGoListeners.add(listener)
      return () => letGoListeners.delete(listener)
    },
    onSpans(listener) {
      spanListeners.add(listener)
      return () => spanListeners.delete(listener)
    },
    onActivity(listener) {
      activityListeners.add(listener)
      return () => activityListeners.delete(listener)
    },
    reconciled: missing === 0,
    pauseWrites(reason) {
      pause.reason = reason
    },
    async space() {
      try {
        return await files.space(root)
      } catch (cause) {
        logger.debug({ err: cause }, 'free space of the library is not known')
        return undefined
      }
    },
    close() {
      closing ??= close()
      return closing
    },
  }
}

const unreadable = (id: string): VsrError =>
  new VsrError('library_unwritable', `Recording ${id} was stored, but cannot be read back.`, {
    hint: 'Start VSR again, and check the disk.',
  })

const ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const ID_LENGTH = 12

const randomId = (): string =>
  Array.from({ length: ID_LENGTH }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('')
