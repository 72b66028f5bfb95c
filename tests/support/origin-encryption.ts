import { createCipheriv, createHash } from 'node:crypto'
import { encryptCbcs, encryptCbcsInit } from './cbcs'
import { encryptPackedAudio, encryptSamples } from './sample-aes'

/** How the test origin encrypts segments. */
export type OriginEncryption =
  | {
      readonly method: 'AES-128' | 'SAMPLE-AES'
      /** A new key after so many segments; one key for all unless told. */
      readonly rotateKeyEvery?: number
      /** Each segment's IV is named; else it is the media sequence number. */
      readonly explicitIv?: boolean
      /** The initialization section is encrypted as well. */
      readonly withInit?: boolean
    }
  /** An EXT-X-KEY as it stands here; the segments stay what they are, since VSR must not ask for them. */
  | { readonly tag: string }

/** What of a listed segment its encryption depends on. */
export interface Encrypted {
  readonly encryption: OriginEncryption | undefined
  readonly mediaSequence: number
  readonly keyIndex: number
}

/** Of initialization sections: any that no segment uses. */
const INIT_KEY_INDEX = 900
const INIT_IV = Buffer.alloc(16, 0x5a)
/** Of fragmented MP4, which carries it itself. */
const FRAGMENT_IV = Buffer.alloc(16, 0xc5)

/** The key with this number: derived, so that a test can tell it too. */
export function originKey(index: number): Uint8Array {
  return createHash('md5').update(`test key ${index}`).digest()
}

function ivOf({ encryption, mediaSequence }: Encrypted): Buffer {
  if (encryption !== undefined && 'explicitIv' in encryption && encryption.explicitIv === true) {
    return createHash('md5').update(`test iv ${mediaSequence}`).digest()
  }
  const iv = Buffer.alloc(16)
  iv.writeBigUInt64BE(BigInt(mediaSequence), 8)
  return iv
}

/** The EXT-X-KEY that has to be in force on a segment. */
export function keyTagOf(segment: Encrypted): string {
  const { encryption, keyIndex } = segment
  if (encryption === undefined) return '#EXT-X-KEY:METHOD=NONE'
  if ('tag' in encryption) return `#EXT-X-KEY:${encryption.tag}`
  const iv = encryption.explicitIv === true ? `,IV=0x${ivOf(segment).toString('hex')}` : ''
  return `#EXT-X-KEY:METHOD=${encryption.method},URI="key-${keyIndex}.bin"${iv}`
}

/** The EXT-X-KEY that stands before EXT-X-MAP: one before it applies to it, too (RFC 8216 4.3.2.5). */
export function initKeyTagOf(segment: Encrypted): string {
  const { encryption } = segment
  if (hasSealedSamples(encryption)) return keyTagOf(segment)
  return hasSealedInit(encryption)
    ? `#EXT-X-KEY:METHOD=AES-128,URI="key-${INIT_KEY_INDEX}.bin",IV=0x${INIT_IV.toString('hex')}`
    : '#EXT-X-KEY:METHOD=NONE'
}

const hasSealedInit = (encryption: OriginEncryption | undefined): boolean =>
  encryption !== undefined && 'withInit' in encryption && encryption.withInit === true

const hasSealedSamples = (encryption: OriginEncryption | undefined): boolean =>
  encryption !== undefined && 'method' in encryption && encryption.method === 'SAMPLE-AES'

/** @param init in the clear, of fragmented MP4. */
export function encryptBody(
  segment: Encrypted,
  body: Uint8Array,
  init: Uint8Array | undefined,
): Uint8Array {
  const { encryption, keyIndex } = segment
  if (encryption === undefined || 'tag' in encryption) return body
  const key = originKey(keyIndex)
  const iv = ivOf(segment)
  if (encryption.method === 'AES-128') return encryptWhole(body, key, iv)
  if (init !== undefined) return encryptCbcs({ init, segment: body, key, iv: FRAGMENT_IV })
  return body[0] === TS_SYNC
    ? encryptSamples({ ts: body, key, iv })
    : encryptPackedAudio({ body, key, iv })
}

const TS_SYNC = 0x47

/** As the first segment that needs it is encrypted. */
export function encryptInit(
  encryption: OriginEncryption | undefined,
  body: Uint8Array,
): Uint8Array {
  if (hasSealedSamples(encryption)) return encryptCbcsInit(body, FRAGMENT_IV)
  return hasSealedInit(encryption) ? encryptWhole(body, originKey(INIT_KEY_INDEX), INIT_IV) : body
}

function encryptWhole(body: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  return Buffer.concat([cipher.update(body), cipher.final()])
}
