import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import { combineFigures } from '../../src-main/store/figures'
import { createFootageInUse } from '../../src-main/store/footage-in-use'
import { createTrackIndex } from '../../src-main/store/track-index'
import type {
  Commit,
  FileRow,
  Library,
  MediaExtension,
  RecordingMeta,
  RecordingStore,
  Row,
  SpanRow,
  TrackInfo,
  TrackStore,
} from '../../src-main/store/model'
import { createStillClock } from './fault-store-samples'
import { nodeFilePort } from '../../src-main/store/node-file-port'
import { readMedia } from './media'

/** 2026-09-21T14:13:20Z. */
export const SAMPLE_START_MS = 1_790_000_000_000

type Draft<K extends Row['kind']> = Partial<Omit<Extract<Row, { kind: K }>, 'kind' | 'index'>>

/** A track whose rows a test writes as it likes. */
export interface SampleTrack extends TrackStore {
  /** Follows the row before unless told; with a body it lies on disk. Returns the row's index. */
  segment(draft?: Draft<'segment'>, body?: Uint8Array): number
  init(draft?: Draft<'init'>, body?: Uint8Array): number
  key(draft?: Draft<'key'>, secret?: Uint8Array): number
  gap(draft?: Draft<'gap'>): number
  /** The first segment of a gap, or of what is left of it, come late. */
  late(gapIndex: number, draft?: Draft<'segment'>, body?: Uint8Array): number
  discontinuity(draft?: Draft<'discontinuity'>): number
}

export interface SampleRecording extends RecordingStore {
  sampleTrack(info?: Partial<TrackInfo>): SampleTrack
  sampleSpan(span: SpanRow): void
}

export interface SampleLibrary extends Library {
  add(meta?: Partial<RecordingMeta>): SampleRecording
}

const refuse = () => Promise.reject(new Error('a sample library is filled by its tests'))

/** A library in memory with files in `dir`: what playback and the server read, without the store's writing half. */
export function createSampleLibrary(options: { readonly dir: string }): SampleLibrary {
  const recordings: SampleRecording[] = []
  const listeners = new Set<(commit: Commit) => void>()
  const commit = (event: Commit) => {
    for (const listener of listeners) listener(event)
  }
  return {
    root: options.dir,
    files: nodeFilePort,
    diskBusyMs: () => 0,
    heldElsewhere: false,
    inUse: createFootageInUse({ clock: createStillClock() }),
    onLetGo: () => () => undefined,
    announce: () => Promise.resolve(),
    list: () => recordings.toReversed(),
    get: (id) => recordings.find((recording) => recording.id === id),
    add(meta = {}) {
      const recording = createRecording({ dir: options.dir, meta, commit })
      recordings.push(recording)
      return recording
    },
    create: refuse,
    takeIn: refuse,
    delete: refuse,
    trash: { list: () => Promise.resolve([]), put: refuse, restore: refuse, remove: refuse },
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onSpans: () => () => undefined,
    onActivity: () => () => undefined,
    reconciled: true,
    space: () => Promise.resolve(undefined),
    pauseWrites: () => undefined,
    close: () => Promise.resolve(),
  }
}

/** A recording of real segments made by ffmpeg, 1 s each, from SAMPLE_START_MS on. */
export async function addFfmpegTrack(options: {
  readonly recording: SampleRecording
  readonly kind: 'ts' | 'fmp4'
  readonly info?: Partial<TrackInfo>
}): Promise<SampleTrack> {
  const { kind, recording } = options
  const { media, initSection } = await readMedia({ kind })
  const track = recording.sampleTrack(options.info)
  track.discontinuity({ reason: 'epoch' })
  const initIndex = initSection === undefined ? -1 : track.init({ extension: 'mp4' }, initSection)
  const extension = kind === 'ts' ? 'ts' : 'm4s'
  for (const { durationSec, body } of media) {
    track.segment({ durationSec, extension, initIndex }, body)
  }
  return track
}

