/** The playlist model (RFC 8216). All URIs are absolute, resolved against the URL the playlist came from. */

export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/** EXT-X-KEY. `iv` absent = the media sequence number as a 128-bit big-endian integer (RFC 8216 5.2). */
export interface SegmentKey {
  readonly method: string
  readonly uri: string
  readonly iv?: Uint8Array
  readonly keyFormat?: string
}

/** EXT-X-MAP: the media initialization section. */
export interface InitSection {
  readonly uri: string
  readonly byteRange?: ByteRange
  readonly key?: SegmentKey
}

export interface MediaSegment {
  readonly uri: string
  readonly mediaSequence: number
  readonly discontinuitySequence: number
  readonly durationSec: number
  /** EXT-X-DISCONTINUITY stands before this segment. */
  readonly discontinuity: boolean
  /** Own or interpolated EXT-X-PROGRAM-DATE-TIME, unix ms. */
  readonly programDateTimeMs?: number
  readonly byteRange?: ByteRange
  readonly key?: SegmentKey
  readonly initSection?: InitSection
  /** EXT-X-GAP: listed, but not to be requested. */
  readonly gap: boolean
  /** EXT-X-BITRATE in bits per second. */
  readonly bitrate?: number
}

/** EXT-X-PART: a piece of a segment that is listed before the segment is whole (rfc8216bis 4.4.4.9). */
export interface PartialSegment {
  readonly uri: string
  /** Of the segment that it belongs to. */
  readonly mediaSequence: number
  /** Its place in that segment, from 0. */
  readonly partIndex: number
  readonly durationSec: number
  readonly byteRange?: ByteRange
  readonly independent: boolean
  readonly gap: boolean
}

/** EXT-X-PRELOAD-HINT of TYPE=PART: what will be listed next. `length` absent = to the end of the resource. */
export interface PreloadHint {
  readonly uri: string
  readonly byteRange?: { readonly offset: number; readonly length?: number }
}

/** EXT-X-SERVER-CONTROL (rfc8216bis 4.4.3.8). */
export interface ServerControl {
  readonly canBlockReload: boolean
  /** Segments older than this before the end may be skipped in a delta update; absent = no delta updates. */
  readonly canSkipUntilSec?: number
  readonly canSkipDateRanges: boolean
  readonly holdBackSec?: number
  readonly partHoldBackSec?: number
}

/** EXT-X-DATERANGE. Instants in unix ms; attributes that repeat under one ID are merged. */
export interface DateRange {
  readonly id: string
  readonly className?: string
  readonly startMs: number
  /** Of END-DATE or DURATION; absent while it is open. */
  readonly endMs?: number
  readonly plannedDurationSec?: number
  readonly endOnNext: boolean
  /** SCTE35-OUT, SCTE35-IN, SCTE35-CMD: which of them it carries. */
  readonly scte35?: 'out' | 'in' | 'cmd'
}

/** An ad marker in one of the forms that are older than EXT-X-DATERANGE: EXT-X-CUE-OUT, EXT-X-CUE-IN, EXT-X-SCTE35 and the like. */
export interface Cue {
  readonly kind: 'out' | 'in'
  /** Of the segment that it stands before. */
  readonly mediaSequence: number
  readonly plannedDurationSec?: number
  /** Of an `out`: the break began earlier than this listing goes back (EXT-X-CUE-OUT-CONT). */
  readonly continued?: boolean
}

/**
 * How far the segments of a delta update still stand under what the skipped ones ended with: all whose media
 * sequence number is below. Absent = to the end, since the text has no such tag of its own.
 */
export interface InheritedUntil {
  /** EXT-X-KEY. */
  readonly key?: number
  /** EXT-X-MAP. */
  readonly initSection?: number
  /** The key of an EXT-X-MAP that stands before any EXT-X-KEY. */
  readonly initSectionKey?: number
  /** EXT-X-BITRATE. */
  readonly bitrate?: number
  /** EXT-X-PROGRAM-DATE-TIME. */
  readonly programDateTime?: number
}

