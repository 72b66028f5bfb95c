import { formatAttributeList, parseAttributeList } from './attribute-list'
import { createVariables } from './define-tag'
import type { Definitions } from '../playlist'

/** A tag that VSR reads itself. */
export interface PlaylistTag {
  readonly name: string
  readonly value: string
  /** How many URI lines stand before it: a segment tag applies to the URI line with this index. */
  readonly uriIndex: number
}

export interface PlaylistLines {
  /** What m3u8-parser gets to see. */
  readonly forParser: string
  readonly tags: readonly PlaylistTag[]
  readonly definitions: Definitions
}

/** What m3u8-parser is asked for as it stands. */
const plainTags: ReadonlySet<string> = new Set([
  'EXTM3U',
  'EXTINF',
  'EXT-X-TARGETDURATION',
  'EXT-X-ENDLIST',
  'EXT-X-PLAYLIST-TYPE',
  'EXT-X-I-FRAMES-ONLY',
])

/**
 * What m3u8-parser gets in a clean form, since it throws on stray commas in attribute lists. It never sees EXT-X-MEDIA
 * and EXT-X-DATERANGE, through which a list could write to Object.prototype (SECURITY S21).
 */
const attributeTags: ReadonlySet<string> = new Set([
  'EXT-X-STREAM-INF',
  'EXT-X-I-FRAME-STREAM-INF',
  'EXT-X-CONTENT-STEERING',
  'EXT-X-START',
  'EXT-X-SERVER-CONTROL',
  'EXT-X-PART-INF',
  'EXT-X-SKIP',
])

/** What m3u8-parser drops, rounds, takes across resources, or keeps only the last of where order counts. */
const ownTags: ReadonlySet<string> = new Set([
  'EXTINF',
  'EXT-X-MEDIA-SEQUENCE',
  'EXT-X-DISCONTINUITY-SEQUENCE',
  'EXT-X-DISCONTINUITY',
  'EXT-X-PROGRAM-DATE-TIME',
  'EXT-X-BYTERANGE',
  'EXT-X-BITRATE',
  'EXT-X-KEY',
  'EXT-X-MAP',
  'EXT-X-GAP',
  'EXT-X-PART',
  'EXT-X-PRELOAD-HINT',
  'EXT-X-DATERANGE',
  'EXT-X-CUE-OUT',
  'EXT-X-CUE-OUT-CONT',
  'EXT-X-CUE-IN',
  'EXT-X-SCTE35',
  'EXT-OATCLS-SCTE35',
  'EXT-X-MEDIA',
  'EXT-X-SESSION-KEY',
])

/**
 * Splits playlist text into the lines for m3u8-parser and the tags that are read beside it, both with the variables of
 * EXT-X-DEFINE replaced.
 * @param options.url the playlist's own URL, for variables from its query.
 * @param options.imported what the multivariant playlist defines that led here.
 */
export function splitPlaylistLines(options: {
  readonly text: string
  readonly url: string
  readonly imported: Definitions | undefined
}): PlaylistLines {
  const variables = createVariables(options)
  const forParser: string[] = []
  const tags: PlaylistTag[] = []
  let uriIndex = 0
  for (const rawLine of options.text.split('\n')) {
    const line = rawLine.trim()
    if (line === '') continue
    if (!line.startsWith('#')) {
      forParser.push(variables.inUri(line))
      uriIndex += 1
      continue
    }
    const colon = line.indexOf(':')
    const name = colon < 0 ? line.slice(1) : line.slice(1, colon)
    const rawValue = colon < 0 ? '' : line.slice(colon + 1)
    const value = name === 'EXTINF' ? rawValue : variables.inAttributes(rawValue)
    if (name === 'EXT-X-DEFINE') variables.define(value)
    if (plainTags.has(name)) forParser.push(line)
    if (attributeTags.has(name)) {
      forParser.push(`#${name}:${formatAttributeList(parseAttributeList(value))}`)
    }
    if (ownTags.has(name)) tags.push({ name, value, uriIndex })
  }
  return { forParser: forParser.join('\n'), tags, definitions: variables.definitions }
}
