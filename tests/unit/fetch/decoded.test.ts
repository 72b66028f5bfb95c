import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { decoded } from '../../../src-main/fetch/decoded'

const read = async (body: Readable) => Buffer.concat(await body.toArray()).toString()

it('leaves a body alone that is not compressed, or by something unknown', () => {
  const body = Readable.from([])
  expect(decoded(body, undefined)).toBe(body)
  expect(decoded(body, 'identity')).toBe(body)
  expect(decoded(body, 'constructor')).toBe(body)
})

it('takes compression off, and fails where the body is cut', async () => {
  const packed = gzipSync('segment')
  expect(await read(decoded(Readable.from([packed]), ' GZIP'))).toBe('segment')
  const cut = decoded(Readable.from([packed.subarray(0, packed.length - 4)]), 'gzip')
  await expect(read(cut)).rejects.toThrow()
})
