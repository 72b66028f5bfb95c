/**
 * The pieces of a playlist as text (RFC 8216), but for its segments: media-writer has those. Only ids, enumerated words and numbers are written:
 * titles and URIs of the source never are, so nothing hostile can start a line of its own (SECURITY S10).
 */

export const endListTag = '#EXT-X-ENDLIST\n'

export interface MediaHeader {
  /** Longest segment, seconds; written rounded up (RFC 8216 4.3.3.1). */
  readonly longestSec: number
  readonly mediaSequence: number
  readonly discontinuitySequence: number
  readonly playlistType?: 'EVENT' | 'VOD'
}

/** What stands before the first segment of a media playlist. */
export function mediaHeader(header: MediaHeader): string {
  const type =
    header.playlistType === undefined ? '' : `#EXT-X-PLAYLIST-TYPE:${header.playlistType}\n`
  return (
    '#EXTM3U\n#EXT-X-VERSION:6\n' +
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(header.longestSec))}\n` +
    `#EXT-X-MEDIA-SEQUENCE:${header.mediaSequence}\n` +
    `#EXT-X-DISCONTINUITY-SEQUENCE:${header.discontinuitySequence}\n` +
    type
  )
}

export interface VariantEntry {
  /** Built from ids and numbers. */
  readonly uri: string
  /** Bits per second. */
  readonly bandwidth: number
  /** RFC 6381 list; left out where it is empty or holds anything unexpected. */
  readonly codecs: string
  readonly resolution?: { readonly width: number; readonly height: number }
  readonly audioGroup?: string
  readonly subtitlesGroup?: string
}

export interface RenditionEntry {
  readonly type: 'AUDIO' | 'SUBTITLES'
  readonly groupId: string
  /** The track's id: NAME has to be there, and names from the source are not repeated. */
  readonly name: string
  readonly language?: string
  readonly isDefault: boolean
  readonly uri: string
}

/** The whole multivariant playlist. */
export function multivariantPlaylist(playlist: {
  readonly variants: readonly VariantEntry[]
  readonly renditions: readonly RenditionEntry[]
}): string {
  return (
    '#EXTM3U\n#EXT-X-VERSION:6\n' +
    playlist.renditions.map(renditionLine).join('') +
    playlist.variants.map(variantLines).join('')
  )
}

const codecsPattern = /^[A-Za-z0-9]{2,5}(\.[A-Za-z0-9]{1,12}){0,8}$/
const languagePattern = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/

/** The members of a codecs list that look like RFC 6381 codecs; empty where one does not. */
export function safeCodecs(codecs: string): readonly string[] {
  const members = codecs
    .split(',')
    .map((codec) => codec.trim())
    .filter((codec) => codec !== '')
  return members.every((codec) => codecsPattern.test(codec)) ? members : []
}

function renditionLine(rendition: RenditionEntry): string {
  const language =
    rendition.language !== undefined && languagePattern.test(rendition.language)
      ? `,LANGUAGE="${rendition.language}"`
      : ''
  return (
    `#EXT-X-MEDIA:TYPE=${rendition.type},GROUP-ID="${rendition.groupId}",NAME="${rendition.name}"${language},` +
    `DEFAULT=${rendition.isDefault ? 'YES' : 'NO'},AUTOSELECT=YES,URI="${rendition.uri}"\n`
  )
}

function variantLines(variant: VariantEntry): string {
  const codecs = safeCodecs(variant.codecs)
  const attributes = [
    `BANDWIDTH=${Math.max(1, Math.round(variant.bandwidth))}`,
    ...(codecs.length === 0 ? [] : [`CODECS="${codecs.join(',')}"`]),
    ...(variant.resolution === undefined
      ? []
      : [`RESOLUTION=${variant.resolution.width}x${variant.resolution.height}`]),
    ...(variant.audioGroup === undefined ? [] : [`AUDIO="${variant.audioGroup}"`]),
    ...(variant.subtitlesGroup === undefined ? [] : [`SUBTITLES="${variant.subtitlesGroup}"`]),
  ]
  return `#EXT-X-STREAM-INF:${attributes.join(',')}\n${variant.uri}\n`
}
