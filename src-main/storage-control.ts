import type { Settings, Storage } from '../src-preload/contract/model'
import { VsrError } from '../src-preload/contract/errors'
import type { SettingsStore } from './config/settings-store'
import type { Clock } from './ports/clock'
import type { Logger } from './ports/logger'
import {
  decideRetention,
  type LetGo,
  type RetentionLimits,
  type RetentionState,
} from './retention/decide-retention'
import { headroomOf, type SpaceState, spaceStateOf } from './retention/disk-space'
import { forecastOf } from './retention/forecast'
import { heldRecording } from './retention/held-recording'
import { createIngestRate } from './retention/ingest-rate'
import { createSweeper } from './retention/sweeper'
import type { DiskSpace } from './store/file-port'
import type { Library, RecordingStore } from './store/model'
import type { TrashControl } from './trash-control'

const DAY_MS = 86_400_000
/** While something is recorded, the figures are told so often. */
const TELL_EVERY_MS = 30_000

/** What takes space, what makes room, and what comes. */
export interface StorageControl {
  status(): Promise<Storage>
  /** From now on, limits are kept to, and recording pauses where the disk is nearly full. */
  begin(): void
  /** Nothing goes after it. Idempotent. */
  close(): Promise<void>
}

const gigabytes = (bytes: number): string =>
  bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`

/** Why nothing new is stored. The words do not change while it lasts. */
const diskNearlyFull = (headroomBytes: number): VsrError =>
  new VsrError(
    'disk_full',
    `The disk that holds the library is nearly full. Recording pauses, so that ${gigabytes(headroomBytes / 2)} stay free.`,
    {
      hint: 'It goes on by itself when there is space: delete something, or let VSR delete the oldest footage (settings).',
    },
  )

/** What the settings allow to go, on this disk. */
function limitsOf(settings: Settings, space: DiskSpace | undefined): RetentionLimits {
  return {
    maxAgeMs: settings.maxAgeDays * DAY_MS,
    maxRecordingBytes: settings.maxRecordingBytes,
    maxLibraryBytes: settings.maxLibraryBytes,
    headroomBytes: space === undefined ? 0 : headroomOf(settings.headroomBytes, space.totalBytes),
    deletesForSpace: settings.whenShort === 'delete-oldest',
    trashMs: settings.trashDays * DAY_MS,
  }
}

/**
 * @param options.isRunning it is being recorded.
 * @param options.remove removes a whole recording for good.
 * @param options.onChange there are other figures.
 */
export function createStorageControl(options: {
  readonly library: Library
  readonly settings: Pick<SettingsStore, 'get' | 'onChange'>
  readonly trash: Pick<TrashControl, 'list' | 'empty'>
  readonly clock: Clock
  readonly logger: Logger
  readonly isRunning: (recording: RecordingStore) => boolean
  readonly remove: (id: string) => Promise<void>
  readonly onChange: () => void
}): StorageControl {
  const { library, settings, trash, clock, logger, onChange } = options
  const rate = createIngestRate({ clock })
  const unsubscribes = [
    library.onCommit(({ recordingId, row }) => {
      if (row.kind === 'segment') rate.stored(recordingId, row.bytes)
    }),
  ]
  let spaceState: SpaceState = 'ok'
  let toldMs = Number.NEGATIVE_INFINITY

  const held = (recording: RecordingStore) =>
    heldRecording({
      recording,
      isRunning: options.isRunning(recording),
      inUseFromMs: library.inUse.earliestMs(recording.id),
    })
  const read = async () => {
    const [space, deleted] = await Promise.all([library.space(), trash.list()])
    const limits = limitsOf(settings.get(), space)
    const recordings = library.list()
    const state: RetentionState = {
      trash: deleted,
      freeBytes: space?.freeBytes,
      // F37: nobody knows what stands in what could not be read.
      recordings: library.reconciled ? recordings.map(held) : [],
    }
    return { space, limits, recordings, state }
  }
  const stateNow = (
    space: DiskSpace | undefined,
    { headroomBytes }: RetentionLimits,
  ): SpaceState =>
    space === undefined
      ? 'ok'
      : spaceStateOf({ freeBytes: space.freeBytes, headroomBytes, before: spaceState })

  const act = async ({ kind, id, whole, untilMs }: LetGo): Promise<boolean> => {
    if (kind === 'trash') return (await trash.empty([id])).length > 0
    const recording = library.get(id)
    if (recording === undefined) return false
    // Others went meanwhile, which takes its time.
    const { pinned, keepFromMs = Number.POSITIVE_INFINITY } = held(recording)
    if (pinned || keepFromMs < untilMs) return false
    if (whole && !options.isRunning(recording)) {
      await options.remove(id)
      return true
    }
    return (await recording.letGo({ beforeMs: untilMs })).segments > 0
  }
  const onLook = (space: SpaceState, headroomBytes: number, went: boolean): void => {
    const isNew = space !== spaceState
    spaceState = space
    library.pauseWrites(space === 'full' ? diskNearlyFull(headroomBytes) : undefined)
    if (isNew && space === 'ok') logger.info({ space }, 'the library’s disk has space again')
    else if (isNew) logger.warn({ space, headroomBytes }, 'the library’s disk is nearly full')
    const isDue = clock.monotonicMs() - toldMs >= TELL_EVERY_MS
    if (isNew || went || (isDue && library.list().some(options.isRunning))) {
      toldMs = clock.monotonicMs()
      onChange()
    }
  }
  let headroomBytes = 0
  const sweeper = createSweeper({
    clock,
    logger,
    act,
    async look() {
      const { space, limits, state } = await read()
      headroomBytes = limits.headroomBytes
      return {
        space: stateNow(space, limits),
        letGo: decideRetention(state, limits, clock.nowMs()),
      }
    },
    onLook: (space, went) => onLook(space, headroomBytes, went),
  })

  /** The limits are others now. */
  const sweepNow = async (): Promise<void> => {
    try {
      await sweeper.sweep()
    } catch (err) {
      logger.warn({ err }, 'the library’s disk could not be looked at; tried again later')
    }
  }

  return {
    async status() {
      const { space, limits, recordings, state } = await read()
      const rates = new Map(
        recordings.filter(options.isRunning).flatMap((recording) => {
          const perHour = rate.bytesPerHour(recording.id) ?? usualRate(recording)
          return perHour > 0 ? [[recording.id, perHour] as const] : []
        }),
      )
      const { fullMs, ...forecast } = forecastOf(state, limits, rates, clock.nowMs())
      return {
        ...(space === undefined ? {} : { ...space }),
        headroomBytes: limits.headroomBytes,
        state: stateNow(space, limits),
        limitsOff: !library.reconciled,
        trashBytes: state.trash.reduce((sum, { bytes }) => sum + bytes, 0),
        bytesPerHour: Math.round(forecast.bytesPerHour),
        letGoBytes: Math.round(forecast.letGoBytes),
        ...(fullMs === undefined ? {} : { fullMs }),
        recordings: [...rates].map(([id, perHour]) => ({
          id,
          bytesPerHour: Math.round(perHour),
        })),
      }
    },
    begin() {
      if (!library.reconciled) {
        logger.warn({}, 'nothing is let go by itself while a recording cannot be read')
      }
      sweeper.begin()
      unsubscribes.push(settings.onChange(() => void sweepNow()))
    },
    async close() {
      for (const unsubscribe of unsubscribes) unsubscribe()
      await sweeper.close()
    },
  }
}

/** Of one that another process records: as in all the time it ran. */
const usualRate = ({ figures: { bytes, durationSec } }: RecordingStore): number =>
  durationSec > 0 ? (bytes / durationSec) * 3600 : 0
