import { describe, expect, it } from 'vitest'
import { VsrError } from '../../../../src-preload/contract/errors'
import { createFramingCheck } from '../../../../src-main/recorder/framing/media-framing'

const packets = (count: number): Buffer =>
  Buffer.concat(
    Array.from({ length: count }, (_, at) =>
      Buffer.concat([Buffer.of(0x47, at & 0xff), Buffer.alloc(186)]),
    ),
  )
const box = (type: string, payload: number): Buffer => {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(8 + payload)
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, Buffer.alloc(payload, 7)])
}
const largeBox = (type: string, payload: number): Buffer => {
  const header = Buffer.alloc(16)
  header.writeUInt32BE(1)
  header.write(type, 4, 'latin1')
  header.writeBigUInt64BE(BigInt(16 + payload), 8)
  return Buffer.concat([header, Buffer.alloc(payload, 7)])
}
const openBox = (type: string, payload: number): Buffer => {
  const whole = box(type, payload)
  whole.writeUInt32BE(0)
  return whole
}
const adtsFrame = (payload: number): Buffer => {
  const length = 7 + payload
  const header = Buffer.of(
    0xff,
    0xf1,
    0x50,
    0x80 | (length >> 11),
    (length >> 3) & 0xff,
    ((length & 7) << 5) | 0x1f,
    0xfc,
  )
  return Buffer.concat([header, Buffer.alloc(payload, 3)])
}
const id3 = (payload: number): Buffer =>
  Buffer.concat([
    Buffer.from('ID3'),
    Buffer.of(4, 0, 0, 0, 0, payload >> 7, payload & 0x7f),
    Buffer.alloc(payload),
  ])

const frame = (header: readonly number[], bytes: number): Buffer =>
  Buffer.concat([Buffer.from(header), Buffer.alloc(bytes - header.length, 5)])
const mp3Frames = [
  // MPEG 1 layer III, 128 kbit/s, 44.1 kHz, without and with padding.
  frame([0xff, 0xfb, 0x90, 0], 417),
  frame([0xff, 0xfb, 0x92, 0], 418),
  // MPEG 2 layer III, 64 kbit/s, 22.05 kHz; MPEG 2.5 layer III, 32 kbit/s, 11.025 kHz.
  frame([0xff, 0xf3, 0x80, 0], 208),
  frame([0xff, 0xe3, 0x40, 0], 208),
  // MPEG 1 layer II, 192 kbit/s, 48 kHz; layer I, 256 kbit/s, 32 kHz.
  frame([0xff, 0xfd, 0xa4, 0], 576),
  frame([0xff, 0xff, 0x88, 0], 384),
]
const id3v1 = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125)])
const ac3Frames = [
  // 48 kHz, 96 kbit/s; 44.1 kHz, 32 kbit/s, short and long; 32 kHz, 64 kbit/s.
  frame([0x0b, 0x77, 0, 0, 0x0c, 0x40], 384),
  frame([0x0b, 0x77, 0, 0, 0x40, 0x40], 138),
  frame([0x0b, 0x77, 0, 0, 0x41, 0x40], 140),
  frame([0x0b, 0x77, 0, 0, 0x88, 0x40], 384),
]
const eac3Frame = frame([0x0b, 0x77, 0x01, 0x7f, 0x3f, 0x87], 768)

/** What the check makes of a body that comes in pieces of `size` bytes. */
function outcome(body: Buffer, size: number, expect: 'segment' | 'init' = 'segment'): string {
  const check = createFramingCheck({ expect })
  try {
    for (let at = 0; at < body.length; at += size) check.push(body.subarray(at, at + size))
    return check.finish()
  } catch (error) {
    if (error instanceof VsrError) return error.code
    throw error
  }
}

const fragment = Buffer.concat([
  box('styp', 16),
  box('sidx', 44),
  box('moof', 300),
  box('mdat', 5000),
])
const html = Buffer.from('<!DOCTYPE html><html><body>Please sign in</body></html>')