export interface MediaPlaylist {
  readonly kind: 'media'
  readonly targetDurationSec: number
  readonly mediaSequence: number
  readonly discontinuitySequence: number
  readonly endList: boolean
  readonly playlistType?: 'EVENT' | 'VOD'
  readonly segments: readonly MediaSegment[]
  /** EXT-X-START: seconds from the beginning, or from the end where negative. */
  readonly startOffsetSec?: number
  /** EXT-X-I-FRAMES-ONLY. */
  readonly iFramesOnly?: boolean
  readonly serverControl?: ServerControl
  /** EXT-X-PART-INF. */
  readonly partTargetSec?: number
  readonly parts?: readonly PartialSegment[]
  /** The segment in progress does not go on from the last whole one: discontinuity, other initialization section or key. */
  readonly partsBreak?: boolean
  readonly preloadHint?: PreloadHint
  /** EXT-X-SKIP: so many segments of the listing before are left out in front of `segments`. */
  readonly skippedSegments?: number
  /** With `skippedSegments`, always: see InheritedUntil. */
  readonly inheritedUntil?: InheritedUntil
  /** RECENTLY-REMOVED-DATERANGES; only where date ranges are left out too. */
  readonly removedDateRangeIds?: readonly string[]
  readonly dateRanges?: readonly DateRange[]
  readonly cues?: readonly Cue[]
}

export interface VariantStream {
  readonly uri: string
  /** Peak bits per second. */
  readonly bandwidth: number
  readonly averageBandwidth?: number
  readonly resolution?: { readonly width: number; readonly height: number }
  readonly frameRate?: number
  /** RFC 6381 list, empty where the playlist names none. */
  readonly codecs: string
  readonly audioGroup?: string
  readonly subtitlesGroup?: string
  /** `NONE` where the stream says that it has none. */
  readonly closedCaptionsGroup?: string
  /** PATHWAY-ID (content steering); `.` where the playlist names none. */
  readonly pathwayId?: string
  /** STABLE-VARIANT-ID: by it a steering manifest names other addresses of the stream. */
  readonly stableVariantId?: string
}

export interface Rendition {
  readonly type: 'AUDIO' | 'VIDEO' | 'SUBTITLES' | 'CLOSED-CAPTIONS'
  readonly groupId: string
  readonly name: string
  readonly language?: string
  /** Absent: the rendition is inside the variant stream itself. */
  readonly uri?: string
  readonly isDefault: boolean
  readonly autoselect: boolean
  readonly forced?: boolean
  /** Of closed captions: CC1 … CC4, SERVICE1 … SERVICE63. */
  readonly instreamId?: string
  readonly channels?: string
  /** STABLE-RENDITION-ID. */
  readonly stableRenditionId?: string
}

/** EXT-X-CONTENT-STEERING. */
export interface ContentSteering {
  readonly serverUri: string
  /** The pathway to begin with; absent = that of the first variant stream. */
  readonly pathwayId?: string
}

/** Variables of EXT-X-DEFINE: name and value. */
export type Definitions = readonly (readonly [string, string])[]

export interface MultivariantPlaylist {
  readonly kind: 'multivariant'
  readonly variants: readonly VariantStream[]
  /** EXT-X-I-FRAME-STREAM-INF. */
  readonly iFrameStreams?: readonly VariantStream[]
  readonly renditions: readonly Rendition[]
  readonly contentSteering?: ContentSteering
  /** EXT-X-START, for all media playlists: it goes before theirs (rfc8216bis 4.4.2). */
  readonly startOffsetSec?: number
  /** For the media playlists that import from it. */
  readonly definitions?: Definitions
  /** EXT-X-SESSION-KEY. */
  readonly sessionKeys: readonly SegmentKey[]
}

export type Playlist = MediaPlaylist | MultivariantPlaylist
