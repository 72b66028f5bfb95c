/**
 * The pieces of a playlist as text (RFC 8216), but for its segments: media-writer has those. Only ids, enumerated words and numbers are written,
 * and names of renditions after everything but letters, digits and a few signs was taken out: titles and URIs of the source never
 * are, so nothing hostile can start a line of its own (SECURITY S10).
 */

export const endListTag = '#EXT-X-ENDLIST\n'

export interface MediaHeader {
  /** Longest segment, seconds; written rounded up (RFC 8216 4.3.3.1). */
  readonly longestSec: number
  readonly mediaSequence: number
  readonly discontinuitySequence: number
  readonly playlistType?: 'EVENT' | 'VOD'
  /** Longest part, seconds: the playlist lists parts, and a reload may block. */
  readonly partTargetSec?: number
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
    type +
    lowLatencyTags(header.partTargetSec)
  )
}

/** A player stays three parts away from the end, so that one that comes late is no stall (rfc8216bis 4.4.3.8). */
const HOLD_BACK_PARTS = 3

function lowLatencyTags(partTargetSec: number | undefined): string {
  if (partTargetSec === undefined) return ''
  const holdBackSec = milliseconds(partTargetSec * HOLD_BACK_PARTS)
  return (
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${holdBackSec}\n` +
    `#EXT-X-PART-INF:PART-TARGET=${milliseconds(partTargetSec)}\n`
  )
}

const milliseconds = (sec: number): string => String(Math.ceil(sec * 1000) / 1000)

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
  /** `none`: the picture is known to have no captions inside. */
  readonly closedCaptionsGroup?: string
}

interface RenditionBase {
  readonly groupId: string
  /** What a person reads in a player's menu; anything but letters, digits and a few signs is taken out. */
  readonly name: string
  readonly language?: string
  readonly isDefault: boolean
}

export type RenditionEntry = RenditionBase &
  (
    | {
        readonly type: 'AUDIO'
        readonly channels?: string
        /** Absent: the sound is inside the variant stream. */
        readonly uri?: string
      }
    | { readonly type: 'SUBTITLES'; readonly forced?: boolean; readonly uri: string }
    /** Left out where `instreamId` is none that RFC 8216 knows. */
    | { readonly type: 'CLOSED-CAPTIONS'; readonly instreamId: string }
  )

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

const codecsPattern = /^[A-Za-z0-9][A-Za-z0-9-]{1,4}(\.[A-Za-z0-9]{1,12}){0,8}$/
const languagePattern = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/

/** The members of a codecs list that look like RFC 6381 codecs; empty where one does not. */
export function safeCodecs(codecs: string): readonly string[] {
  const members = codecs
    .split(',')
    .map((codec) => codec.trim())
    .filter((codec) => codec !== '')
  return members.every((codec) => codecsPattern.test(codec)) ? members : []
}

const channelsPattern = /^[0-9]{1,3}(\/[A-Z0-9-]{1,20}){0,3}$/
const instreamPattern = /^(CC[1-4]|SERVICE([1-9]|[1-5][0-9]|6[0-3]))$/

/** True for CC1 … CC4 and SERVICE1 … SERVICE63 (RFC 8216 4.3.4.1). */
export const isInstreamId = (id: string): boolean => instreamPattern.test(id)

/** Longest name that is written, characters. */
const LONGEST_NAME = 60

/** A name of the source as it may stand in a playlist; empty where nothing of it may. */
export function safeName(name: string): string {
  const plain = name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N} ().,+&/_-]+/gu, ' ')
  const cut = plain.replace(/ +/g, ' ').trim().slice(0, LONGEST_NAME)
  // Not half a character at the end.
  return cut.replace(/[\uD800-\uDBFF]$/, '').trim()
}

function renditionLine(rendition: RenditionEntry): string {
  const { type, groupId, name, language, isDefault } = rendition
  if (type === 'CLOSED-CAPTIONS' && !isInstreamId(rendition.instreamId)) return ''
  const attributes = [
    `TYPE=${type}`,
    `GROUP-ID="${groupId}"`,
    `NAME="${safeName(name)}"`,
    ...(language !== undefined && languagePattern.test(language) ? [`LANGUAGE="${language}"`] : []),
    `DEFAULT=${isDefault ? 'YES' : 'NO'}`,
    'AUTOSELECT=YES',
    ...ownAttributes(rendition),
  ]
  return `#EXT-X-MEDIA:${attributes.join(',')}\n`
}

function ownAttributes(rendition: RenditionEntry): readonly string[] {
  switch (rendition.type) {
    case 'AUDIO': {
      const { channels, uri } = rendition
      const isKnown = channels !== undefined && channelsPattern.test(channels)
      return [
        ...(isKnown ? [`CHANNELS="${channels}"`] : []),
        ...(uri === undefined ? [] : [`URI="${uri}"`]),
      ]
    }
    case 'SUBTITLES':
      return [...(rendition.forced === true ? ['FORCED=YES'] : []), `URI="${rendition.uri}"`]
    case 'CLOSED-CAPTIONS':
      return [`INSTREAM-ID="${rendition.instreamId}"`]
  }
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
    ...captionsAttribute(variant.closedCaptionsGroup),
  ]
  return `#EXT-X-STREAM-INF:${attributes.join(',')}\n${variant.uri}\n`
}

function captionsAttribute(group: VariantEntry['closedCaptionsGroup']): readonly string[] {
  if (group === undefined) return []
  return [group === 'none' ? 'CLOSED-CAPTIONS=NONE' : `CLOSED-CAPTIONS="${group}"`]
}
