import { join } from 'node:path'
import type { Activity } from '../../src-preload/contract/activity'
import type { Logger } from '../ports/logger'
import { ACTIVITY_NAME, openActivityLog } from './activity-log'
import { createBatcher } from './batcher'
import type { KeptFigures } from './catalogue'
import { ensureFolder } from './durable-files'
import { combineFigures, emptyFigures } from './figures'
import type { FilePort } from './file-port'
import type { Commit, Figures, RecordingMeta, RecordingStore, TrackInfo } from './model'
import { isTrackId } from './paths'
import {
  type RecordingFile,
  readResumeFile,
  writeRecordingFile,
  writeResumeFile,
} from './recording-file'
import { openSpanLog, SPANS_NAME } from './span-log'
import { withStoreErrors } from './store-error'
import { type CountBeside, letGoOfTracks } from './let-go-of-tracks'
import { type OpenTrack, openTrack } from './track-store'
import { createTurns } from './turns'
import type { BufferPool } from './write-buffer'

/** A recording as the library holds it. */
export interface OwnedRecording extends RecordingStore {
  /** What the catalogue keeps of it. */
  keptFigures(): readonly KeptFigures[]
  /** Waits for commits under way and closes the logs. Idempotent; the logs open again on the next use. */
  close(): Promise<void>
}

