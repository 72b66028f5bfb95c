import { describe, expect, it } from 'vitest'
import { createLengthCheck, isClearlyCut } from '../../../../src-main/recorder/framing/length-check'
import { createFramingCheck } from '../../../../src-main/recorder/framing/media-framing'
import type { PlannedSegment } from '../../../../src-main/recorder/plan'
import { pesPacket, tsMedia } from '../../../support/pes-media'
import { mediaPlaylist, onlyStream } from '../../../support/playlists'

const [segment] = mediaPlaylist({ first: 0, count: 1, durationSec: 6 }).segments
const planned = (): PlannedSegment => {
  if (segment === undefined) throw new Error('a playlist of one segment has one')
  return { epoch: 0, startMs: 0, segment, stream: onlyStream }
}
const mediaSecOf = (...chunks: readonly Uint8Array[]) => {
  const check = createFramingCheck({ expect: 'segment' })
  for (const chunk of chunks) check.push(chunk)
  check.finish()
  return check.mediaSec()
}

describe('how long the media of a segment are', () => {
  it('F14 is read from the timestamps of MPEG-TS, of picture or sound', () => {
    expect(mediaSecOf(tsMedia(6))).toBeCloseTo(5.96, 3)
    const sound = [pesPacket(1, { streamId: 0xc0 }), pesPacket(3.5, { streamId: 0xc0 })]
    expect(mediaSecOf(Buffer.concat(sound))).toBeCloseTo(2.5, 3)
  })

  it('is read whatever the chunks are', () => {
    const media = tsMedia(6)
    const chunks = Array.from({ length: Math.ceil(media.length / 1000) }, (_, at) =>
      media.subarray(at * 1000, (at + 1) * 1000),
    )
    expect(mediaSecOf(...chunks)).toBeGreaterThan(5.8)
  })

  it('holds for timestamps near the end of their 33 bits', () => {
    expect(mediaSecOf(tsMedia(6, 95_430))).toBeCloseTo(5.96, 3)
  })

  it('is unknown where no timestamp was seen', () => {
    const packet = Buffer.concat([Buffer.of(0x47), Buffer.alloc(187)])
    expect(mediaSecOf(packet)).toBeUndefined()
    expect(mediaSecOf(pesPacket(5, { streamId: 0xbe }))).toBeUndefined()
  })
})

describe('isClearlyCut', () => {
  it.each([
    [5.96, 6, false],
    [3, 6, false],
    [2.9, 6, true],
    [0, 6, true],
    [0.2, 1, false],
    [undefined, 6, false],
  ])('%s s of %s s: %s', (mediaSec, durationSec, expected) => {
    expect(isClearlyCut(mediaSec, durationSec)).toBe(expected)
  })
})

describe('createLengthCheck', () => {
  it('F14 refuses a body that is clearly cut, and takes the whole one that comes next', () => {
    const lengths = createLengthCheck()
    const one = planned()
    expect(() => lengths.check(one, { bytes: 300, mediaSec: 1.2 })).toThrow(/1\.2 of 6\.0 s/)
    expect(() => lengths.check(one, { bytes: 200, mediaSec: 0.8 })).toThrow(/0\.8 of 6\.0 s/)
    lengths.check(one, { bytes: 900, mediaSec: 5.9 })
  })

  it('F14 takes what the source has, and believes its durations no more', () => {
    const lengths = createLengthCheck()
    const one = planned()
    expect(() => lengths.check(one, { bytes: 300, mediaSec: 1.2 })).toThrow('1.2 of 6.0 s came')
    lengths.check(one, { bytes: 300, mediaSec: 1.2 })
    lengths.check(planned(), { bytes: 250, mediaSec: 1 })
  })
})
