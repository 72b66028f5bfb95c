import { formatAttributeList, parseAttributeList } from './attribute-list'

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
}

/** All that m3u8-parser is asked for. It never sees EXT-X-MEDIA and EXT-X-DATERANGE, through which a list could write to Object.prototype (SECURITY S21). */
const parsedTags: ReadonlySet<string> = new Set([
  'EXTM3U',
  'EXTINF',
  'EXT-X-TARGETDURATION',
  'EXT-X-ENDLIST',
  'EXT-X-PLAYLIST-TYPE',
  'EXT-X-STREAM-INF',
  'EXT-X-DEFINE',
])

/** What m3u8-parser drops, rounds, or takes across resources. */
const ownTags: ReadonlySet<string> = new Set([
  'EXTINF',
  'EXT-X-MEDIA-SEQUENCE',
  'EXT-X-DISCONTINUITY-SEQUENCE',
  'EXT-X-DISCONTINUITY',
  'EXT-X-PROGRAM-DATE-TIME',
  'EXT-X-BYTERANGE',
  'EXT-X-KEY',
  'EXT-X-MAP',
  'EXT-X-GAP',
  'EXT-X-MEDIA',
  'EXT-X-SESSION-KEY',
])

/** m3u8-parser throws on stray commas in attribute lists: it gets them in a clean form. */
const lineForParser = (line: string, name: string, value: string): string =>
  name === 'EXT-X-STREAM-INF' ? `#${name}:${formatAttributeList(parseAttributeList(value))}` : line

/** Splits playlist text into the lines for m3u8-parser and the tags that are read beside it. */
export function splitPlaylistLines(text: string): PlaylistLines {
  const forParser: string[] = []
  const tags: PlaylistTag[] = []
  let uriIndex = 0
  for (const rawLine of text.split('\n')) {
    const line = rawLine.trim()
    if (line === '') continue
    if (!line.startsWith('#')) {
      forParser.push(line)
      uriIndex += 1
      continue
    }
    const colon = line.indexOf(':')
    const name = colon < 0 ? line.slice(1) : line.slice(1, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1)
    if (parsedTags.has(name)) forParser.push(lineForParser(line, name, value))
    if (ownTags.has(name)) tags.push({ name, value, uriIndex })
  }
  return { forParser: forParser.join('\n'), tags }
}
