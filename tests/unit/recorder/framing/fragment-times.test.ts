import { describe, expect, it } from 'vitest'
import { createFramingCheck } from '../../../../src-main/recorder/framing/media-framing'
import { readTrackClocks } from '../../../../src-main/media/track-clocks'
import {
  fragmentOf,
  initOf,
  mp4Box,
  type TestTrack,
  trafOf,
  trunOf,
} from '../../../support/mp4-fragments'

const video: TestTrack = { id: 1, timescale: 12_800 }
const clocks = readTrackClocks(initOf(video))

/** What the framing check makes of a body that comes in pieces of `size` bytes. */
function mediaSecOf(body: Buffer, options: { of?: typeof clocks; size?: number } = {}) {
  const { of = clocks, size = body.length } = options
  const check = createFramingCheck({ expect: 'segment' })
  for (let at = 0; at < body.length; at += size) check.push(body.subarray(at, at + size))
  check.finish()
  return check.mediaSec(of)
}

/** Changes 32 bits that stand so many bytes behind the beginning of the first box of this type. */
function patched(body: Buffer, type: string, offset: number, value: number): Buffer {
  const copy = Buffer.from(body)
  copy.writeUInt32BE(value, copy.indexOf(type, 0, 'latin1') - 4 + offset)
  return copy
}

describe('how long the media of an MP4 segment are', () => {
  it('F14 is the sum of its samples over all fragments', () => {
    const one = fragmentOf(trafOf({ id: 1, runs: [[512, 512], [1024]] }))
    expect(mediaSecOf(Buffer.concat([one, one, one]))).toBeCloseTo((3 * 2048) / 12_800)
  })

  it.each([1, 7, 8, 9, 100])('is read from chunks of %i bytes', (size) => {
    const one = fragmentOf(trafOf({ id: 1, defaultTicks: 512, runs: [25] }))
    expect(mediaSecOf(Buffer.concat([one, one]), { size })).toBeCloseTo(2)
  })

  it('takes the duration that the fragment or the initialization section gives to all samples', () => {
    const ofInit = readTrackClocks(initOf({ ...video, version: 1, defaultTicks: 256 }))
    const given = trafOf({ id: 1, defaultTicks: 512, runs: [50] })
    expect(mediaSecOf(fragmentOf(given), { of: ofInit })).toBeCloseTo(2)
    const open = trafOf({ id: 1, runs: [50, 50] })
    expect(mediaSecOf(fragmentOf(open), { of: ofInit })).toBeCloseTo(2)
  })

  it('is that of the longest track', () => {
    const of = readTrackClocks(initOf(video, { id: 2, timescale: 48_000, defaultTicks: 1024 }))
    const both = fragmentOf(
      trafOf({ id: 2, runs: [10] }),
      trafOf({ id: 1, defaultTicks: 512, runs: [100] }),
    )
    expect(mediaSecOf(both, { of })).toBeCloseTo(4)
  })

  const whole = fragmentOf(trafOf({ id: 1, runs: [[512, 512]] }))
  const manyTracks = Array.from({ length: 40 }, (_, at) =>
    trafOf({ id: at + 1, defaultTicks: 512, runs: [1] }),
  )
  it.each<[string, Buffer]>([
    ['no fragment tells', Buffer.concat([mp4Box('moof', Buffer.alloc(0)), mp4Box('mdat')])],
    ['a track is not in the initialization section', fragmentOf(trafOf({ id: 9, runs: [[512]] }))],
    ['nothing gives the samples a duration', fragmentOf(trafOf({ id: 1, runs: [25] }))],
    ['there are more samples than the box holds', patched(whole, 'trun', 12, 0xffff_ffff)],
    ['a box is larger than the one around it', patched(whole, 'trun', 0, 0x7fff_ffff)],
    ['a box is smaller than its header', patched(whole, 'trun', 0, 4)],
    ['a box has no end', patched(whole, 'tfhd', 0, 0)],
    ['samples come before their track', fragmentOf(mp4Box('traf', trunOf([512])))],
    ['there are too many tracks', fragmentOf(...manyTracks)],
    [
      'a fragment head is too large',
      Buffer.concat([whole, mp4Box('moof', mp4Box('free', Buffer.alloc(2 ** 20))), mp4Box('mdat')]),
    ],
  ])('is unknown where %s', (_what, body) => {
    expect(mediaSecOf(body)).toBeUndefined()
    expect(mediaSecOf(body, { size: 10 })).toBeUndefined()
  })

  it('is unknown without an initialization section', () => {
    const check = createFramingCheck({ expect: 'segment' })
    check.push(whole)
    expect(check.mediaSec()).toBeUndefined()
  })

  it('takes no time over counts that no body can hold', () => {
    const endless = trafOf({ id: 1, defaultTicks: 0xffff_ffff, runs: [0xffff_ffff] })
    expect(mediaSecOf(fragmentOf(endless))).toBeGreaterThan(1e12)
  })
})

describe('readTrackClocks', () => {
  const init = initOf(video)
  it.each<[string, Uint8Array]>([
    ['nothing', Buffer.alloc(0)],
    ['no boxes', Buffer.alloc(1000, 0xff)],
    ['a timescale of 0', initOf({ id: 1, timescale: 0 })],
    ['a track header that is cut', patched(init, 'tkhd', 0, 12)],
    ['a media header that is cut', patched(init, 'mdhd', 0, 12)],
  ])('knows no track from %s', (_what, bytes) => {
    expect(readTrackClocks(bytes).size).toBe(0)
  })

  it('keeps to so many tracks', () => {
    const many = Array.from({ length: 2000 }, (_, at) => ({ id: at + 1, timescale: 1000 }))
    expect(readTrackClocks(initOf(...many)).size).toBeLessThan(100)
  })
})
