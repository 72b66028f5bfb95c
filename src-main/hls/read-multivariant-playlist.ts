import type { PlaylistItem } from 'm3u8-parser'
import { parseAttributeList } from './attribute-list'
import { readKeyTag } from './key-tag'
import { safeCount } from './numbers'
import type { MultivariantPlaylist, Rendition, SegmentKey, VariantStream } from './playlist'
import type { PlaylistTag } from './playlist-lines'
import { resolveUri } from './resolve-uri'
import type { ParsedManifest } from './run-m3u8-parser'

interface Input {
  readonly manifest: ParsedManifest
  readonly tags: readonly PlaylistTag[]
  readonly url: string
}

const HIGHEST_FRAME_RATE = 1000
const renditionTypes = ['AUDIO', 'VIDEO', 'SUBTITLES', 'CLOSED-CAPTIONS'] as const

function readResolution(
  resolution: { width?: number; height?: number } | undefined,
): VariantStream['resolution'] {
  const width = safeCount(resolution?.width)
  const height = safeCount(resolution?.height)
  return width && height ? { width, height } : undefined
}

function readVariant({ uri, attributes }: PlaylistItem, input: Input): VariantStream {
  const { substitute } = input.manifest
  const resolution = readResolution(attributes.RESOLUTION)
  const frameRate = attributes['FRAME-RATE']
  const goodFrameRate = frameRate !== undefined && frameRate > 0 && frameRate <= HIGHEST_FRAME_RATE
  const { AUDIO: audioGroup, SUBTITLES: subtitlesGroup } = attributes
  return {
    uri: resolveUri(substitute(uri), input.url),
    bandwidth: safeCount(attributes.BANDWIDTH) ?? 0,
    ...(resolution === undefined ? {} : { resolution }),
    ...(goodFrameRate ? { frameRate } : {}),
    codecs: attributes.CODECS ?? '',
    ...(audioGroup === undefined ? {} : { audioGroup: substitute(audioGroup) }),
    ...(subtitlesGroup === undefined ? {} : { subtitlesGroup: substitute(subtitlesGroup) }),
  }
}

/** EXT-X-MEDIA; undefined where a required attribute is missing. */
function readRendition(value: string, url: string): Rendition | undefined {
  const attributes = parseAttributeList(value)
  const type = renditionTypes.find((known) => known === attributes.get('TYPE'))
  const groupId = attributes.get('GROUP-ID')
  if (type === undefined || groupId === undefined) return undefined
  const uri = attributes.get('URI')
  const language = attributes.get('LANGUAGE')
  const isDefault = attributes.get('DEFAULT') === 'YES'
  return {
    type,
    groupId,
    name: attributes.get('NAME') ?? '',
    ...(language === undefined ? {} : { language }),
    ...(uri === undefined ? {} : { uri: resolveUri(uri, url) }),
    isDefault,
    autoselect: isDefault || attributes.get('AUTOSELECT') === 'YES',
  }
}

/** A multivariant playlist (RFC 8216 4.3.4). I-frame streams are left out. */
export function readMultivariantPlaylist(input: Input): MultivariantPlaylist {
  const { manifest, tags, url } = input
  const values = (name: string): string[] =>
    tags.filter((tag) => tag.name === name).map((tag) => manifest.substitute(tag.value))
  return {
    kind: 'multivariant',
    // A URI line without an EXT-X-STREAM-INF before it has no attributes, whatever the type says.
    variants: (manifest.variants ?? [])
      .filter((item: Partial<PlaylistItem>) => item.attributes !== undefined)
      .map((item) => readVariant(item, input)),
    renditions: values('EXT-X-MEDIA')
      .map((value) => readRendition(value, url))
      .filter((rendition): rendition is Rendition => rendition !== undefined),
    sessionKeys: values('EXT-X-SESSION-KEY')
      .map((value) => readKeyTag(value, url))
      .filter((key): key is SegmentKey => key !== undefined),
  }
}
