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
}

export interface MediaPlaylist {
  readonly kind: 'media'
  readonly targetDurationSec: number
  readonly mediaSequence: number
  readonly discontinuitySequence: number
  readonly endList: boolean
  readonly playlistType?: 'EVENT' | 'VOD'
  readonly segments: readonly MediaSegment[]
}

export interface VariantStream {
  readonly uri: string
  readonly bandwidth: number
  readonly resolution?: { readonly width: number; readonly height: number }
  readonly frameRate?: number
  /** RFC 6381 list, empty where the playlist names none. */
  readonly codecs: string
  readonly audioGroup?: string
  readonly subtitlesGroup?: string
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
}

export interface MultivariantPlaylist {
  readonly kind: 'multivariant'
  readonly variants: readonly VariantStream[]
  readonly renditions: readonly Rendition[]
  /** EXT-X-SESSION-KEY. */
  readonly sessionKeys: readonly SegmentKey[]
}

export type Playlist = MediaPlaylist | MultivariantPlaylist
