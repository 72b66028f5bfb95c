import { parseAttributeList } from './attribute-list'
import { readMapByteRange, trackByteRanges } from './byte-range-tag'
import { readKeyTag, trackKeys } from './key-tag'
import { clampDurationSec, readDurationSec, safeCount } from './numbers'
import type { ByteRange, InheritedUntil, InitSection, MediaSegment, SegmentKey } from '../playlist'
import { unreadable } from './playlist-error'
import type { PlaylistTag } from './playlist-lines'
import { interpolateProgramDateTimes, readProgramDateTime } from './program-date-time'
import { resolveUri } from './resolve-uri'

interface Input {
  readonly uris: readonly string[]
  readonly tags: readonly PlaylistTag[]
  readonly url: string
  /** Of a segment without EXTINF. */
  readonly targetDurationSec: number | undefined
  readonly firstMediaSequence: number
  readonly discontinuitySequence: number
}

/** A segment and the EXT-X-PROGRAM-DATE-TIME that stands at it. */
interface ReadSegment {
  readonly segment: MediaSegment
  readonly programDateTimeMs: number | undefined
}

/** What the tags before one URI line say about that segment alone. */
interface OwnTags {
  readonly discontinuities: number
  readonly gap: boolean
  readonly programDateTimeMs: number | undefined
  readonly byteRange: string | undefined
  readonly duration: string | undefined
}

function readInitSection(value: string, key: SegmentKey | undefined, url: string): InitSection {
  const attributes = parseAttributeList(value)
  const uri = attributes.get('URI')
  if (uri === undefined) throw unreadable('an initialization section has no address')
  const byteRange = attributes.get('BYTERANGE')
  return {
    uri: resolveUri(uri, url),
    ...(byteRange === undefined ? {} : { byteRange: readMapByteRange(byteRange) }),
    ...(key === undefined ? {} : { key }),
  }
}

/** EXT-X-BITRATE is in kilobits per second (rfc8216bis 4.4.4.8). */
const readBitrate = (value: string): number | undefined =>
  safeCount(Math.round(Number.parseFloat(value) * 1000))

/** The tags that apply to all segments from where they stand on. */
function trackTagsInForce(url: string) {
  const keys = trackKeys()
  const since: { -readonly [Name in keyof InheritedUntil]: InheritedUntil[Name] } = {}
  let initSection: InitSection | undefined
  let bitrate: number | undefined
  return {
    apply({ name, value }: PlaylistTag, mediaSequence: number): void {
      if (name === 'EXT-X-KEY') {
        since.key ??= mediaSequence
        keys.apply(readKeyTag(value, url))
      } else if (name === 'EXT-X-MAP') {
        since.initSection ??= mediaSequence
        if (since.key !== undefined) since.initSectionKey ??= mediaSequence
        initSection = readInitSection(value, keys.current, url)
      } else if (name === 'EXT-X-BITRATE') {
        since.bitrate ??= mediaSequence
        bitrate = readBitrate(value)
      }
    },
    /** For the segment that comes now. */
    current: (byteRange: ByteRange | undefined) => ({
      ...(byteRange === undefined ? {} : { byteRange }),
      ...(keys.current === undefined ? {} : { key: keys.current }),
      ...(initSection === undefined ? {} : { initSection }),
      // Sub-ranges of a resource tell their size themselves: the tag does not apply to them.
      ...(bitrate === undefined || byteRange !== undefined ? {} : { bitrate }),
    }),
    since,
  }
}

function readOwnTags(tags: readonly PlaylistTag[]): OwnTags {
  const valueOf = (name: string) => tags.find((tag) => tag.name === name)?.value
  const dateTime = tags.findLast((tag) => tag.name === 'EXT-X-PROGRAM-DATE-TIME')?.value
  return {
    discontinuities: tags.filter((tag) => tag.name === 'EXT-X-DISCONTINUITY').length,
    gap: tags.some((tag) => tag.name === 'EXT-X-GAP'),
    programDateTimeMs: dateTime === undefined ? undefined : readProgramDateTime(dateTime),
    byteRange: valueOf('EXT-X-BYTERANGE'),
    duration: valueOf('EXTINF'),
  }
}

/** The tags that stand before each URI line, in order. */
function groupByUri(tags: readonly PlaylistTag[], count: number): readonly PlaylistTag[][] {
  const groups: PlaylistTag[][] = Array.from({ length: count }, () => [])
  for (const tag of tags) groups[tag.uriIndex]?.push(tag)
  return groups
}

function readOneByOne(input: Input): { read: ReadSegment[]; since: InheritedUntil } {
  const { uris, tags, url, firstMediaSequence } = input
  const undeclaredSec = clampDurationSec(input.targetDurationSec ?? 0)
  const inForce = trackTagsInForce(url)
  const byteRangeOf = trackByteRanges()
  let { discontinuitySequence } = input
  const read = groupByUri(tags, uris.length).map((group, i): ReadSegment => {
    const mediaSequence = firstMediaSequence + i
    for (const tag of group) inForce.apply(tag, mediaSequence)
    const own = readOwnTags(group)
    discontinuitySequence += own.discontinuities
    const uri = resolveUri(uris[i] ?? '', url)
    const segment = {
      uri,
      mediaSequence,
      discontinuitySequence,
      durationSec: own.duration === undefined ? undeclaredSec : readDurationSec(own.duration),
      discontinuity: own.discontinuities > 0,
      ...inForce.current(byteRangeOf(own.byteRange, uri)),
      gap: own.gap,
    }
    return { segment, programDateTimeMs: own.programDateTimeMs }
  })
  return { read, since: inForce.since }
}

/** The media segments of a playlist (RFC 8216 4.3.2), and from where on its tags are its own. */
export function readSegments(input: Input): {
  readonly segments: readonly MediaSegment[]
  readonly inheritedUntil: InheritedUntil
} {
  const { read, since } = readOneByOne(input)
  const instants = interpolateProgramDateTimes(
    read.map(({ segment, programDateTimeMs }) => ({
      durationSec: segment.durationSec,
      discontinuity: segment.discontinuity,
      programDateTimeMs,
    })),
  )
  const firstDated = read.find(({ programDateTimeMs }) => programDateTimeMs !== undefined)
  const dated = firstDated?.segment.mediaSequence
  return {
    segments: read.map(({ segment }, i) => {
      const atMs = instants[i]
      return atMs === undefined ? segment : { ...segment, programDateTimeMs: atMs }
    }),
    inheritedUntil: { ...since, ...(dated === undefined ? {} : { programDateTime: dated }) },
  }
}
