import { describe, expect, it } from 'vitest'
import { createVariantIds, recognise } from '../../../../src-main/hls/choose/variant-identity'
import type { VariantStream } from '../../../../src-main/hls/playlist'

const variant = (bandwidth: number, more: Partial<VariantStream> = {}): VariantStream => ({
  uri: `http://x/${bandwidth}-${JSON.stringify(more)}.m3u8`,
  bandwidth,
  codecs: 'avc1.4d401f,mp4a.40.2',
  resolution: { width: 1280, height: 720 },
  frameRate: 25,
  ...more,
})
const full = { resolution: { width: 1920, height: 1080 } }

describe('recognise', () => {
  it('goes by what a variant stream is, not by its bit rate, which sources measure anew', () => {
    const offered = [variant(5_000_000, full), variant(2_400_000)]
    expect(recognise(variant(2_000_000), offered)).toBe(offered[1])
  })

  it.each([
    ['another size', { resolution: { width: 640, height: 360 } }],
    ['other codecs', { codecs: 'hvc1.1.6.L93.B0,mp4a.40.2' }],
    ['another frame rate', { frameRate: 50 }],
    ['sound of its own inside', { audioGroup: 'aac' }],
  ])('does not take %s for the same, though the bit rate is', (_, other) => {
    expect(recognise(variant(2_000_000), [variant(2_000_000, other)])).toBeUndefined()
  })

  it('does not mind in which order codecs are listed', () => {
    const offered = [variant(2_000_000, { codecs: 'mp4a.40.2, avc1.4d401f' })]
    expect(recognise(variant(2_000_000), offered)).toBe(offered[0])
  })

  it('prefers the same group of sound, then the nearest bit rate', () => {
    const aac = variant(2_000_000, { audioGroup: 'aac' })
    const offered = [
      variant(2_000_000, { audioGroup: 'ac3' }),
      variant(2_400_000, { audioGroup: 'aac' }),
      variant(1_900_000, { audioGroup: 'aac' }),
    ]
    expect(recognise(aac, offered)).toBe(offered[2])
    // Another pathway may name its groups otherwise.
    expect(recognise(aac, offered.slice(0, 1))).toBe(offered[0])
  })

  it('takes bit rates that are far apart for two streams', () => {
    expect(recognise(variant(2_000_000), [variant(4_000_000)])).toBeUndefined()
  })

  it('goes by STABLE-VARIANT-ID before everything else, where both have one', () => {
    const known = variant(2_000_000, { stableVariantId: 'hd' })
    const offered = [
      variant(2_000_000, { stableVariantId: 'sd' }),
      variant(6_000_000, { ...full, stableVariantId: 'hd' }),
    ]
    expect(recognise(known, offered)).toBe(offered[1])
    expect(recognise(known, offered.slice(0, 1))).toBeUndefined()
  })
})

describe('createVariantIds', () => {
  it('keeps the name of a stream that is listed with another bit rate', () => {
    const ids = createVariantIds()
    const before = [variant(5_000_000, full), variant(2_000_000)]
    const after = [variant(2_100_000), variant(5_500_000, full), variant(9_000_000, full)]
    const first = ids.take(before)
    const second = ids.take(after)
    expect(before.map((stream) => first.get(stream))).toEqual(['0', '1'])
    expect(after.map((stream) => second.get(stream))).toEqual(['1', '0', '2'])
  })

  it('tells streams apart that differ in their bit rate only, however near', () => {
    const ids = createVariantIds()
    const before = [variant(2_000_000), variant(2_200_000)]
    const first = ids.take(before)
    expect(new Set(first.values()).size).toBe(2)
    const after = [variant(2_200_000), variant(2_000_000)]
    const second = ids.take(after)
    expect(after.map((stream) => second.get(stream))).toEqual(['1', '0'])
  })
})
