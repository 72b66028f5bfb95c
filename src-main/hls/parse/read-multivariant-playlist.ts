import type { IframePlaylist, PlaylistItem } from 'm3u8-parser'
import { parseAttributeList } from './attribute-list'
import { readKeyTag } from './key-tag'
import { safeCount } from './numbers'
import type {
  ContentSteering,
  Definitions,
  MultivariantPlaylist,
  Rendition,
  SegmentKey,
  VariantStream,
} from '../playlist'
import type { PlaylistTag } from './playlist-lines'
import { resolveOptionalUri, resolveUri } from './resolve-uri'
import type { ParsedManifest } from './run-m3u8-parser'
import { readStart } from './start-tag'

interface Input {
  readonly manifest: ParsedManifest
  readonly tags: readonly PlaylistTag[]
  readonly url: string
  readonly definitions: Definitions
}

/** Attributes as m3u8-parser gives them: some as numbers, the rest as text. */
type Attributes = Readonly<Record<string, unknown>>

const HIGHEST_FRAME_RATE = 1000
const renditionTypes = ['AUDIO', 'VIDEO', 'SUBTITLES', 'CLOSED-CAPTIONS'] as const

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

function readResolution(value: unknown): VariantStream['resolution'] {
  if (typeof value !== 'object' || value === null) return undefined
  const width = safeCount('width' in value ? value.width : undefined)
  const height = safeCount('height' in value ? value.height : undefined)
  return width && height ? { width, height } : undefined
}

/** What EXT-X-STREAM-INF and EXT-X-I-FRAME-STREAM-INF say. */
function readVariant(uri: string, attributes: Attributes): VariantStream {
  const resolution = readResolution(attributes['RESOLUTION'])
  const frameRate = attributes['FRAME-RATE']
  const averageBandwidth = safeCount(Number(attributes['AVERAGE-BANDWIDTH'] ?? Number.NaN))
  const audioGroup = textOf(attributes['AUDIO'])
  const subtitlesGroup = textOf(attributes['SUBTITLES'])
  const closedCaptionsGroup = textOf(attributes['CLOSED-CAPTIONS'])
  const pathwayId = textOf(attributes['PATHWAY-ID'])
  const stableVariantId = textOf(attributes['STABLE-VARIANT-ID'])
  const goodFrameRate =
    typeof frameRate === 'number' && frameRate > 0 && frameRate <= HIGHEST_FRAME_RATE
  return {
    uri,
    bandwidth: safeCount(attributes['BANDWIDTH']) ?? 0,
    ...(averageBandwidth === undefined ? {} : { averageBandwidth }),
    ...(resolution === undefined ? {} : { resolution }),
    ...(goodFrameRate ? { frameRate } : {}),
    codecs: textOf(attributes['CODECS']) ?? '',
    ...(audioGroup === undefined ? {} : { audioGroup }),
    ...(subtitlesGroup === undefined ? {} : { subtitlesGroup }),
    ...(closedCaptionsGroup === undefined ? {} : { closedCaptionsGroup }),
    ...(pathwayId === undefined ? {} : { pathwayId }),
    ...(stableVariantId === undefined ? {} : { stableVariantId }),
  }
}

/** EXT-X-I-FRAME-STREAM-INF; undefined where its address must not be used: a recording can do without. */
function readIFrameStream(
  item: Pick<IframePlaylist, 'attributes'> & { readonly uri?: string },
  url: string,
): VariantStream | undefined {
  const uri = resolveOptionalUri(item.uri, url)
  return uri === undefined ? undefined : readVariant(uri, item.attributes)
}

/** EXT-X-CONTENT-STEERING (rfc8216bis 4.4.6.6). */
function readContentSteering(
  steering: Attributes | undefined,
  url: string,
): ContentSteering | undefined {
  const serverUri = resolveOptionalUri(textOf(steering?.['serverUri']), url)
  const pathwayId = textOf(steering?.['pathwayId'])
  if (serverUri === undefined) return undefined
  return { serverUri, ...(pathwayId === undefined ? {} : { pathwayId }) }
}

/** EXT-X-MEDIA; undefined where a required attribute is missing. */
function readRendition(value: string, url: string): Rendition | undefined {
  const attributes = parseAttributeList(value)
  const type = renditionTypes.find((known) => known === attributes.get('TYPE'))
  const groupId = attributes.get('GROUP-ID')
  if (type === undefined || groupId === undefined) return undefined
  const uri = attributes.get('URI')
  const language = attributes.get('LANGUAGE')
  const instreamId = attributes.get('INSTREAM-ID')
  const channels = attributes.get('CHANNELS')
  const stableRenditionId = attributes.get('STABLE-RENDITION-ID')
  const isDefault = attributes.get('DEFAULT') === 'YES'
  return {
    type,
    groupId,
    name: attributes.get('NAME') ?? '',
    ...(language === undefined ? {} : { language }),
    ...(uri === undefined ? {} : { uri: resolveUri(uri, url) }),
    isDefault,
    autoselect: isDefault || attributes.get('AUTOSELECT') === 'YES',
    ...(attributes.get('FORCED') === 'YES' ? { forced: true } : {}),
    ...(instreamId === undefined ? {} : { instreamId }),
    ...(channels === undefined ? {} : { channels }),
    ...(stableRenditionId === undefined ? {} : { stableRenditionId }),
  }
}

/** A multivariant playlist (RFC 8216 4.3.4). */
export function readMultivariantPlaylist(input: Input): MultivariantPlaylist {
  const { manifest, tags, url, definitions } = input
  const values = (name: string): string[] =>
    tags.filter((tag) => tag.name === name).map((tag) => tag.value)
  const iFrameStreams = manifest.iFrameStreams
    .map((item) => readIFrameStream(item, url))
    .filter((stream) => stream !== undefined)
  const contentSteering = readContentSteering(manifest.contentSteering, url)
  return {
    kind: 'multivariant',
    // A URI line without an EXT-X-STREAM-INF before it has no attributes, whatever the type says.
    variants: (manifest.variants ?? [])
      .filter((item: Partial<PlaylistItem>) => item.attributes !== undefined)
      .map(({ uri, attributes }) => readVariant(resolveUri(uri, url), attributes)),
    ...(iFrameStreams.length === 0 ? {} : { iFrameStreams }),
    renditions: values('EXT-X-MEDIA')
      .map((value) => readRendition(value, url))
      .filter((rendition): rendition is Rendition => rendition !== undefined),
    ...readStart(manifest),
    ...(contentSteering === undefined ? {} : { contentSteering }),
    ...(definitions.length === 0 ? {} : { definitions }),
    sessionKeys: values('EXT-X-SESSION-KEY')
      .map((value) => readKeyTag(value, url))
      .filter((key): key is SegmentKey => key !== undefined),
  }
}
