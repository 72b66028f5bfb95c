import { describe, expect, it } from 'vitest'
import { MediaWriter } from '../../../../src-main/hls/write/media-writer'
import { createRandom } from '../../../support/fault-store-samples'

const newWriter = () => new MediaWriter({ uriStart: 'v0-', uriEnd: '' })

function written(write: (writer: MediaWriter) => void): string {
  const writer = newWriter()
  write(writer)
  return writer.take().toString()
}

describe('MediaWriter', () => {
  it('keeps microseconds, so that a constant error does not add up over days', () => {
    expect(written((writer) => writer.segment(2.0053333333, 1, 'ts'))).toBe(
      '#EXTINF:2.005333,\nv0-1.ts\n',
    )
    expect(written((writer) => writer.segment(1e-9, 1, 'ts'))).toBe('#EXTINF:0,\nv0-1.ts\n')
  })

  it('writes instants as Date does, one after the other and far apart', () => {
    const random = createRandom(4)
    const instants = [0, 1, 999, 59_999, 60_000, 1_790_000_000_000.7, 8_640_000_000_000_000]
    for (let at = 0; at < 500; at += 1) {
      const start = Math.floor(random() * 4e12)
      instants.push(start, start + 4000, start + 59_999, Math.floor(random() * 8.64e15))
    }
    const writer = newWriter()
    for (const ms of instants) writer.programDateTime(ms)
    expect(writer.take().toString()).toBe(
      instants.map((ms) => `#EXT-X-PROGRAM-DATE-TIME:${new Date(ms).toISOString()}\n`).join(''),
    )
  })

  it('writes each of thousands of lengths, indexes and extensions as it is, whatever came before', () => {
    const random = createRandom(5)
    const writer = newWriter()
    let expected = ''
    for (let at = 0; at < 5000; at += 1) {
      const sec = random() < 0.5 ? 4 : Math.round(random() * 1e7) / 1e6
      const index = Math.floor(random() * 10 ** Math.floor(random() * 10))
      const extension = random() < 0.9 ? 'ts' : 'm4s'
      writer.segment(sec, index, extension)
      expected += `#EXTINF:${sec},\nv0-${index}.${extension}\n`
    }
    writer.segment(4, 0xffff_ffff, 'ts')
    expect(writer.take().toString()).toBe(`${expected}#EXTINF:4,\nv0-4294967295.ts\n`)
    expect(writer.take()).toHaveLength(0)
  })

  it('F06 marks a gap with its cause', () => {
    const gap = { index: 9, startMs: 0, durationSec: 11.5, cause: 'sequence-gap' } as const
    expect(written((writer) => writer.gap(gap))).toBe(
      '#EXT-X-DATERANGE:ID="gap-9",CLASS="vsr.gap",START-DATE="1970-01-01T00:00:00.000Z",DURATION=11.5,X-CAUSE="sequence-gap"\n',
    )
  })
})
