import { VsrError } from '../../src-preload/contract/errors'
import { parseAttributeList } from './attribute-list'
import { readMapByteRange, trackByteRanges } from './byte-range-tag'
import { readKeyTag, trackKeys } from './key-tag'
import { clampTargetDurationSec, readDurationSec, readSequence } from './numbers'
import type { InitSection, MediaPlaylist, MediaSegment, SegmentKey } from './playlist'
import { unreadable } from './playlist-error'
import type { PlaylistTag } from './playlist-lines'
import { interpolateProgramDateTimes, readProgramDateTime } from './program-date-time'
import { resolveUri } from './resolve-uri'
import type { ParsedManifest } from './run-m3u8-parser'

interface Input {
  readonly manifest: ParsedManifest
  readonly tags: readonly PlaylistTag[]
  readonly url: string
}

/** A segment and the EXT-X-PROGRAM-DATE-TIME that stands at it. */
interface ReadSegment {
  readonly segment: MediaSegment
  readonly programDateTimeMs: number | undefined
}

const valueOf = (tags: readonly PlaylistTag[], name: string): string | undefined =>
  tags.find((tag) => tag.name === name)?.value

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

/** Channel lists (IPTV "m3u") look alike, but their lines are streams, not segments. */
function refuseChannelList({ manifest, tags }: Input): void {
  const firstDuration = valueOf(tags, 'EXTINF')
  if (manifest.targetDurationSec === undefined && firstDuration?.trimStart().startsWith('-')) {
    throw new VsrError('not_a_playlist', 'This is a list of channels, not a stream.', {
      hint: 'Open the list in a text editor and use the address of one channel.',
    })
  }
}

/** The tags that stand before each URI line, in order. */
function groupByUri(tags: readonly PlaylistTag[], count: number): readonly PlaylistTag[][] {
  const groups: PlaylistTag[][] = Array.from({ length: count }, () => [])
  for (const tag of tags) groups[tag.uriIndex]?.push(tag)
  return groups
}

function readSegments(
  input: Input,
  start: { media: number; discontinuity: number },
): ReadSegment[] {
  const { manifest, tags, url } = input
  const keys = trackKeys()
  const byteRangeOf = trackByteRanges()
  let initSection: InitSection | undefined
  let discontinuitySequence = start.discontinuity

  return groupByUri(tags, manifest.segmentUris.length).map((own, i) => {
    let discontinuity = false
    let programDateTimeMs: number | undefined
    for (const { name, value: raw } of own) {
      const value = manifest.substitute(raw)
      if (name === 'EXT-X-KEY') keys.apply(readKeyTag(value, url))
      else if (name === 'EXT-X-MAP') initSection = readInitSection(value, keys.current, url)
      else if (name === 'EXT-X-PROGRAM-DATE-TIME') programDateTimeMs = readProgramDateTime(value)
      else if (name === 'EXT-X-DISCONTINUITY') {
        discontinuity = true
        discontinuitySequence += 1
      }
    }
    const uri = resolveUri(manifest.substitute(manifest.segmentUris[i] ?? ''), url)
    const byteRange = byteRangeOf(valueOf(own, 'EXT-X-BYTERANGE'), uri)
    const duration = valueOf(own, 'EXTINF')
    const key = keys.current
    const segment = {
      uri,
      mediaSequence: start.media + i,
      discontinuitySequence,
      durationSec:
        duration === undefined ? (manifest.targetDurationSec ?? 0) : readDurationSec(duration),
      discontinuity,
      ...(byteRange === undefined ? {} : { byteRange }),
      ...(key === undefined ? {} : { key }),
      ...(initSection === undefined ? {} : { initSection }),
      gap: own.some((tag) => tag.name === 'EXT-X-GAP'),
    }
    return { segment, programDateTimeMs }
  })
}

/** A media playlist (RFC 8216 4.3.3) from what m3u8-parser found and the tags read beside it. */
export function readMediaPlaylist(input: Input): MediaPlaylist {
  refuseChannelList(input)
  const { manifest, tags } = input
  const mediaSequence = readSequence(valueOf(tags, 'EXT-X-MEDIA-SEQUENCE') ?? '0')
  const discontinuitySequence = readSequence(valueOf(tags, 'EXT-X-DISCONTINUITY-SEQUENCE') ?? '0')
  const read = readSegments(input, {
    media: mediaSequence,
    discontinuity: discontinuitySequence,
  })
  const instants = interpolateProgramDateTimes(
    read.map(({ segment, programDateTimeMs }) => ({
      durationSec: segment.durationSec,
      discontinuity: segment.discontinuity,
      programDateTimeMs,
    })),
  )
  const longestSec = read.reduce((sec, { segment }) => Math.max(sec, segment.durationSec), 0)
  return {
    kind: 'media',
    targetDurationSec: clampTargetDurationSec(manifest.targetDurationSec ?? Math.ceil(longestSec)),
    mediaSequence,
    discontinuitySequence,
    endList: manifest.endList,
    ...(manifest.playlistType === undefined ? {} : { playlistType: manifest.playlistType }),
    segments: read.map(({ segment }, i) => {
      const atMs = instants[i]
      return atMs === undefined ? segment : { ...segment, programDateTimeMs: atMs }
    }),
  }
}
