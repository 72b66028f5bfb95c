import { describe, expect, it } from 'vitest'
import type { MultivariantPlaylist, VariantStream } from '../../../../src-main/hls/playlist'
import { selectVariant } from '../../../../src-main/hls/choose/select-variant'

const variant = (height: number, bandwidth: number, more: Partial<VariantStream> = {}) => ({
  uri: `https://h/${height}-${bandwidth}.m3u8`,
  bandwidth,
  resolution: { width: Math.round((height * 16) / 9), height },
  codecs: 'avc1.640028,mp4a.40.2',
  ...more,
})
const audioOnly = (bandwidth: number): VariantStream => ({
  uri: `https://h/audio-${bandwidth}.m3u8`,
  bandwidth,
  codecs: 'mp4a.40.2',
})
const playlist = (variants: VariantStream[]): MultivariantPlaylist => ({
  kind: 'multivariant',
  variants,
  renditions: [],
  sessionKeys: [],
})

const ladder = playlist([
  audioOnly(64_000),
  variant(720, 3_000_000),
  variant(1080, 5_000_000),
  variant(1080, 8_000_000),
  variant(360, 800_000),
])

describe('the choice of the variant stream', () => {
  it.each([
    ['best', 8_000_000],
    ['worst', 800_000],
    ['1080p', 8_000_000],
    ['900p', 3_000_000],
    ['720p', 3_000_000],
    ['240p', 800_000],
    ['5000000', 5_000_000],
    ['4999999', 3_000_000],
    ['100000', 800_000],
  ])('%s takes %i bit/s', (quality, bandwidth) => {
    expect(selectVariant(ladder, quality).bandwidth).toBe(bandwidth)
  })

  it('takes sound alone only where there is nothing else', () => {
    const radio = playlist([audioOnly(64_000), audioOnly(128_000)])
    expect(selectVariant(radio, 'best').bandwidth).toBe(128_000)
    expect(selectVariant(radio, '720p').bandwidth).toBe(128_000)
  })

  it('takes the higher frame rate where nothing else differs', () => {
    const both = playlist([
      variant(720, 1000, { frameRate: 50, uri: 'https://h/50' }),
      variant(720, 1000, { frameRate: 25, uri: 'https://h/25' }),
    ])
    expect(selectVariant(both, 'best').uri).toBe('https://h/50')
  })

  it('says so where there is none', () => {
    expect(() => selectVariant(playlist([]), 'best')).toThrow(
      expect.objectContaining({ code: 'no_matching_variant' }),
    )
  })
})
