import { parseAttributeList } from './attribute-list'
import { trackByteRanges } from './byte-range-tag'
import { readDurationSec, safeCount, safeSpanSec } from './numbers'
import type { PartialSegment, PreloadHint, ServerControl } from '../playlist'
import type { PlaylistTag } from './playlist-lines'
import { resolveOptionalUri } from './resolve-uri'
import type { ParsedManifest } from './run-m3u8-parser'

/** EXT-X-SERVER-CONTROL. m3u8-parser has put in the hold-backs that rfc8216bis 4.4.3.8 names where none is declared. */
export function readServerControl(
  declared: NonNullable<ParsedManifest['serverControl']>,
): ServerControl {
  const canSkipUntilSec = safeSpanSec(declared['canSkipUntil'])
  const holdBackSec = safeSpanSec(declared['holdBack'])
  const partHoldBackSec = safeSpanSec(declared['partHoldBack'])
  return {
    canBlockReload: declared['canBlockReload'] === true,
    ...(canSkipUntilSec === undefined ? {} : { canSkipUntilSec }),
    canSkipDateRanges: canSkipUntilSec !== undefined && declared['canSkipDateranges'] === true,
    ...(holdBackSec === undefined ? {} : { holdBackSec }),
    ...(partHoldBackSec === undefined ? {} : { partHoldBackSec }),
  }
}

/**
 * The partial segments (EXT-X-PART), those of the segment that is not listed yet included. One whose address must not be
 * used is left out and keeps its number.
 * @param firstMediaSequence of the first segment listed.
 */
export function readParts(options: {
  readonly tags: readonly PlaylistTag[]
  readonly firstMediaSequence: number
  readonly url: string
}): readonly PartialSegment[] {
  const { tags, firstMediaSequence, url } = options
  const byteRangeOf = trackByteRanges()
  const parts: PartialSegment[] = []
  let previous = { uriIndex: -1, partIndex: -1 }
  for (const { name, value, uriIndex } of tags) {
    if (name !== 'EXT-X-PART') continue
    const partIndex = previous.uriIndex === uriIndex ? previous.partIndex + 1 : 0
    previous = { uriIndex, partIndex }
    const attributes = parseAttributeList(value)
    const uri = resolveOptionalUri(attributes.get('URI'), url)
    if (uri === undefined) continue
    const byteRange = byteRangeOf(attributes.get('BYTERANGE'), uri)
    parts.push({
      uri,
      mediaSequence: firstMediaSequence + uriIndex,
      partIndex,
      durationSec: readDurationSec(attributes.get('DURATION') ?? ''),
      ...(byteRange === undefined ? {} : { byteRange }),
      independent: attributes.get('INDEPENDENT') === 'YES',
      gap: attributes.get('GAP') === 'YES',
    })
  }
  return parts
}

/**
 * True where the segment in progress does not go on from the last whole one: behind its URI line stands EXT-X-DISCONTINUITY,
 * another EXT-X-MAP or a key. An EXT-X-MAP that only says again what is in force is none.
 * @param segmentCount how many segments are listed whole.
 */
export function hasPartsBreak(tags: readonly PlaylistTag[], segmentCount: number): boolean {
  let mapInForce: string | undefined
  for (const { name, value, uriIndex } of tags) {
    const isBehind = uriIndex === segmentCount
    if (name === 'EXT-X-MAP') {
      if (isBehind && value !== mapInForce) return true
      mapInForce = value
    } else if (isBehind && name === 'EXT-X-DISCONTINUITY') {
      return true
    } else if (isBehind && name === 'EXT-X-KEY') {
      if (parseAttributeList(value).get('METHOD') !== 'NONE') return true
    }
  }
  return false
}

/** EXT-X-PRELOAD-HINT of TYPE=PART; initialization sections are not loaded ahead. */
export function readPreloadHint(
  tags: readonly PlaylistTag[],
  url: string,
): PreloadHint | undefined {
  for (const { name, value } of tags) {
    if (name !== 'EXT-X-PRELOAD-HINT') continue
    const attributes = parseAttributeList(value)
    const uri = resolveOptionalUri(attributes.get('URI'), url)
    if (attributes.get('TYPE') !== 'PART' || uri === undefined) continue
    const offset = safeCount(Number(attributes.get('BYTERANGE-START') ?? 0))
    const length = safeCount(Number(attributes.get('BYTERANGE-LENGTH') ?? Number.NaN))
    const hasRange = attributes.has('BYTERANGE-START') || attributes.has('BYTERANGE-LENGTH')
    if (!hasRange) return { uri }
    if (offset === undefined || !Number.isSafeInteger(offset + (length ?? 0))) return undefined
    return { uri, byteRange: { offset, ...(length ? { length } : {}) } }
  }
  return undefined
}
