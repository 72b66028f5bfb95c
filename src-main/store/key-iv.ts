import type { KeyRow } from './model'

/**
 * The initialization vector of a segment that needs a key, 32 hexadecimal digits: the key's own, else the media
 * sequence number that the source gave the segment (RFC 8216 5.2), which is not the one that VSR serves it under.
 */
export function ivDigits({ iv }: KeyRow, mediaSequence: number): string {
  return iv ?? Math.max(0, mediaSequence).toString(16).padStart(32, '0')
}
