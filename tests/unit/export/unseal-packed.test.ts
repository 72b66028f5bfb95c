import { describe, expect, it } from 'vitest'
import { unsealPacked } from '../../../src-main/export/unseal-packed'
import { timestampTag } from '../../support/packed-audio'
import { encryptPackedAudio } from '../../support/sample-aes'

const key = Buffer.alloc(16, 0x17)
const iv = Buffer.alloc(16, 0x71)

/** Bytes that differ from each other, behind the header of a frame. */
function frameOf(bytes: number, header: readonly number[]): Buffer {
  const frame = Buffer.from(Array.from({ length: bytes }, (_, at) => (at * 7 + bytes) & 0xff))
  frame.set(header)
  return frame
}
const adts = (bytes: number, { hasCrc = false } = {}) =>
  frameOf(bytes, [
    0xff,
    hasCrc ? 0xf0 : 0xf1,
    0x4c,
    0x80 | (bytes >> 11),
    (bytes >> 3) & 0xff,
    ((bytes & 7) << 5) | 0x1f,
    0xfc,
  ])
/** 192 kbit/s at 48 kHz: 768 bytes. */
const ac3 = () => frameOf(768, [0x0b, 0x77, 0, 0, 0x14, 0x40])
const eac3 = (bytes: number) =>
  frameOf(bytes, [0x0b, 0x77, (bytes / 2 - 1) >> 8, (bytes / 2 - 1) & 0xff, 0x3f, 0x80])

describe('packed audio with SAMPLE-AES', () => {
  it.each([
    ['AAC', 'aac', [adts(400), adts(371), adts(8), adts(39), adts(300, { hasCrc: true })]],
    ['AC-3', 'ac3', [ac3(), ac3()]],
    ['E-AC-3, of a main and a dependent stream', 'ac3', [eac3(500), eac3(132), eac3(30)]],
  ] as const)(
    'is what it was before each of its frames was encrypted: %s',
    (_name, format, frames) => {
      const body = Buffer.concat([timestampTag(90_000), ...frames])
      const stored = encryptPackedAudio({ body, key, iv })
      expect(stored).not.toEqual(body)
      expect(unsealPacked({ format, stored, key, iv })).toEqual(body)
      expect(stored).toEqual(encryptPackedAudio({ body, key, iv }))
    },
  )

  it('keeps tags between its frames, as where segments were put together', () => {
    const sealed = encryptPackedAudio({ body: adts(400), key, iv })
    const stored = Buffer.concat([sealed, timestampTag(1), sealed, Buffer.from('TAG'.padEnd(128))])
    const clear = Buffer.concat([
      adts(400),
      timestampTag(1),
      adts(400),
      Buffer.from('TAG'.padEnd(128)),
    ])
    expect(unsealPacked({ format: 'aac', stored, key, iv })).toEqual(clear)
  })

  it('says so where a file is not what was stored', () => {
    const stored = Buffer.concat([adts(400), Buffer.alloc(50)])
    expect(() => unsealPacked({ format: 'aac', stored, key, iv })).toThrow(
      'A stored segment could not be decrypted whole.',
    )
    expect(() => unsealPacked({ format: 'ac3', stored: adts(40), key, iv })).toThrow()
  })
})
