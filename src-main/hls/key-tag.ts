import { parseAttributeList } from './attribute-list'
import type { SegmentKey } from './playlist'
import { unreadable } from './playlist-error'
import { resolveUri } from './resolve-uri'

const IV_BYTES = 16

/** 0x and up to 32 hexadecimal digits -> 16 bytes, big-endian. */
function readIv(text: string): Uint8Array {
  const digits = /^0x([0-9a-f]{1,32})$/i.exec(text)?.[1]
  if (digits === undefined) throw unreadable('an encryption key has a wrong initialization vector')
  const padded = digits.padStart(2 * IV_BYTES, '0')
  return Uint8Array.from({ length: IV_BYTES }, (_, i) =>
    Number.parseInt(padded.slice(2 * i, 2 * i + 2), 16),
  )
}

/** AES-128 with the key in a file of its own: the one encryption that VSR can take off. */
export function isPlainAes128(key: Pick<SegmentKey, 'method' | 'keyFormat'>): boolean {
  return key.method === 'AES-128' && (key.keyFormat ?? 'identity') === 'identity'
}

/**
 * Reads EXT-X-KEY or EXT-X-SESSION-KEY (RFC 8216 4.3.2.4); undefined = METHOD=NONE.
 * Keys of DRM systems keep their URI as it is (`skd:`, `data:`): it tells the system and is never requested.
 */
export function readKeyTag(value: string, playlistUrl: string): SegmentKey | undefined {
  const attributes = parseAttributeList(value)
  const method = attributes.get('METHOD') ?? 'AES-128'
  if (method === 'NONE') return undefined
  const uri = attributes.get('URI') ?? ''
  const iv = attributes.get('IV')
  const keyFormat = attributes.get('KEYFORMAT')
  const plain = isPlainAes128(keyFormat === undefined ? { method } : { method, keyFormat })
  if (plain && uri === '') throw unreadable('an encryption key has no address')
  return {
    method,
    uri: plain ? resolveUri(uri, playlistUrl) : uri,
    ...(iv === undefined ? {} : { iv: readIv(iv) }),
    ...(keyFormat === undefined ? {} : { keyFormat }),
  }
}

export interface KeysInForce {
  /** The key that applies to what follows: the one VSR can use where several systems are offered. */
  readonly current: SegmentKey | undefined
  apply(key: SegmentKey | undefined): void
}

/** A key applies until the next one of the same KEYFORMAT; METHOD=NONE ends all. */
export function trackKeys(): KeysInForce {
  const byFormat = new Map<string, SegmentKey>()
  let current: SegmentKey | undefined
  return {
    get current() {
      return current
    },
    apply(key) {
      if (key === undefined) byFormat.clear()
      else byFormat.set(key.keyFormat ?? 'identity', key)
      const keys = [...byFormat.values()]
      current = keys.find(isPlainAes128) ?? keys[0]
    },
  }
}
