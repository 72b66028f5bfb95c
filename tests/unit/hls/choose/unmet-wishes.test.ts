import { describe, expect, it } from 'vitest'
import { unmetWishes } from '../../../../src-main/hls/choose/unmet-wishes'
import type { MultivariantPlaylist, Rendition } from '../../../../src-main/hls/playlist'
import { mediaPlaylist } from '../../../support/playlists'

const rendition = (type: Rendition['type'], name: string, language: string): Rendition => ({
  type,
  groupId: type,
  name,
  language,
  uri: `http://x/${type}-${language}.m3u8`,
  isDefault: language === 'en',
  autoselect: true,
})
const variant = (height: number, bandwidth: number) => ({
  uri: `http://x/${height}.m3u8`,
  bandwidth,
  codecs: '',
  resolution: { width: (height * 16) / 9, height },
  audioGroup: 'AUDIO',
  subtitlesGroup: 'SUBTITLES',
})
const source: MultivariantPlaylist = {
  kind: 'multivariant',
  variants: [variant(480, 1_000_000), variant(1080, 5_000_000)],
  renditions: [
    rendition('AUDIO', 'English', 'en'),
    rendition('AUDIO', 'Deutsch', 'de'),
    rendition('SUBTITLES', 'English', 'en'),
  ],
  sessionKeys: [],
}
const usual = { quality: 'best', audio: 'default', subtitles: 'all' }
const unmet = (choice: Partial<typeof usual>) => unmetWishes(source, { ...usual, ...choice })

describe('what was asked for and is not there', () => {
  it('is nothing where the source has it, or anything will do', () => {
    expect(unmet({})).toEqual([])
    expect(unmet({ quality: '480p', audio: 'de', subtitles: 'en' })).toEqual([])
    expect(unmet({ quality: 'worst', audio: 'all', subtitles: 'none' })).toEqual([])
    expect(unmet({ quality: '3000000' })).toEqual([])
  })

  it.each([
    ['9000p', '1080p'],
    ['720p', '480p'],
    ['240p', '480p'],
    ['500000', '480p'],
  ])('is the quality %s: %s is taken', (quality, instead) => {
    expect(unmet({ quality })).toEqual([
      { about: 'quality', wanted: quality, offered: ['1080p', '480p'], instead },
    ])
  })

  it('are the languages that are missing, with those that there are', () => {
    expect(unmet({ audio: 'fr' })).toEqual([
      {
        about: 'audio',
        wanted: 'fr',
        offered: ['English (en)', 'Deutsch (de)'],
        instead: 'English (en)',
      },
    ])
    expect(unmet({ audio: 'de,fr,es' })).toMatchObject([
      { wanted: 'fr, es', instead: 'Deutsch (de)' },
    ])
    expect(unmet({ subtitles: 'fr' })).toMatchObject([
      { about: 'subtitles', offered: ['English (en)'], instead: '' },
    ])
  })

  it('is whatever is chosen of a source that offers one stream', () => {
    const media = mediaPlaylist({ first: 1, count: 3 })
    expect(unmetWishes(media, { ...usual, audio: 'fr' })).toEqual([
      { about: 'audio', wanted: 'fr', offered: [], instead: '' },
    ])
    expect(unmetWishes(media, usual)).toEqual([])
  })
})
