import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { etagOf, partBytesFor, splitFile } from '../../../src-main/upload/file-plan'

const MB = 1024 * 1024
const GB = 1024 * MB

describe('a file', () => {
  it.each([0, 1, 8 * MB, 8 * MB + 1, 100 * MB + 7])('of %i bytes is split whole', (bytes) => {
    const parts = splitFile(bytes)
    let at = 0
    for (const [index, part] of parts.entries()) {
      expect(part).toMatchObject({ number: index + 1, startByte: at })
      at += part.bytes
    }
    expect(at).toBe(bytes)
  })

  it('that is small is one part, and so is one without a byte', () => {
    expect([0, 1, 8 * MB].map((bytes) => splitFile(bytes).length)).toEqual([1, 1, 1])
    expect(splitFile(8 * MB + 1)).toHaveLength(2)
  })

  it.each([80 * GB, 1000 * GB, 5000 * GB])(
    'of %i bytes has no more parts than stores take',
    (bytes) => {
      const partBytes = partBytesFor(bytes)
      expect(Math.ceil(bytes / partBytes)).toBeLessThanOrEqual(10_000)
      expect(partBytes).toBeLessThan(GB)
    },
  )
})

it('an object of one part goes by its MD5, one of several by that of their MD5s', () => {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  expect(etagOf([md5('a')])).toBe(md5('a'))
  const both = createHash('md5')
    .update(Buffer.from(md5('a') + md5('b'), 'hex'))
    .digest('hex')
  expect(etagOf([md5('a'), md5('b')])).toBe(`${both}-2`)
})
