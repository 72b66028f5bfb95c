import type { Activity, TrackKind } from '../../src-preload/contract/activity'
import type {
  GapCause,
  RecordingState,
  Resolution,
  SpanKind,
} from '../../src-preload/contract/model'
import type { VsrError } from '../../src-preload/contract/errors'
import type { DiskSpace, FilePort } from './file-port'

import type { FootageInUse } from './footage-in-use'

/** A file extension that a stored segment or initialization section can have. */
export type MediaExtension = 'ts' | 'm4s' | 'mp4' | 'aac' | 'mp3' | 'ac3' | 'vtt'

interface RowBase {
  /** Counts every row of the track, from 0, never reused. */
  readonly index: number
  /** A stretch of one source numbering. */
  readonly epoch: number
  /** Unix ms. Never smaller than that of the row before. */
  readonly startMs: number
}

/** A media segment that is durable on disk. */
export interface SegmentRow extends RowBase {
  readonly kind: 'segment'
  readonly mediaSequence: number
  readonly discontinuitySequence: number
  readonly durationSec: number
  readonly extension: MediaExtension
  readonly bytes: number
  /** CRC-32 of the file. */
  readonly checksum: number
  /** `index` of the init row that this segment needs, -1 for none. */
  readonly initIndex: number
  /** `index` of the key row that this segment's samples are encrypted with; absent where it lies in the clear. */
  readonly keyIndex?: number
  /** It came late, into the place of a gap that was in the log by then; absent for one that came in its turn. */
  readonly late?: LateMark
}

/** What is known of a segment that came late. */
interface LateMark {
  /** Counts the late segments of the recording, over all tracks, from 1. */
  readonly number: number
  /** Its timestamps or encoding may not go on from those of its neighbours, nor theirs from its own. */
  readonly apart: boolean
}

/**
 * One or more consecutive segments not obtained when it was their turn. It takes as many indexes as it has segments (65 536
 * at most), so that each that comes late has one of its own.
 */
export interface GapRow extends RowBase {
  readonly kind: 'gap'
  readonly mediaSequence: number
  readonly discontinuitySequence: number
  readonly durationSec: number
  readonly cause: GapCause
  readonly count: number
}

/** A media initialization section (EXT-X-MAP). */
export interface InitRow extends RowBase {
  readonly kind: 'init'
  readonly extension: MediaExtension
  readonly bytes: number
  readonly checksum: number
}

/** A key of SAMPLE-AES, in a file of its own: segments are stored as they came, and nothing depends on the key server later. */
export interface KeyRow extends RowBase {
  readonly kind: 'key'
  /** Initialization vector, 32 hexadecimal digits in lower case; absent = each segment's media sequence number (RFC 8216 5.2). */
  readonly iv?: string
  readonly bytes: number
  readonly checksum: number
}

/** The timestamps or the encoding start anew here. An epoch's first row is always one with reason `epoch`. */
export interface DiscontinuityRow extends RowBase {
  readonly kind: 'discontinuity'
  readonly reason: 'epoch' | 'source' | 'init-change' | 'variant-change'
  readonly mediaSequence: number
  /** Where the epoch's instants come from. */
  readonly clock: 'source' | 'arrival'
}

export type Row = SegmentRow | GapRow | InitRow | KeyRow | DiscontinuityRow
/** A row with a file. */
export type FileRow = SegmentRow | InitRow | KeyRow

/** What is known of late segments that were let go: players that began at different moments know different ones of them. */
export interface GoneLates {
  /** Of the last one that counts here. */
  readonly number: number
  /** What those up to it add to `segmentsBefore` of the first segment that is left, and to its `discontinuitiesBefore`. */
  readonly segments: number
  readonly breaks: number
}

/**
 * The beginning of a recording was let go: rows below `index` are gone, but for those that later ones need. It stands behind the rows that it
 * is about, or at the beginning of a log that was written anew without them.
 */
