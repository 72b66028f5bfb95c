import { describe, expect, it } from 'vitest'
import type { MultivariantPlaylist, VariantStream } from '../../../../src-main/hls/playlist'
import { qualityLadder } from '../../../../src-main/hls/choose/quality-ladder'

const variant = (height: number, bandwidth: number, patch: Partial<VariantStream> = {}) => ({
  uri: `u${height}-${bandwidth}`,
  bandwidth,
  codecs: 'avc1.4d401f,mp4a.40.2',
  resolution: { width: height * 2, height },
  ...patch,
})
const chosen = variant(1080, 5000)
const playlist: MultivariantPlaylist = {
  kind: 'multivariant',
  variants: [
    variant(240, 300),
    chosen,
    variant(2160, 15_000),
    variant(720, 3000),
    variant(480, 1000),
    variant(480, 1000, { uri: 'copy' }),
    variant(720, 2000, { codecs: 'hvc1.1.6.L93' }),
    variant(360, 700, { audioGroup: 'a' }),
    { uri: 'sound', bandwidth: 64, codecs: 'mp4a.40.2' },
  ],
  renditions: [],
  sessionKeys: [],
}
const rates = (lowest: string) =>
  qualityLadder(playlist, chosen, lowest).map(({ bandwidth }) => bandwidth)

describe('qualityLadder', () => {
  it('is the chosen quality alone where the person wants no other', () => {
    expect(rates('off')).toEqual([5000])
  })

  it('goes down to what the person allows, never above what was chosen, in one kind of encoding', () => {
    expect(rates('worst')).toEqual([5000, 3000, 1000, 300])
    expect(rates('480p')).toEqual([5000, 3000, 1000])
    expect(rates('1080p')).toEqual([5000])
  })
})
