import { join } from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { assertOwnFolder, moveOut, removeMovedOut } from './delete-recording'
import { ensureFolder } from './durable-files'
import { combineFigures } from './figures'
import type { FilePort } from './file-port'
import { type LoadedRecording, loadRecording } from './load-recordings'
import type { RecordingStore, TrashedRecording } from './model'
import { DELETED_FOLDER, isRecordingId, RECORDINGS_FOLDER } from './paths'
import { errnoOf } from './store-error'

/** The name tells when it was deleted (unix ms): the folder is moved in one step, and nothing in it is written. */
const DELETED_NAME = /^([a-z0-9]{12})-(\d{1,15})$/

interface Entry {
  /** Of its folder. */
  readonly name: string
  readonly id: string
  /** Unix ms. */
  readonly deletedMs: number
}

function parseEntry(name: string): Entry | undefined {
  const [, id = '', deletedMs = ''] = DELETED_NAME.exec(name) ?? []
  return isRecordingId(id) ? { name, id, deletedMs: Number(deletedMs) } : undefined
}

/**
 * The folder of deleted recordings. A new name is synced before the old one is given up: between the two a power cut may
 * leave both, and never none. Each method rejects with an errno error or a VsrError.
 */
export function createTrash(options: {
  readonly files: FilePort
  readonly root: string
  readonly mode: 'write' | 'read'
  readonly clock: Pick<Clock, 'nowMs'>
  readonly logger: Logger
}): {
  list(): Promise<readonly TrashedRecording[]>
  /** @param recording closed, and in the library. */
  put(recording: Pick<RecordingStore, 'id' | 'meta' | 'figures'>): Promise<TrashedRecording>
  /** @returns what the library has to take over. */
  restore(id: string): Promise<LoadedRecording>
  remove(ids: readonly string[]): Promise<void>
} {
  const { files, root, mode, clock, logger } = options
  const folder = join(root, DELETED_FOLDER)
  /** By names: what lies there does not change, and to look at it means to read its logs. */
  const known = new Map<string, TrashedRecording>()

  /** What lies there. One whose id is in the library, too, may be the same folder under two names. */
  const entries = async (): Promise<readonly Entry[]> => {
    const there = new Set(await namesIn(files, join(root, RECORDINGS_FOLDER)))
    return (await namesIn(files, folder)).flatMap((name) => {
      const entry = parseEntry(name)
      return entry === undefined || there.has(entry.id) ? [] : [entry]
    })
  }
  const look = async ({ name, id, deletedMs }: Entry): Promise<TrashedRecording | undefined> => {
    const before = known.get(name)
    if (before !== undefined) return before
    const place = { id, folder: join(folder, name) }
    const parts = { files, mode: 'read' as const, logger, catalogue: new Map() }
    const loaded = await loadRecording(parts, place)
    if (loaded === undefined) return undefined
    const { durationSec, bytes } = combineFigures(
      loaded.content.tracks,
      (trackId) => loaded.kept.find((kept) => kept.id === trackId)?.figures,
    )
    const found = { id, title: loaded.content.meta.title, deletedMs, durationSec, bytes }
    known.set(name, found)
    return found
  }
  const list = async (): Promise<readonly TrashedRecording[]> => {
    const found: TrashedRecording[] = []
    for (const entry of await entries()) {
      const trashed = await look(entry)
      if (trashed !== undefined) found.push(trashed)
    }
    return found.sort((a, b) => b.deletedMs - a.deletedMs)
  }

  let last: Promise<unknown> = Promise.resolve()
  /** A change begins when the one before has ended; whose failure went to its own caller. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work)
    last = done
    return done
  }
  const put = async ({
    id,
    meta,
    figures,
  }: Pick<RecordingStore, 'id' | 'meta' | 'figures'>): Promise<TrashedRecording> => {
    await assertOwnFolder(files, root, [RECORDINGS_FOLDER, id])
    await ensureFolder(files, folder)
    const deletedMs = Math.round(clock.nowMs())
    const name = `${id}-${deletedMs}`
    await files.rename(join(root, RECORDINGS_FOLDER, id), join(folder, name))
    await files.syncFolder(folder)
    await files.syncFolder(join(root, RECORDINGS_FOLDER))
    const { durationSec, bytes } = figures
    const trashed = { id, title: meta.title, deletedMs, durationSec, bytes }
    known.set(name, trashed)
    return trashed
  }
  const restore = async (id: string): Promise<LoadedRecording> => {
    const entry = (await entries()).find((one) => one.id === id)
    if (entry === undefined || (await look(entry)) === undefined) throw notInTrash()
    await assertOwnFolder(files, root, [DELETED_FOLDER, entry.name])
    const place = { id, folder: join(root, RECORDINGS_FOLDER, id) }
    await files.rename(join(folder, entry.name), place.folder)
    await files.syncFolder(join(root, RECORDINGS_FOLDER))
    await files.syncFolder(folder)
    known.delete(entry.name)
    const loaded = await loadRecording({ files, mode, logger, catalogue: new Map() }, place)
    if (loaded === undefined) throw notInTrash()
    return loaded
  }
  const remove = async (ids: readonly string[]): Promise<void> => {
    const leaving = new Set(ids)
    for (const { name, id } of await entries()) {
      if (!leaving.has(id)) continue
      // The name goes first, so that nothing half removed is ever offered.
      await moveOut(files, root, [DELETED_FOLDER, name])
      known.delete(name)
    }
    await removeMovedOut(files, root, logger)
  }
  return {
    list,
    put: (recording) => inTurn(() => put(recording)),
    restore: (id) => inTurn(() => restore(id)),
    remove: (ids) => inTurn(() => remove(ids)),
  }
}

const notInTrash = (): VsrError =>
  new VsrError('recording_not_found', 'There is no such recording in the trash.', {
    hint: 'It may have been removed for good. `vsr trash` lists what can be had back.',
  })

/** Names of the folders in a folder, links left out; none where it is not there. */
async function namesIn(files: FilePort, folder: string): Promise<readonly string[]> {
  try {
    const entries = await files.readFolder(folder)
    return entries.filter(({ kind }) => kind === 'folder').map(({ name }) => name)
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return []
    throw cause
  }
}