export interface LetGoRow {
  readonly kind: 'let-go'
  /** Of the first segment that is left, or of the next row where none is. */
  readonly index: number
  /** The files of rows below it are gone; from there up to `index` some may still be there after a crash. */
  readonly cleanIndex: number
  /** Segments that stood before the first that is left, without those that came late: its media sequence number. */
  readonly segments: number
  /** Breaks before the first segment that is left: its discontinuity sequence number. */
  readonly breaks: number
  /** What playlists have listed before it beside segments: subtitles in pieces, sound that is missing. */
  readonly beside: number
  /** Of the longest segment ever: a playlist's target duration does not change. */
  readonly longestSec: number
  /** By number; the newest only. */
  readonly lates: readonly GoneLates[]
}

/** What one line of a log says. */
export type LogRow = Row | LetGoRow

/** What is gone of the beginning of an index. */
export interface Gone {
  /** Rows with a smaller index are gone, but for those that later ones need; 0 = nothing is. */
  readonly before: number
  /** See `LetGoRow`. */
  readonly breaks: number
  readonly beside: number
}

/** A row as the recorder hands it in: the store gives it its index, file size and checksum. */
export type NewSegment = Omit<SegmentRow, 'kind' | 'index' | 'bytes' | 'checksum' | 'late'>
/** A segment for the place of a gap. `gapIndex`: of the gap, or the part of one, that it is missing in. */
export type LateSegment = NewSegment & Pick<LateMark, 'apart'> & { readonly gapIndex: number }
export type NewGap = Omit<GapRow, 'kind' | 'index'>
type NewInit = Omit<InitRow, 'kind' | 'index' | 'bytes' | 'checksum'>
type NewKey = Omit<KeyRow, 'kind' | 'index' | 'bytes' | 'checksum'>
export type NewDiscontinuity = Omit<DiscontinuityRow, 'kind' | 'index'>

/** Sums over rows, kept as they are appended. */
export interface Figures {
  /** Absent while there is no segment and no gap. */
  readonly startMs?: number
  readonly endMs?: number
  readonly durationSec: number
  readonly bytes: number
  readonly segments: number
  /** Missing segments that follow on each other for one cause are one, whatever the number of rows. */
  readonly gaps: number
  readonly gapSec: number
}

/** Figures of a recording: seconds, segments and gaps are those of its first track, the picture. */
export interface RecordingFigures extends Figures {
  /** What the sound lacks where it is a track of its own, seconds: of several, of the one that lacks most. */
  readonly soundGapSec: number
}

/**
 * Read-only view of the log of one track. Positions run from 0 to `length - 1` in time order;
 * reading a column allocates nothing.
 */
export interface SegmentIndex {
  readonly length: number
  readonly figures: Figures
  /** Longest segment that there ever was, seconds; 0 where there is none. */
  readonly longestSec: number
  /** Highest number of a late segment in it, 0 where there is none: names what it shows. */
  readonly lateNumber: number
  /**
   * What was let go. Then what is left stands in another object, whose numbers go on; this one stays what it was, and grows no more: whoever
   * waits asks for the index anew. Initialization sections, keys and the start of the epoch that what is left needs stand before it.
   */
  readonly gone: Gone
  kindAt(position: number): Row['kind']
  startMsAt(position: number): number
  /** 0 for init, key and discontinuity rows. */
  durationSecAt(position: number): number
  indexAt(position: number): number
  /** `index` of the init row that a segment needs; -1 for none, and for rows of other kinds. */
  initIndexAt(position: number): number
  /** `index` of the key row that a segment needs; -1 for none, and for rows of other kinds. */
  keyIndexAt(position: number): number
  /** Undefined for rows without media. */
  extensionAt(position: number): MediaExtension | undefined
  /** Number of segment rows before this position since the recording began: the media sequence number to serve. */
  segmentsBefore(position: number): number
  /** Number of breaks (discontinuity rows, gaps) that a playlist marks before this position, the recording's very first row not counted. */
  discontinuitiesBefore(position: number): number
  /** First position whose end is after `ms` (segment or gap); `length` where there is none. O(log n). */
  firstEndingAfter(ms: number): number
  /** First position that starts at or after `ms`; `length` where there is none. O(log n). */
  firstStartingAt(ms: number): number
  /** Position of the row with this index; undefined where the log has none. O(log n). */
  positionOf(index: number): number | undefined
  /** The whole row as an object. For single rows; walk columns for many. */
  rowAt(position: number): Row
}

