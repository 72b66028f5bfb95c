import type { InitSection, MediaPlaylist, MediaSegment, SegmentKey } from '../playlist'

/** A media sequence number as the initialization vector of a key that names none (RFC 8216 5.2): 128 bits, big-endian. */
export function sequenceIv(mediaSequence: number): Uint8Array {
  const iv = new Uint8Array(16)
  new DataView(iv.buffer).setBigUint64(8, BigInt(mediaSequence))
  return iv
}

/** The key as it applies whatever number the segment is given. */
const fixKey = (key: SegmentKey, mediaSequence: number): SegmentKey =>
  key.iv === undefined ? { ...key, iv: sequenceIv(mediaSequence) } : key

function fixInit(initSection: InitSection, mediaSequence: number): InitSection {
  const { key } = initSection
  return key === undefined ? initSection : { ...initSection, key: fixKey(key, mediaSequence) }
}

function renumberSegment(segment: MediaSegment, offset: number): MediaSegment {
  const { mediaSequence, key, initSection } = segment
  return {
    ...segment,
    mediaSequence: mediaSequence + offset,
    ...(key === undefined ? {} : { key: fixKey(key, mediaSequence) }),
    ...(initSection === undefined ? {} : { initSection: fixInit(initSection, mediaSequence) }),
  }
}

/** The listing in another numbering. Keys keep the initialization vectors that the source's own numbers gave them. */
export function renumberPlaylist(playlist: MediaPlaylist, offset: number): MediaPlaylist {
  if (offset === 0) return playlist
  const shifted = <T extends { readonly mediaSequence: number }>(items: readonly T[]) =>
    items.map((item) => ({ ...item, mediaSequence: item.mediaSequence + offset }))
  const { parts, cues } = playlist
  return {
    ...playlist,
    mediaSequence: playlist.mediaSequence + offset,
    segments: playlist.segments.map((segment) => renumberSegment(segment, offset)),
    ...(parts === undefined ? {} : { parts: shifted(parts) }),
    ...(cues === undefined ? {} : { cues: shifted(cues) }),
  }
}
