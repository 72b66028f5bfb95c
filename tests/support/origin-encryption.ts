import { createCipheriv, createHash } from 'node:crypto'
import { encryptSamples } from './sample-aes'

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
export function initKeyTagOf({ encryption }: Encrypted): string {
  return hasSealedInit(encryption)
    ? `#EXT-X-KEY:METHOD=AES-128,URI="key-${INIT_KEY_INDEX}.bin",IV=0x${INIT_IV.toString('hex')}`
    : '#EXT-X-KEY:METHOD=NONE'
}

export const hasSealedInit = (encryption: OriginEncryption | undefined): boolean =>
  encryption !== undefined && 'withInit' in encryption && encryption.withInit === true

export function encryptBody(segment: Encrypted, body: Uint8Array): Uint8Array {
  const { encryption, keyIndex } = segment
  if (encryption === undefined || 'tag' in encryption) return body
  const key = originKey(keyIndex)
  const iv = ivOf(segment)
  return encryption.method === 'AES-128'
    ? encryptWhole(body, key, iv)
    : encryptSamples({ ts: body, key, iv })
}

export const encryptInit = (body: Uint8Array): Uint8Array =>
  encryptWhole(body, originKey(INIT_KEY_INDEX), INIT_IV)

function encryptWhole(body: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  return Buffer.concat([cipher.update(body), cipher.final()])
}