export interface TrackInfo {
  /** `v0`, `a0`, … : safe as a folder name and in URLs. */
  readonly id: string
  readonly kind: TrackKind
  readonly codecs: string
  readonly resolution?: Resolution
  readonly language?: string
  readonly name?: string
  /** Peak bits per second as the source declared it, 0 where unknown. */
  readonly bandwidth: number
  /** CHANNELS as the source declared it: `2`, `6`, `16/JOC`. */
  readonly channels?: string
  /** Of the renditions of its kind the one that the source plays when nobody chose. */
  readonly isDefault?: boolean
  /** Subtitles that belong to the picture whatever the viewer chose (FORCED). */
  readonly forced?: boolean
  /** Name and language of the sound inside a video track, where the source offers other sound beside it. */
  readonly innerAudio?: { readonly name: string; readonly language?: string }
  /** Captions inside the picture as the source declared them; empty = it says that there are none. */
  readonly closedCaptions?: readonly ClosedCaptions[]
}

/** A declaration of closed captions (EXT-X-MEDIA of TYPE=CLOSED-CAPTIONS). */
export interface ClosedCaptions {
  /** CC1 … CC4, SERVICE1 … SERVICE63. */
  readonly instreamId: string
  readonly name: string
  readonly language?: string
  readonly isDefault: boolean
}

/** Bytes on their way in. Nothing of it is visible under the track until it is committed. */
export interface TempFile {
  readonly bytes: number
  /** Takes a copy. Where a promise is returned, there is no room for more until it resolves; a failed write rejects or throws here or at the commit. */
  write(chunk: Uint8Array): Promise<void> | undefined
  /** It is whole: its bytes are durable when it resolves, and the commit has less to wait for. Idempotent. Throws VsrError `disk_full`, `library_unwritable`. */
  sync(): Promise<void>
  /** Removes it. Idempotent; does nothing after a commit. */
  discard(): Promise<void>
}

/** One recorded rendition. Appends are serialised in call order and resolve when the row is durable. */
export interface TrackStore {
  readonly info: TrackInfo
  /** All that is stored, each row at its place in time. Grows with each row; a late segment makes a new one, and leaves this as it is. */
  readonly index: SegmentIndex
  /** The index with the late segments up to this number only, all others still gaps: what a playlist has said stays said. */
  indexAsOf(lateNumber: number): SegmentIndex
  createTemp(): Promise<TempFile>
  /** fsync, rename, log row, fsync: acknowledged when it resolves. Throws VsrError `disk_full`, `library_unwritable`. */
  commitSegment(temp: TempFile, segment: NewSegment): Promise<SegmentRow>
  /** As `commitSegment`, into the place of a gap. Throws RangeError where it is not missing there. */
  commitLate(temp: TempFile, segment: LateSegment): Promise<SegmentRow>
  /**
   * Several of them for the price of one, in order: `rows` of the first ones, and in `error` why there are no more, which
   * `commitSegment` would throw. The temporary files behind the one that failed can be committed later.
   */
  commitSegments(
    group: readonly { readonly temp: TempFile; readonly segment: NewSegment }[],
  ): Promise<{ readonly rows: readonly SegmentRow[]; readonly error: unknown }>
  commitInit(temp: TempFile, init: NewInit): Promise<InitRow>
  /** As `commitSegment`; the file is readable for its owner only. @param secret 16 bytes. */
  commitKey(secret: Uint8Array, key: NewKey): Promise<KeyRow>
  appendGap(gap: NewGap): Promise<GapRow>
  appendDiscontinuity(discontinuity: NewDiscontinuity): Promise<DiscontinuityRow>
  /** Absolute path of a stored file. Built from ids and numbers only. */
  pathOf(row: FileRow): string
  /** Codecs, resolution and the like, once they are known. */
  describe(patch: Partial<Omit<TrackInfo, 'id' | 'kind'>>): Promise<void>
}

