import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { type Body, bodyOfStream } from '../../../src-main/fetch/body'
import { decoded } from '../../../src-main/fetch/decoded'

const bodyOf = (...chunks: Uint8Array[]): Body => bodyOfStream(Readable.from(chunks))

/** All of a body; rejects where it ends early. */
const read = (body: Body): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ''
    body.begin({
      onData(chunk) {
        text += Buffer.from(chunk).toString('latin1')
      },
      onEnd: () => resolve(text),
      onError: (cause) => reject(cause instanceof Error ? cause : new Error('cut off')),
    })
  })

it('leaves a body alone that is not compressed, or by something unknown', () => {
  const body = bodyOf()
  expect(decoded(body, null)).toBe(body)
  expect(decoded(body, 'identity')).toBe(body)
  expect(decoded(body, 'constructor')).toBe(body)
})

it('takes compression off, and fails where the body is cut', async () => {
  const packed = gzipSync('segment')
  expect(await read(decoded(bodyOf(packed), ' GZIP'))).toBe('segment')
  const cut = decoded(bodyOf(packed.subarray(0, packed.length - 4)), 'gzip')
  await expect(read(cut)).rejects.toThrow()
})
