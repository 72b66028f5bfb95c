import type { TrashedRecording } from '../src-preload/contract/model'
import type { SettingsStore } from './config/settings-store'
import type { Logger } from './ports/logger'
import type { Library, RecordingStore } from './store/model'

const DAY_MS = 86_400_000

/** Deleted recordings, and for how long they can be had back. Every method throws VsrError on expected failures. */
export interface TrashControl {
  /** The last deleted first. */
  list(): Promise<readonly TrashedRecording[]>
  /** Moves a recording that is over there; where nothing is kept, it is gone for good. */
  put(id: string): Promise<void>
  restore(id: string): Promise<RecordingStore>
  /** Removes for good: those that are named, or all. @returns the ids of what went. */
  empty(ids?: readonly string[]): Promise<readonly string[]>
  figures(): Promise<{ readonly recordings: number; readonly bytes: number }>
}

/** @param options.onChange something went into the trash, or left it. */
export function createTrashControl(options: {
  readonly library: Pick<Library, 'trash' | 'delete'>
  readonly settings: Pick<SettingsStore, 'get'>
  readonly logger: Logger
  readonly onChange: () => void
}): TrashControl {
  const { library, settings, logger, onChange } = options

  const list = async (): Promise<readonly TrashedRecording[]> => {
    const keptMs = settings.get().trashDays * DAY_MS
    const found = await library.trash.list()
    return found.map((one) => ({ ...one, goneMs: Math.round(one.deletedMs + keptMs) }))
  }
  const empty: TrashControl['empty'] = async (ids) => {
    const asked = ids === undefined ? undefined : new Set(ids)
    const leaving = (await list()).filter(({ id }) => asked === undefined || asked.has(id))
    if (leaving.length === 0) return []
    await library.trash.remove(leaving.map(({ id }) => id))
    for (const { id, bytes } of leaving) logger.info({ recording: id, bytes }, 'left the trash')
    onChange()
    return leaving.map(({ id }) => id)
  }
  return {
    list,
    empty,
    async put(id) {
      if (settings.get().trashDays === 0) return library.delete(id)
      await library.trash.put(id)
      onChange()
    },
    async restore(id) {
      const recording = await library.trash.restore(id)
      onChange()
      return recording
    },
    async figures() {
      const found = await library.trash.list()
      return {
        recordings: found.length,
        bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
      }
    },
  }
}