/** A stretch that the source itself has marked: an ad break, a programme (EXT-X-DATERANGE, EXT-X-CUE-OUT and the like). */
export interface SpanRow {
  /** Made by VSR of letters, digits and dashes. A later row with the same id takes the place of the earlier one. */
  readonly id: string
  readonly kind: SpanKind
  /** What the source calls it; empty where it does not say. Short, on one line, otherwise as it came: hostile. */
  readonly label: string
  /** The epoch in which it began. */
  readonly epoch: number
  /** On the recording's timeline, unix ms. */
  readonly startMs: number
  /** Absent while the source has not said that it is over. */
  readonly endMs?: number
  /** Where the source expects its end. */
  readonly plannedEndMs?: number
  /** It ends where the next one of this class begins (END-ON-NEXT). */
  readonly endsOnNextOf?: string
}

/** The spans of a recording. Bounded: beyond 10 000 the oldest are forgotten. */
export interface SpanStore {
  /** In the order in which they first appeared. */
  list(): readonly SpanRow[]
  /** Adds or replaces by id; durable when it resolves. Throws VsrError `disk_full`, `library_unwritable`. */
  put(rows: readonly SpanRow[]): Promise<void>
}

/** What happened to a recording. Bounded: beyond 500 the oldest are forgotten. */
export interface ActivityStore {
  /** Oldest first. */
  list(): readonly Activity[]
  /** Durable when it resolves. Throws VsrError `disk_full`, `library_unwritable`. */
  add(activity: Activity): Promise<void>
}

/** What the person wants of a recording; survives restarts. `recording` found on start = goes on by itself. */
type DesiredState = Extract<RecordingState, 'recording' | 'stopped' | 'failed'>

export interface RecordingMeta {
  readonly id: string
  readonly title: string
  /** Redacted: no userinfo, no query values. */
  readonly sourceUrl: string
  readonly state: DesiredState
  readonly createdMs: number
  readonly pinned: boolean
  /** By `fromMs`. */
  readonly pinnedSpans: readonly PinnedSpan[]
  readonly live: boolean
  /** When the source ends, the recording waits for it to start again. */
  readonly keepWaiting: boolean
  /** It is over because its source ended, not because a person stopped it. */
  readonly sourceEnded?: boolean
  /** Why it failed, for the person. */
  readonly failure?: { readonly code: string; readonly message: string; readonly hint?: string }
  readonly markers: readonly { readonly atMs: number; readonly label: string }[]
}

/** A stretch that is never let go to make room. On the recording's timeline, unix ms. */
export interface PinnedSpan {
  readonly id: string
  readonly fromMs: number
  readonly toMs: number
  readonly name?: string
}

/** Changes of a recording's file, as they are or made of what stands there. */
type MetaChange = Partial<Omit<RecordingMeta, 'id' | 'createdMs'>>

/** What is needed to go on after a restart; may hold tokens. Kept in a file of its own with mode 600 and removed when the recording stops. */
export interface ResumeInfo {
  readonly inputUrl: string
  readonly quality: string
  readonly lowest?: string
  readonly audio?: string
  readonly subtitles?: string
}

/** What a recording has let go of at one time. */
export interface LetGo {
  /** Of files that are gone. */
  readonly bytes: number
  /** Of all tracks. */
  readonly segments: number
  /** Where what is left begins, unix ms; undefined where the recording has no footage at all. */
  readonly untilMs: number | undefined
}

export interface RecordingStore {
  readonly id: string
  readonly meta: RecordingMeta
  /** Sums over all tracks: start and end over every track, seconds and counts of the first track, bytes of all. Known without reading logs. */
  readonly figures: RecordingFigures
  update(change: MetaChange | ((before: RecordingMeta) => MetaChange)): Promise<void>
  /** Opens the logs on first use. */
  tracks(): Promise<readonly TrackStore[]>
  addTrack(info: TrackInfo): Promise<TrackStore>
  /** Read on first use. */
  spans(): Promise<SpanStore>
  /** Read on first use. */
  activity(): Promise<ActivityStore>
  /**
   * Lets go of what ends before an instant, for good: whole segments from the start of all tracks, to a common instant. The last segment stays,
   * and what is in use with all that comes after it. Durable when it resolves; a file that could not be removed is tried again the next time.
   * Throws VsrError `disk_full`, `library_unwritable`; a part of it may be gone then.
   */
  letGo(wish: { readonly beforeMs: number }): Promise<LetGo>
  readResumeInfo(): Promise<ResumeInfo | undefined>
  writeResumeInfo(info: ResumeInfo | undefined): Promise<void>
}

