import { join } from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import type { Logger } from '../ports/logger'
import { type Commission, type Committer, createCommitter, type Place } from './committer'
import type { FilePort } from './file-port'
import { createLettingGo, type LetGoChoice } from './letting-go'
import type {
  DiscontinuityRow,
  GapRow,
  InitRow,
  KeyRow,
  Row,
  SegmentIndex,
  SegmentRow,
  TempFile,
  TrackInfo,
  TrackStore,
} from './model'
import { mediaPath, TEMP_FOLDER } from './paths'
import { LOG_NAME, openSegmentLog, type SegmentLog } from './segment-log'
import { roundSec, UINT32_MAX } from './segment-row'
import { createTempFile, type SealableTemp, type Sealed } from './temp-file'
import { latePlace } from './track-index'
import type { BufferPool } from './write-buffer'

/** Readable for its owner only. */
const SECRET_PERMISSIONS = 0o600

/** A track as its recording holds it. */
export interface OpenTrack {
  readonly store: TrackStore
  /** Length of its log in bytes as far as acknowledged: tells whether kept figures are still true. 0 while that may change otherwise than by its rows. */
  readonly logBytes: number
  /** All that is stored but late segments: see `TrackIndex`. */
  readonly told: SegmentIndex
  /** Lets go of its beginning: one call at a time. Throws VsrError `disk_full`, `library_unwritable`. */
  letGo(choice: LetGoChoice): Promise<{ readonly bytes: number; readonly segments: number }>
  /** See `LettingGo`. */
  compact(isForgotten: () => Promise<boolean>): Promise<void>
  /** Waits for commits under way, then closes the log. Idempotent. */
  close(): Promise<void>
}

export interface TrackOptions {
  readonly files: FilePort
  readonly mode: 'write' | 'read'
  /** The recording's folder; the track's own folder stands in it already (mode write). */
  readonly recordingFolder: string
  readonly logger: Logger
  readonly pool: BufferPool
  /** The track's description as it stands now. */
  readonly info: () => TrackInfo
  readonly describe: TrackStore['describe']
  /** The number of the recording's next late segment, above all that are given out. */
  readonly nextLateNumber: () => number
  readonly onRow: (row: Row) => void
}

/** Opens one track: reads its log, readies it for commits. Throws as `openSegmentLog` does. */
export async function openTrack(options: TrackOptions): Promise<OpenTrack> {
  const { files, mode, recordingFolder, logger } = options
  const { id } = options.info()
  const path = join(recordingFolder, id, LOG_NAME)
  const log = await openSegmentLog({ files, path, mode, logger })
  const track = createTrack(options, log)
  const folder = join(recordingFolder, id)
  const letting = createLettingGo({ files, folder, log, logger, alone: track.alone })
  if (mode === 'write') await letting.finish()
  return {
    store: track.store,
    get logBytes() {
      return letting.isUnderWay ? 0 : log.bytes
    },
    get told() {
      return log.rows.told
    },
    letGo: letting.letGo,
    compact: letting.compact,
    async close() {
      await track.closeCommitter()
      await log.close()
    },
  }
}

