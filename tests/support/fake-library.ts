import { crc32 } from 'node:zlib'
import { createSegmentIndex } from '../../src-main/store/segment-index'
import { emptyFigures } from '../../src-main/store/figures'
import type {
  Commit,
  Library,
  RecordingMeta,
  RecordingStore,
  ResumeInfo,
  Row,
  SpanRow,
  SpanStore,
  TempFile,
  TrackInfo,
  TrackStore,
} from '../../src-main/store/model'

/** A library in memory. The recordings outlive `recorder`s, as those on disk do. */
export interface FakeLibrary extends Library {
  /** All rows of a track, in order. */
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
  const rowsOf = new Map<string, Row[]>()
  const state: { failure: Error | undefined } = { failure: undefined }

  const refuse = () => {
    if (state.failure !== undefined) throw state.failure
  }

  const createTrack = (recordingId: string, info: TrackInfo): TrackStore => {
    const index = createSegmentIndex()
    const rows: Row[] = []
    rowsOf.set(`${recordingId}/${info.id}`, rows)
    /** Like the store: the start never goes back. */
    const append = <R extends Row>(row: R): R => {
      refuse()
      const startMs = Math.max(row.startMs, rows.at(-1)?.startMs ?? 0)
      const placed = { ...row, index: rows.length, startMs }
      rows.push(placed)
      index.push(placed)
      for (const listener of listeners) listener({ recordingId, trackId: info.id, row: placed })
      return placed
    }
    const take = (temp: TempFile) => {
      refuse()
      if (!temps.delete(temp)) throw new Error('the temporary file is gone')
      return { index: 0, bytes: temp.bytes, checksum: 0 }
    }
    return {
      info,
      index,
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
          flush: async () => refuse(),
          discard: async () => {
            temps.delete(temp)
          },
        }
        temps.add(temp)
        return temp
      },
      commitSegment: async (temp, segment) =>
        append({ ...segment, ...take(temp), kind: 'segment' }),
      commitInit: async (temp, init) => append({ ...init, ...take(temp), kind: 'init' }),
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
    let resume: ResumeInfo | undefined = { inputUrl: first.sourceUrl, quality: 'best' }
    return {
      id: first.id,
      get meta() {
        return meta
      },
      get figures() {
        return tracks[0]?.index.figures ?? emptyFigures
      },
      update: async (patch) => {
        refuse()
        meta = { ...meta, ...patch }
      },
      tracks: async () => tracks,
      addTrack: async (info) => {
        refuse()
        const track = createTrack(first.id, info)
        tracks.push(track)
        return track
      },
      spans: async () => spans,
      readResumeInfo: async () => resume,
      writeResumeInfo: async (info) => {
        resume = info
      },
    }
  }

  return {
    root: '/fake',
    heldElsewhere: false,
    get failure() {
      return state.failure
    },
    set failure(next) {
      state.failure = next
    },
    get openTemps() {
      return temps.size
    },
    rows: (recordingId, trackId = 'v0') => rowsOf.get(`${recordingId}/${trackId}`) ?? [],
    list: () => [...recordings.values()].reverse(),
    get: (id) => recordings.get(id),
    create: async (meta) => {
      const id = `recording${recordings.size}`
      const createdMs = options.nowMs ?? 0
      const fresh = { keepWaiting: false, markers: [], pinned: false }
      const recording = createRecording({ ...fresh, ...meta, id, createdMs })
      recordings.set(id, recording)
      return recording
    },
    delete: async (id) => {
      recordings.delete(id)
    },
    onCommit: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onSpans: () => () => undefined,
    freeBytes: async () => undefined,
    close: async () => {},
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