/** A deleted recording that can be had back. */
export interface TrashedRecording {
  readonly id: string
  readonly title: string
  /** Unix ms. */
  readonly deletedMs: number
  /** Of its first track. */
  readonly durationSec: number
  /** Of all tracks. */
  readonly bytes: number
}

/** Deleted recordings. Changes are made one after the other; each is durable when it resolves. */
interface Trash {
  /** The last deleted first. */
  list(): Promise<readonly TrashedRecording[]>
  /** Moves a recording there. The caller has stopped it first. Throws VsrError `recording_not_found`. */
  put(id: string): Promise<TrashedRecording>
  /** Back into the library as it was. Throws VsrError `recording_not_found`. */
  restore(id: string): Promise<RecordingStore>
  /** Removes these for good; those that are not there are gone already. */
  remove(ids: readonly string[]): Promise<void>
}

export interface Commit {
  readonly recordingId: string
  readonly trackId: string
  readonly row: Row
}

export interface Library {
  readonly root: string
  /** The disk, for files that lie beside the recordings: refuses changes where the library does, as while its folder is not there. */
  readonly files: FilePort
  /** For so long, since it was opened, the disk has been busy writing. Milliseconds, monotonic. */
  diskBusyMs(): number
  /** Another process had the library open for writing when this one opened it for reading. */
  readonly heldElsewhere: boolean
  /** Whoever uses footage says so here, and it is not let go. */
  readonly inUse: FootageInUse
  /** Tells others that want the library where its interface is: without token. Never rejects. */
  announce(url: string): Promise<void>
  /** Newest first. */
  list(): readonly RecordingStore[]
  get(id: string): RecordingStore | undefined
  create(
    meta: Omit<
      RecordingMeta,
      'id' | 'createdMs' | 'markers' | 'pinned' | 'pinnedSpans' | 'keepWaiting'
    > &
      Partial<Pick<RecordingMeta, 'keepWaiting'>>,
  ): Promise<RecordingStore>
  /**
   * Adds a recording that `fill` puts into a new folder, its description included: it appears whole or not at all. Throws
   * what `fill` throws.
   * @param wantedId of the recording; where it is taken, `fill` is told another one.
   */
  takeIn(
    wantedId: string,
    fill: (place: {
      readonly files: FilePort
      readonly folder: string
      readonly id: string
    }) => Promise<void>,
  ): Promise<RecordingStore>
  /** Removes the recording's own files, for good. The caller has stopped it first. */
  delete(id: string): Promise<void>
  readonly trash: Trash
  /** Called after a row is durable. Returns the function that ends it. */
  onCommit(listener: (commit: Commit) => void): () => void
  /** Called after a recording has let go of its beginning. Returns the function that ends it. */
  onLetGo(listener: (recordingId: string) => void): () => void
  /** Called after spans of a recording are durable. Returns the function that ends it. */
  onSpans(listener: (recordingId: string) => void): () => void
  /** Called after an activity of a recording is durable. Returns the function that ends it. */
  onActivity(listener: (recordingId: string, activity: Activity) => void): () => void
  /** Every recording could be read. Else nobody knows what stands in it, or is pinned there: nothing is let go by itself (F37). */
  readonly reconciled: boolean
  /** Of its disk; undefined where nobody knows. */
  space(): Promise<DiskSpace | undefined>
  /** While there is a reason, no new media file is begun: `createTemp` rejects with it. Everything else goes on. */
  pauseWrites(reason: VsrError | undefined): void
  /** Flushes, writes the catalogue, gives the lock back. Idempotent. */
  close(): Promise<void>
}
