import { describe, expect, it } from 'vitest'
import type { MultivariantPlaylist, Rendition, VariantStream } from '../../../src-main/hls/playlist'
import { selectStreams } from '../../../src-main/hls/select-variant'

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
const rendition = (name: string, more: Partial<Rendition> = {}): Rendition => ({
  type: 'AUDIO',
  groupId: 'aac',
  name,
  uri: `https://h/${name}.m3u8`,
  isDefault: false,
  autoselect: false,
  ...more,
})
const playlist = (
  variants: VariantStream[],
  renditions: Rendition[] = [],
): MultivariantPlaylist => ({ kind: 'multivariant', variants, renditions, sessionKeys: [] })

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
    expect(selectStreams(ladder, quality).variant.bandwidth).toBe(bandwidth)
  })

  it('takes sound alone only where there is nothing else', () => {
    const radio = playlist([audioOnly(64_000), audioOnly(128_000)])
    expect(selectStreams(radio, 'best').variant.bandwidth).toBe(128_000)
    expect(selectStreams(radio, '720p').variant.bandwidth).toBe(128_000)
  })

  it('takes the higher frame rate where nothing else differs', () => {
    const both = playlist([
      variant(720, 1000, { frameRate: 50, uri: 'https://h/50' }),
      variant(720, 1000, { frameRate: 25, uri: 'https://h/25' }),
    ])
    expect(selectStreams(both, 'best').variant.uri).toBe('https://h/50')
  })

  it('says so where there is none', () => {
    expect(() => selectStreams(playlist([]), 'best')).toThrow(
      expect.objectContaining({ code: 'no_matching_variant' }),
    )
  })
})

describe('the choice of the audio rendition', () => {
  const withGroup = [variant(720, 1000, { audioGroup: 'aac' })]
  const audioOf = (renditions: Rendition[]) =>
    selectStreams(playlist(withGroup, renditions), 'best').audio?.name

  it('is the default one, else an autoselected one, else the first', () => {
    const [a, b, c] = [
      rendition('a'),
      rendition('b', { autoselect: true }),
      rendition('c', { isDefault: true, autoselect: true }),
    ]
    expect(audioOf([a, b, c])).toBe('c')
    expect(audioOf([a, b])).toBe('b')
    expect(audioOf([a])).toBe('a')
  })

  it('is of the group of the variant stream', () => {
    expect(audioOf([rendition('x', { groupId: 'ac3', isDefault: true }), rendition('y')])).toBe('y')
  })

  it('is left out where the sound is inside the variant stream', () => {
    const { uri: _uri, ...inside } = rendition('inside', { isDefault: true })
    expect(audioOf([inside, rendition('other')])).toBeUndefined()
    const alone = playlist([variant(720, 1000)], [rendition('a', { isDefault: true })])
    expect(selectStreams(alone, 'best').audio).toBeUndefined()
  })
})
