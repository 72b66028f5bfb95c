import { createDecipheriv } from 'node:crypto'
import { VsrError } from '../../src-preload/contract/errors'
import type { SegmentKey } from '../hls/playlist'
import { sequenceIv } from '../hls/follow/renumber-playlist'
import type { BodySink } from './http'

const BLOCK_BYTES = 16

/** The key's own initialization vector, else the media sequence number as a 128-bit big-endian integer (RFC 8216 5.2). */
export function ivOf(key: SegmentKey, mediaSequence: number): Uint8Array {
  return key.iv ?? sequenceIv(mediaSequence)
}

/**
 * Takes AES-128 CBC with PKCS7 padding off a segment on its way into a sink.
 * @throws VsrError at the end: `truncated` where the length is not one that encryption gives, `not_media` where the key does not fit.
 */
export function decryptAes128<T>(sink: BodySink<T>, key: Uint8Array, iv: Uint8Array): BodySink<T> {
  const decipher = createDecipheriv('aes-128-cbc', key, iv)
  let received = 0
  return {
    write(chunk) {
      received += chunk.byteLength
      const plain = decipher.update(chunk)
      return plain.byteLength > 0 ? sink.write(plain) : undefined
    },
    async end() {
      if (received === 0 || received % BLOCK_BYTES !== 0) {
        throw new VsrError('truncated', 'An encrypted segment was cut off.')
      }
      const last = finish(() => decipher.final())
      if (last.byteLength > 0) await sink.write(last)
      return await sink.end()
    },
  }
}

function finish(final: () => Uint8Array): Uint8Array {
  try {
    return final()
  } catch (cause) {
    throw new VsrError('not_media', 'A segment could not be decrypted with the key it names.', {
      cause,
    })
  }
}