function createTrack(
  options: TrackOptions,
  log: SegmentLog,
): { store: TrackStore; alone: Committer['alone']; closeCommitter: () => Promise<void> } {
  const { files, recordingFolder, logger, pool, describe, onRow } = options
  const { id } = options.info()
  const folder = join(recordingFolder, id)
  const temps = new WeakMap<TempFile, SealableTemp>()
  const committer = createCommitter({ files, folder, log, logger, onRow })

  const own = (temp: TempFile): SealableTemp => {
    const known = temps.get(temp)
    if (known === undefined) throw new Error('this temp file was made by another track')
    if (known.bytes > UINT32_MAX) {
      throw new VsrError('too_large', 'A segment is larger than 4 GB and cannot be stored.')
    }
    return known
  }
  const file = (sealed: Sealed | undefined): Pick<SegmentRow, 'bytes' | 'checksum'> => {
    if (sealed === undefined) throw new Error('a row with a file was built without its file')
    return { bytes: sealed.bytes, checksum: sealed.checksum }
  }

  const commitOne = async (commission: Commission): Promise<Row> => {
    const { rows, error } = await committer.commit([commission])
    if (rows[0] === undefined) throw error
    return rows[0]
  }

  const openTemp = (permissions?: number): Promise<SealableTemp> =>
    createTempFile({
      files,
      folder: join(recordingFolder, TEMP_FOLDER),
      prefix: id,
      pool,
      logger,
      ...(permissions === undefined ? {} : { permissions }),
    })

  const store: TrackStore = {
    get info() {
      return options.info()
    },
    get index() {
      return log.index
    },
    indexAsOf: (lateNumber) => log.rows.asOf(lateNumber),
    async createTemp() {
      const temp = await openTemp()
      temps.set(temp, temp)
      return temp
    },
    async commitSegments(group) {
      const commissions = group.map(({ temp, segment }) => ({
        startMs: segment.startMs,
        temp: own(temp),
        build: (place: Place, sealed: Sealed | undefined): SegmentRow => ({
          kind: 'segment',
          ...segment,
          ...place,
          ...file(sealed),
          durationSec: roundSec(segment.durationSec),
        }),
      }))
      const { rows, error } = await committer.commit(commissions)
      return { rows: rows.map((row) => expectKind<SegmentRow>('segment', row)), error }
    },
    async commitSegment(temp, segment) {
      const { rows, error } = await store.commitSegments([{ temp, segment }])
      if (rows[0] === undefined) throw error
      return rows[0]
    },
    async commitLate(temp, segment) {
      const { gapIndex: _gapIndex, apart, ...media } = segment
      return expectKind<SegmentRow>(
        'segment',
        await commitOne({
          startMs: segment.startMs,
          temp: own(temp),
          place: () => latePlace(log.index, segment),
          build: (place, sealed) => ({
            kind: 'segment',
            ...media,
            ...place,
            ...file(sealed),
            durationSec: roundSec(segment.durationSec),
            late: { number: options.nextLateNumber(), apart },
          }),
        }),
      )
    },
    commitInit: async (temp, init) =>
      expectKind<InitRow>(
        'init',
        await commitOne({
          startMs: init.startMs,
          temp: own(temp),
          build: (place, sealed) => ({ kind: 'init', ...init, ...place, ...file(sealed) }),
        }),
      ),
    async commitKey(secret, key) {
      const temp = await openTemp(SECRET_PERMISSIONS)
      try {
        await temp.write(secret)
        return expectKind<KeyRow>(
          'key',
          await commitOne({
            startMs: key.startMs,
            temp,
            build: (place, sealed) => ({ kind: 'key', ...key, ...place, ...file(sealed) }),
          }),
        )
      } finally {
        await temp.discard()
      }
    },
    appendGap: async (gap) =>
      expectKind<GapRow>(
        'gap',
        await commitOne({
          startMs: gap.startMs,
          build: (place: Place) => ({
            kind: 'gap',
            ...gap,
            ...place,
            durationSec: roundSec(gap.durationSec),
          }),
        }),
      ),
    appendDiscontinuity: async (discontinuity) =>
      expectKind<DiscontinuityRow>(
        'discontinuity',
        await commitOne({
          startMs: discontinuity.startMs,
          build: (place: Place) => ({ kind: 'discontinuity', ...discontinuity, ...place }),
        }),
      ),
    pathOf: (row) => mediaPath(folder, row),
    describe,
  }
  return { store, alone: committer.alone, closeCommitter: committer.close }
}

/** The committer hands back the row that was built; this says so to the compiler, and checks it. */
function expectKind<T extends Row>(kind: T['kind'], row: Row): T {
  if (row.kind !== kind) throw new Error(`a ${kind} row was asked for, a ${row.kind} row was made`)
  // The check above is what the compiler cannot see through the generic.
  return row as T
}
