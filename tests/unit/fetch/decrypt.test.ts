import { createCipheriv } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { collectBody } from '../../../src-main/fetch/collect-body'
import { decryptAes128, ivOf } from '../../../src-main/fetch/decrypt'

const key = Uint8Array.from({ length: 16 }, (_, i) => 200 - i)
const iv = Uint8Array.from({ length: 16 }, (_, i) => i)

const encrypt = (plain: Uint8Array): Uint8Array => {
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  return Buffer.concat([cipher.update(plain), cipher.final()])
}

const decrypt = async (data: Uint8Array, size: number, withKey = key): Promise<Buffer> => {
  const sink = decryptAes128(collectBody(), withKey, iv)
  for (let at = 0; at < data.byteLength; at += size) await sink.write(data.subarray(at, at + size))
  return await sink.end()
}

describe('AES-128', () => {
  it.each([0, 1, 15, 16, 17, 188, 10_000])(
    'gives %i bytes back, however they arrive',
    async (n) => {
      const plain = Buffer.alloc(n, 'segment')
      for (const size of [1, 7, 16, 100_000]) {
        expect((await decrypt(encrypt(plain), size)).equals(plain)).toBe(true)
      }
    },
  )

  it.each([0, 1, 17])('F12 a segment cut to %i bytes is truncated', async (n) => {
    const cut = encrypt(Buffer.alloc(1000)).subarray(0, n)
    await expect(decrypt(cut, 100)).rejects.toMatchObject({ code: 'truncated' })
  })

  it('F22 a key that does not fit is told apart', async () => {
    // Of 256 wrong keys one may leave a plausible padding; this one does not.
    const wrong = new Uint8Array(16)
    await expect(decrypt(encrypt(Buffer.alloc(1000)), 100, wrong)).rejects.toMatchObject({
      code: 'not_media',
    })
  })
})

describe('the initialization vector', () => {
  it("is the key's own, else the media sequence number, big-endian", () => {
    const segmentKey = { method: 'AES-128', uri: 'https://h/k' }
    expect(ivOf({ ...segmentKey, iv }, 5)).toBe(iv)
    expect([...ivOf(segmentKey, 0x01_02_03_04_05)]).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5,
    ])
  })
})