function createRecording(options: {
  dir: string
  meta: Partial<RecordingMeta>
  commit: (event: Commit) => void
}): SampleRecording {
  const { dir, commit } = options
  const tracks: SampleTrack[] = []
  const spans: SpanRow[] = []
  let meta: RecordingMeta = {
    id: 'sample000001',
    title: 'Sample',
    sourceUrl: 'https://example.org/live.m3u8',
    state: 'stopped',
    createdMs: SAMPLE_START_MS,
    pinned: false,
    keepWaiting: false,
    live: true,
    markers: [],
    pinnedSpans: [],
    ...options.meta,
  }
  return {
    id: meta.id,
    get meta() {
      return meta
    },
    get figures() {
      return combineFigures(
        tracks.map(({ info }) => info),
        (trackId) => tracks.find(({ info }) => info.id === trackId)?.index.figures,
      )
    },
    update(change) {
      meta = { ...meta, ...(typeof change === 'function' ? change(meta) : change) }
      return Promise.resolve()
    },
    tracks: () => Promise.resolve(tracks),
    addTrack: refuse,
    spans: () => Promise.resolve({ list: () => spans, put: refuse }),
    activity: () => Promise.resolve({ list: () => [], add: refuse }),
    letGo: refuse,
    readResumeInfo: () => Promise.resolve(undefined),
    writeResumeInfo: refuse,
    sampleTrack(info = {}) {
      const track = createTrack({ dir, recordingId: meta.id, info, commit })
      tracks.push(track)
      return track
    },
    sampleSpan: (span) => void spans.push(span),
  }
}

function createTrack(options: {
  dir: string
  recordingId: string
  info: Partial<TrackInfo>
  commit: (event: Commit) => void
}): SampleTrack {
  const { dir, recordingId, commit } = options
  const info: TrackInfo = { id: 'v0', kind: 'video', codecs: '', bandwidth: 0, ...options.info }
  const rows = createTrackIndex()
  let nextMs = SAMPLE_START_MS
  let nextMediaSequence = 100
  let lateNumber = 0
  const pathOf = (row: Pick<FileRow, 'kind' | 'index'> & { extension?: MediaExtension }) =>
    path.join(dir, `${recordingId}.${info.id}.${row.index}.${row.extension ?? row.kind}`)
  const push = (row: Row, durationSec = 0): number => {
    rows.push(row)
    nextMs = Math.round(row.startMs + durationSec * 1000)
    commit({ recordingId, trackId: info.id, row })
    return row.index
  }
  const base = () => ({ index: rows.told.length, epoch: 0, startMs: nextMs })
  const store = (row: Parameters<typeof pathOf>[0], body?: Uint8Array) => {
    if (body === undefined) return {}
    writeFileSync(pathOf(row), body)
    return { bytes: body.byteLength, checksum: crc32(body) }
  }
  return {
    info,
    get index() {
      return rows.current
    },
    indexAsOf: (number) => rows.asOf(number),
    pathOf,
    segment(draft = {}, body) {
      const row = {
        ...base(),
        kind: 'segment' as const,
        mediaSequence: nextMediaSequence++,
        discontinuitySequence: 0,
        durationSec: 4,
        extension: 'ts' as const,
        bytes: 1000,
        checksum: 1,
        initIndex: -1,
        ...draft,
      }
      return push({ ...row, ...store(row, body) }, row.durationSec)
    },
    late(gapIndex, draft = {}, body) {
      const gap = rows.current.rowAt(rows.current.positionOf(gapIndex) ?? 0)
      lateNumber += 1
      const row = {
        kind: 'segment' as const,
        index: gapIndex,
        epoch: gap.epoch,
        startMs: gap.startMs,
        mediaSequence: gap.kind === 'gap' ? gap.mediaSequence : 0,
        discontinuitySequence: 0,
        durationSec: 4,
        extension: 'ts' as const,
        bytes: 1000,
        checksum: 1,
        initIndex: -1,
        late: { number: lateNumber, apart: false },
        ...draft,
      }
      const placed = { ...row, ...store(row, body) }
      rows.push(placed)
      commit({ recordingId, trackId: info.id, row: placed })
      return placed.index
    },
    init(draft = {}, body) {
      const row = {
        ...base(),
        kind: 'init' as const,
        extension: 'mp4' as const,
        bytes: 100,
        checksum: 2,
        ...draft,
      }
      return push({ ...row, ...store(row, body) })
    },
    key(draft = {}, secret) {
      const row = { ...base(), kind: 'key' as const, bytes: 16, checksum: 3, ...draft }
      return push({ ...row, ...store(row, secret) })
    },
    gap(draft = {}) {
      const row = {
        ...base(),
        kind: 'gap' as const,
        mediaSequence: nextMediaSequence,
        discontinuitySequence: 0,
        durationSec: 8,
        cause: 'network' as const,
        count: 2,
        ...draft,
      }
      nextMediaSequence += row.count
      return push(row, row.durationSec)
    },
    discontinuity(draft = {}) {
      return push({
        ...base(),
        kind: 'discontinuity',
        reason: 'source',
        mediaSequence: nextMediaSequence,
        clock: 'source',
        ...draft,
      })
    },
    createTemp: refuse,
    commitSegment: refuse,
    commitLate: refuse,
    commitSegments: refuse,
    commitInit: refuse,
    commitKey: refuse,
    appendGap: refuse,
    appendDiscontinuity: refuse,
    describe: refuse,
  }
}
