import { describe, expect, it } from 'vitest'
import { packedTimestampSec } from '../../../src-main/export/packed-timestamp'
import { timestampTag } from '../../support/packed-audio'

describe('the timestamp of packed audio', () => {
  it('is that of the PRIV frame', () => {
    expect(packedTimestampSec(timestampTag(900_000))).toBe(10)
    expect(packedTimestampSec(timestampTag(2 ** 33 - 90_000))).toBeCloseTo(95_442.7177, 3)
    const behind = Buffer.concat([timestampTag(45_000), Buffer.alloc(100)])
    expect(packedTimestampSec(behind)).toBe(0.5)
  })

  it('is found behind other frames, also in a tag of version 2.3', () => {
    const frame = (id: string, content: Buffer) => {
      const size = Buffer.alloc(4)
      size.writeUInt32BE(content.length)
      return Buffer.concat([Buffer.from(id), size, Buffer.of(0, 0), content])
    }
    const ours = timestampTag(90_000).subarray(20)
    const frames = Buffer.concat([frame('TIT2', Buffer.alloc(30)), frame('PRIV', ours)])
    const header = Buffer.concat([Buffer.from('ID3'), Buffer.of(3, 0, 0, 0, 0, 0, frames.length)])
    expect(packedTimestampSec(Buffer.concat([header, frames]))).toBe(1)
  })

  it('is unknown where there is none, at every length of the file', () => {
    const tag = timestampTag(900_000)
    for (let length = 0; length < tag.length; length += 1) {
      expect(packedTimestampSec(tag.subarray(0, length))).toBeUndefined()
    }
    expect(packedTimestampSec(Buffer.alloc(500, 0xff))).toBeUndefined()
    expect(
      packedTimestampSec(Buffer.concat([Buffer.from('ID3'), Buffer.alloc(500, 0x7f)])),
    ).toBeUndefined()
  })
})