describe('createFramingCheck', () => {
  const cases: [string, Buffer, string][] = [
    ['whole MPEG-TS packets', packets(20), 'ts'],
    ['F14 MPEG-TS closed off a packet edge', packets(20).subarray(0, 188 * 19 + 50), 'truncated'],
    ['F14 MPEG-TS cut inside its first packet', packets(1).subarray(0, 100), 'truncated'],
    ['MPEG-TS that loses its sync', Buffer.concat([packets(3), Buffer.alloc(376)]), 'not_media'],
    ['an fMP4 fragment', fragment, 'm4s'],
    ['F14 a fragment cut inside mdat', fragment.subarray(0, fragment.length - 10), 'truncated'],
    [
      'F14 a fragment without its mdat',
      Buffer.concat([box('styp', 16), box('moof', 300)]),
      'truncated',
    ],
    ['F14 a fragment cut inside a box header', fragment.subarray(0, 24 + 4), 'truncated'],
    [
      'a fragment with a 64-bit mdat',
      Buffer.concat([box('moof', 30), largeBox('mdat', 90)]),
      'm4s',
    ],
    [
      'F14 a 64-bit mdat cut short',
      Buffer.concat([box('moof', 30), largeBox('mdat', 90)]).subarray(0, 100),
      'truncated',
    ],
    [
      'an mdat that reaches to the end',
      Buffer.concat([box('moof', 30), openBox('mdat', 90)]),
      'm4s',
    ],
    [
      'boxes that turn into something else',
      Buffer.concat([box('moof', 30), box('????', 9)]),
      'not_media',
    ],
    [
      'a box smaller than its header',
      Buffer.concat([box('moof', 30), Buffer.of(0, 0, 0, 4), Buffer.from('mdat')]),
      'not_media',
    ],
    ['packed AAC', Buffer.concat([adtsFrame(200), adtsFrame(31)]), 'aac'],
    ['packed AAC behind ID3', Buffer.concat([id3(300), adtsFrame(200)]), 'aac'],
    ['packed AAC behind two ID3 tags', Buffer.concat([id3(5), id3(63), adtsFrame(200)]), 'aac'],
    [
      'F14 AAC cut inside a frame',
      Buffer.concat([adtsFrame(200), adtsFrame(200)]).subarray(0, 300),
      'truncated',
    ],
    ['AAC that loses its frames', Buffer.concat([adtsFrame(200), Buffer.alloc(20)]), 'not_media'],
    ['AAC with a tag between frames', Buffer.concat([adtsFrame(9), id3(63), adtsFrame(9)]), 'aac'],
    ['packed MP3', Buffer.concat([id3(20), ...mp3Frames]), 'mp3'],
    ['packed MP3 with a tag at its end', Buffer.concat([...mp3Frames, id3v1]), 'mp3'],
    ['F14 MP3 cut inside a frame', Buffer.concat(mp3Frames).subarray(0, 700), 'truncated'],
    ['F14 MP3 cut inside a header', Buffer.concat(mp3Frames).subarray(0, 419), 'truncated'],
    ['MP3 that loses its frames', Buffer.concat([...mp3Frames, Buffer.alloc(9)]), 'not_media'],
    ['MP3 of a free bit rate', Buffer.concat([frame([0xff, 0xfb, 0x00, 0], 500)]), 'mp3'],
    ['packed AC-3', Buffer.concat([id3(63), ...ac3Frames]), 'ac3'],
    ['packed E-AC-3', Buffer.concat([id3(63), eac3Frame, eac3Frame]), 'ac3'],
    ['F14 AC-3 cut inside a frame', Buffer.concat(ac3Frames).subarray(0, 500), 'truncated'],
    [
      'F14 E-AC-3 cut inside a frame',
      Buffer.concat([eac3Frame, eac3Frame.subarray(9)]),
      'not_media',
    ],
    ['AC-3 of a sample rate that is none', frame([0x0b, 0x77, 0, 0, 0xc0, 0x40], 200), 'not_media'],
    ['WebVTT', Buffer.from('WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n'), 'vtt'],
    ['WebVTT with a byte order mark', Buffer.from('\ufeffWEBVTT\n\n'), 'vtt'],
    ['F15 an HTML page', html, 'not_media'],
    ['F15 JSON', Buffer.from('{"error":"token expired"}'), 'not_media'],
    ['F12 nothing', Buffer.alloc(0), 'truncated'],
    ['only an ID3 tag', id3(30), 'truncated'],
    ['a few bytes', Buffer.from('ok'), 'not_media'],
  ]
  it.each(cases)('%s', (_, body, expected) => {
    for (const size of [1, 7, 188, 1000, 1 << 20])
      expect(outcome(body, size), `${size}`).toBe(expected)
  })

  it('wants moov of an initialization section', () => {
    expect(outcome(Buffer.concat([box('ftyp', 20), box('moov', 600)]), 100, 'init')).toBe('mp4')
    expect(outcome(box('ftyp', 20), 100, 'init')).toBe('truncated')
    expect(outcome(html, 100, 'init')).toBe('not_media')
  })

  it('F15 says that a web page came instead of media', () => {
    const check = createFramingCheck({ expect: 'segment' })
    expect(() => check.push(html)).toThrow(/web page/)
  })
})
