import { parseAttributeList } from './attribute-list'
import type { SegmentKey } from '../playlist'
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

type Named = Pick<SegmentKey, 'method' | 'keyFormat' | 'uri'>

const isIdentity = ({ keyFormat }: Named) => (keyFormat ?? 'identity') === 'identity'

/** AES-128 over whole segments with the key in a file of its own: taken off as they come in. */
const isPlainAes128 = (key: Named) => key.method === 'AES-128' && isIdentity(key)

/**
 * SAMPLE-AES with the key in a file of its own: stored as it came, since only samples are encrypted. FairPlay uses the
 * same method, and tells itself by its URI even where it names no KEYFORMAT.
 */
export const isOpenSampleAes = (key: Named): boolean =>
  key.method === 'SAMPLE-AES' && isIdentity(key) && !/^skd:/i.test(key.uri)

/** A key that anyone can fetch, of a method that VSR knows. */
export const isOpenKey = (key: Named): boolean => isPlainAes128(key) || isOpenSampleAes(key)

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
  const open = isOpenKey({ method, uri, ...(keyFormat === undefined ? {} : { keyFormat }) })
  if (open && uri === '') throw unreadable('an encryption key has no address')
  return {
    method,
    uri: open ? resolveUri(uri, playlistUrl) : uri,
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
      current = keys.find(isOpenKey) ?? keys[0]
    },
  }
}