/** Folder, files and tracks of one recording. Opens nothing before it is used. */
export function createRecordingStore(options: {
  readonly files: FilePort
  readonly mode: 'write' | 'read'
  readonly folder: string
  readonly content: RecordingFile
  /** Figures that are true for the logs as they are on disk. */
  readonly kept: readonly KeptFigures[]
  readonly logger: Logger
  readonly pool: BufferPool
  readonly onCommit: (commit: Commit) => void
  /** The recording has let go of its beginning. */
  readonly onLetGo: () => void
  /** From where on footage of it is in use, unix ms; undefined where none is. */
  readonly inUseFromMs: () => number | undefined
  readonly countBeside: CountBeside
  /** Spans are durable. */
  readonly onSpans: () => void
  /** It is durable. */
  readonly onActivity: (activity: Activity) => void
  /** Saves the catalogue. Resolves with whether it is durable as it is now. */
  readonly saved: () => Promise<boolean>
  /** The catalogue's part of it changed. */
  readonly onChange: () => void
}): OwnedRecording {
  const { files, mode, folder, logger, pool, onCommit, onChange } = options
  const { id } = options.content.meta
  let content = options.content
  const kept = new Map(options.kept.map((entry) => [entry.id, entry]))
  const opening = new Map<string, Promise<OpenTrack>>()
  const opened = new Map<string, OpenTrack>()
  /** Of the last late segment, in any of the tracks. */
  let lateNumber = 0

  const edits = createBatcher<(before: RecordingFile) => RecordingFile, void>({
    limit: 256,
    async run(changes) {
      const next = changes.reduce((value, change) => change(value), content)
      await withStoreErrors(folder, () => writeRecordingFile(files, folder, next))
      content = next
      onChange()
      return changes.map(() => ({ status: 'fulfilled', value: undefined }))
    },
  })
  const turns = createTurns()
  const infoOf = (trackId: string): TrackInfo => {
    const info = content.tracks.find((track) => track.id === trackId)
    if (info === undefined) throw new Error(`recording ${id} has no track ${trackId}`)
    return info
  }
  const open = async (trackId: string): Promise<OpenTrack> => {
    const track = await openTrack({
      files,
      mode,
      recordingFolder: folder,
      logger: logger.child({ track: trackId }),
      pool,
      info: () => infoOf(trackId),
      describe: (patch) =>
        edits.add((before) => ({
          ...before,
          tracks: before.tracks.map((info) => (info.id === trackId ? { ...info, ...patch } : info)),
        })),
      onRow: (row) => onCommit({ recordingId: id, trackId, row }),
      nextLateNumber() {
        lateNumber += 1
        return lateNumber
      },
    })
    lateNumber = Math.max(lateNumber, track.store.index.lateNumber)
    opened.set(trackId, track)
    return track
  }
  /** Opens a track once; a failure is not remembered. */
  const track = (trackId: string): Promise<OpenTrack> => {
    const known = opening.get(trackId)
    if (known !== undefined) return known
    const fresh = open(trackId).catch((cause: unknown) => {
      opening.delete(trackId)
      throw cause
    })
    opening.set(trackId, fresh)
    return fresh
  }
  const spans = openOnce(() =>
    openSpanLog({ files, path: join(folder, SPANS_NAME), logger, onPut: options.onSpans }),
  )
  const activity = openOnce(() =>
    openActivityLog({
      files,
      path: join(folder, ACTIVITY_NAME),
      logger,
      onAdd: options.onActivity,
    }),
  )
  const figuresOf = (trackId: string): Figures =>
    opened.get(trackId)?.store.index.figures ?? kept.get(trackId)?.figures ?? emptyFigures
  const keptFigures = (): readonly KeptFigures[] =>
    content.tracks.map((info) => ({
      id: info.id,
      logBytes: opened.get(info.id)?.logBytes ?? kept.get(info.id)?.logBytes ?? 0,
      figures: figuresOf(info.id),
    }))

  return {
    id,
    get meta() {
      return content.meta
    },
    get figures() {
      return combineFigures(content.tracks, figuresOf)
    },
    update: (change) =>
      edits.add((before) => {
        const patch = typeof change === 'function' ? change(before.meta) : change
        return { ...before, meta: patchMeta(before.meta, patch) }
      }),
    tracks: async () =>
      (await Promise.all(content.tracks.map((info) => track(info.id)))).map(({ store }) => store),
    async addTrack(info) {
      if (!isTrackId(info.id)) throw new Error(`'${info.id}' is no track id`)
      if (content.tracks.some((other) => other.id === info.id)) {
        throw new Error(`recording ${id} has a track ${info.id} already`)
      }
      await withStoreErrors(folder, () => ensureFolder(files, join(folder, info.id)))
      await edits.add((before) => ({ ...before, tracks: [...before.tracks, info] }))
      return (await track(info.id)).store
    },
    spans: spans.get,
    activity: activity.get,
    letGo: ({ beforeMs }) =>
      turns.take(async () => {
        const open = await Promise.all(content.tracks.map((info) => track(info.id)))
        const before = open.map(({ told }) => told)
        try {
          return await letGoOfTracks({
            tracks: open,
            beforeMs: Math.min(beforeMs, options.inUseFromMs() ?? beforeMs),
            countBeside: options.countBeside,
          })
        } finally {
          if (open.some(({ told }, at) => told !== before[at])) {
            options.onLetGo()
            for (const one of open) await one.compact(options.saved)
            onChange()
          }
        }
      }),
    readResumeInfo: () => withStoreErrors(folder, () => readResumeFile(files, folder)),
    writeResumeInfo: (info) => withStoreErrors(folder, () => writeResumeFile(files, folder, info)),
    keptFigures,
    async close() {
      await edits.idle()
      await turns.idle()
      const settled = await Promise.allSettled(opening.values())
      for (const result of settled) if (result.status === 'fulfilled') await result.value.close()
      await spans.close()
      await activity.close()
      for (const entry of keptFigures()) kept.set(entry.id, entry)
      opening.clear()
      opened.clear()
    },
  }
}

/** A file of the recording that is opened on first use; a failure is not remembered. */
function openOnce<T extends { idle(): Promise<void> }>(open: () => Promise<T>) {
  let opened: Promise<T> | undefined
  return {
    get: (): Promise<T> => {
      opened ??= open().catch((cause: unknown) => {
        opened = undefined
        throw cause
      })
      return opened
    },
    /** Waits for what is under way. It opens again on the next use. */
    async close(): Promise<void> {
      const [settled] = await Promise.allSettled([opened])
      if (settled?.status === 'fulfilled') await settled.value?.idle()
      opened = undefined
    },
  }
}

/** A recording that is no longer failed keeps no failure. */
function patchMeta(
  meta: RecordingMeta,
  patch: Partial<Omit<RecordingMeta, 'id' | 'createdMs'>>,
): RecordingMeta {
  const next = { ...meta, ...patch }
  if (next.state === 'failed') return next
  const { failure: _failure, ...rest } = next
  return rest
}
