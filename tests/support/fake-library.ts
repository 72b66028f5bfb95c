import { crc32 } from 'node:zlib'
import { createFootageInUse } from '../../src-main/store/footage-in-use'
import { createTrackIndex, latePlace } from '../../src-main/store/track-index'
import { combineFigures } from '../../src-main/store/figures'
import type { Activity } from '../../src-preload/contract/activity'
import type {
  ActivityStore,
  Commit,
  Library,
  RecordingMeta,
  RecordingStore,
  ResumeInfo,
  Row,
  SegmentIndex,
  SegmentRow,
  SpanRow,
  SpanStore,
  TempFile,
  TrackInfo,
  TrackStore,
} from '../../src-main/store/model'
import { createStillClock } from './fault-store-samples'
import { createMemoryFilePort } from './memory-file-port'

/** A library in memory. The recordings outlive `recorder`s, as those on disk do. */
export interface FakeLibrary extends Library {
  /** All rows of a track, in the order of time. */
  rows(recordingId: string, trackId?: string): readonly Row[]
  /** While set, every write rejects with it. */
  failure: Error | undefined
  /** Temporary files neither committed nor discarded. */
  readonly openTemps: number
}

export function createFakeLibrary(options: { nowMs?: number } = {}): FakeLibrary {
  const recordings = new Map<string, RecordingStore>()
  const listeners = new Set<(commit: Commit) => void>()
  const temps = new Set<TempFile>()
  const indexes = new Map<string, () => SegmentIndex>()
  const state: { failure: Error | undefined } = { failure: undefined }

  const refuse = () => {
    if (state.failure !== undefined) throw state.failure
  }

  const createTrack = (recordingId: string, info: TrackInfo): TrackStore => {
    const rows = createTrackIndex()
    const { told } = rows
    let lateNumber = 0
    indexes.set(`${recordingId}/${info.id}`, () => rows.current)
    const take = <R extends Row>(row: R): R => {
      refuse()
      rows.push(row)
      for (const listener of listeners) listener({ recordingId, trackId: info.id, row })
      return row
    }
    /** Like the store: the start never goes back. */
    const append = <R extends Row>(row: R): R => {
      const lastMs = told.length > 0 ? told.startMsAt(told.length - 1) : 0
      return take({ ...row, index: rows.nextIndex, startMs: Math.max(row.startMs, lastMs) })
    }
    const close = (temp: TempFile) => {
      refuse()
      if (!temps.delete(temp)) throw new Error('the temporary file is gone')
      return { index: 0, bytes: temp.bytes, checksum: 0 }
    }
    return {
      info,
      get index() {
        return rows.current
      },
      indexAsOf: (number) => rows.asOf(number),
      createTemp: async () => {
        refuse()
        let bytes = 0
        const temp: TempFile = {
          get bytes() {
            return bytes
          },
          write: async (chunk) => {
            refuse()
            bytes += chunk.length
          },
          sync: async () => refuse(),
          discard: async () => {
            temps.delete(temp)
          },
        }
        temps.add(temp)
        return temp
      },
      commitSegment: async (temp, segment) =>
        append({ ...segment, ...close(temp), kind: 'segment' }),
      async commitSegments(group) {
        const stored: SegmentRow[] = []
        try {
          for (const { temp, segment } of group) {
            stored.push(append({ ...segment, ...close(temp), kind: 'segment' }))
          }
          return { rows: stored, error: undefined }
        } catch (error) {
          return { rows: stored, error }
        }
      },
      commitLate: async (temp, { gapIndex, apart, ...segment }) => {
        const place = latePlace(rows.current, { ...segment, gapIndex, apart })
        lateNumber += 1
        const late = { number: lateNumber, apart }
        return take({ ...segment, ...close(temp), ...place, kind: 'segment', late })
      },
      commitInit: async (temp, init) => append({ ...init, ...close(temp), kind: 'init' }),
      commitKey: async (secret, key) =>
        append({ ...key, index: 0, bytes: secret.length, checksum: crc32(secret), kind: 'key' }),
      appendGap: async (gap) => append({ ...gap, index: 0, kind: 'gap' }),
      appendDiscontinuity: async (row) => append({ ...row, index: 0, kind: 'discontinuity' }),
      pathOf: (row) => `/fake/${recordingId}/${info.id}/${row.index}`,
      describe: async () => {},
    }
  }

  const createRecording = (first: RecordingMeta): RecordingStore => {
    const tracks: TrackStore[] = []
    let meta = first
    const spans = createFakeSpans(refuse)
    const activity = createFakeActivity(refuse)
    let resume: ResumeInfo | undefined = { inputUrl: first.sourceUrl, quality: 'best' }
    return {
      id: first.id,
      get meta() {
        return meta
      },
      get figures() {
        return combineFigures(
          tracks.map(({ info }) => info),
          (trackId) => tracks.find(({ info }) => info.id === trackId)?.index.figures,
        )
      },
      update: async (change) => {
        refuse()
        meta = { ...meta, ...(typeof change === 'function' ? change(meta) : change) }
      },
      tracks: async () => tracks,
      addTrack: async (info) => {
        refuse()
        const track = createTrack(first.id, info)
        tracks.push(track)
        return track
      },
      spans: async () => spans,
      activity: async () => activity,
      letGo: () => Promise.reject(new Error('a fake library lets go of nothing')),
      readResumeInfo: async () => resume,
      writeResumeInfo: async (info) => {
        resume = info
      },
    }
  }

  return {
    root: '/fake',
    files: createMemoryFilePort(),
    diskBusyMs: () => 0,
    heldElsewhere: false,
    inUse: createFootageInUse({ clock: createStillClock() }),
    onLetGo: () => () => undefined,
    announce: () => Promise.resolve(),
    get failure() {
      return state.failure
    },
    set failure(next) {
      state.failure = next
    },
    get openTemps() {
      return temps.size
    },
    rows: (recordingId, trackId = 'v0') => {
      const index = indexes.get(`${recordingId}/${trackId}`)?.()
      if (index === undefined) return []
      return Array.from({ length: index.length }, (_, position) => index.rowAt(position))
    },
    list: () => [...recordings.values()].reverse(),
    get: (id) => recordings.get(id),
    create: async (meta) => {
      const id = `recording${recordings.size}`
      const createdMs = options.nowMs ?? 0
      const fresh = { keepWaiting: false, markers: [], pinned: false, pinnedSpans: [] }
      const recording = createRecording({ ...fresh, ...meta, id, createdMs })
      recordings.set(id, recording)
      return recording
    },
    takeIn: () => Promise.reject(new Error('the fake library takes nothing in')),
    delete: async (id) => {
      recordings.delete(id)
    },
    trash: {
      list: async () => [],
      put: () => Promise.reject(new Error('the fake library has no trash')),
      restore: () => Promise.reject(new Error('the fake library has no trash')),
      remove: async () => undefined,
    },
    onCommit: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onSpans: () => () => undefined,
    onActivity: () => () => undefined,
    reconciled: true,
    space: async () => undefined,
    pauseWrites: (reason) => {
      state.failure = reason
    },
    close: async () => {},
  }
}

function createFakeActivity(refuse: () => void): ActivityStore {
  const kept: Activity[] = []
  return {
    list: () => kept,
    add: async (activity) => {
      refuse()
      kept.push(activity)
    },
  }
}

function createFakeSpans(refuse: () => void): SpanStore {
  const spans = new Map<string, SpanRow>()
  return {
    list: () => [...spans.values()],
    put: async (rows) => {
      refuse()
      for (const row of rows) spans.set(row.id, row)
    },
  }
}
