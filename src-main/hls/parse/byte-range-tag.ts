import type { ByteRange } from '../playlist'
import { unreadable } from './playlist-error'

/** `<length>[@<offset>]` (RFC 8216 4.3.2.2); `offset` absent = the next byte after the sub-range before. */
function readByteRange(text: string): { length: number; offset: number | undefined } {
  const match = /^\s*(\d+)(?:@(\d+))?/.exec(text)
  const length = Number(match?.[1] ?? Number.NaN)
  const offset = match?.[2] === undefined ? undefined : Number(match[2])
  if (!Number.isSafeInteger(length + (offset ?? 0)) || length === 0) {
    throw unreadable('it asks for a byte range that makes no sense')
  }
  return { length, offset }
}

/** The sub-range of EXT-X-MAP: from the start where it names no offset. */
export function readMapByteRange(text: string): ByteRange {
  const { length, offset } = readByteRange(text)
  return { length, offset: offset ?? 0 }
}

/** Reads the byte ranges of segments, or of partial segments, one after the other. An offset that is absent follows the segment before only where that was of the same resource. */
export function trackByteRanges(): (
  text: string | undefined,
  uri: string,
) => ByteRange | undefined {
  let previous = { uri: '', end: 0 }
  return (text, uri) => {
    if (text === undefined) {
      previous = { uri: '', end: 0 }
      return undefined
    }
    const { length, offset = previous.uri === uri ? previous.end : 0 } = readByteRange(text)
    previous = { uri, end: offset + length }
    return { length, offset }
  }
}
