import { describe, expect, it } from 'vitest'
import { assignTrackIds, type NamelessTrack } from '../../../../src-main/recorder/source/track-ids'

const audio = (name: string, language?: string, more: Partial<NamelessTrack> = {}) => ({
  kind: 'audio' as const,
  codecs: '',
  bandwidth: 0,
  name,
  ...(language === undefined ? {} : { language }),
  ...more,
})
const idsOf = (...args: Parameters<typeof assignTrackIds>) =>
  assignTrackIds(...args).map(({ id, name }) => `${id}=${name}`)

describe('the ids of tracks', () => {
  const first = [audio('English', 'en', { isDefault: true }), audio('Deutsch', 'de')]
  const known = assignTrackIds(first, [])

  it('count from 0 per kind', () => {
    expect(known.map(({ id }) => id)).toEqual(['a0', 'a1'])
    const subtitles = { ...audio('English', 'en'), kind: 'subtitles' as const }
    expect(idsOf([subtitles], known)).toEqual(['s0=English'])
  })

  it('stay when the source lists renditions in another order, or only some of them', () => {
    expect(idsOf(first.toReversed(), known)).toEqual(['a1=Deutsch', 'a0=English'])
    expect(idsOf([audio('Deutsch', 'de')], known)).toEqual(['a1=Deutsch'])
  })

  it('are never used again for another rendition', () => {
    expect(idsOf([audio('Français', 'fr'), audio('Deutsch', 'de')], known)).toEqual([
      'a2=Français',
      'a1=Deutsch',
    ])
  })

  it('stay when a rendition is renamed, and when the default one changes its language', () => {
    expect(idsOf([audio('English (Stereo)', 'en')], known)).toEqual(['a0=English (Stereo)'])
    expect(idsOf([audio('Hausa', 'ha', { isDefault: true })], known)).toEqual(['a0=Hausa'])
  })

  it('keep renditions apart that are named alike', () => {
    const twins = [audio('x'), audio('x')]
    const knownTwins = assignTrackIds(twins, [])
    expect(idsOf(twins, knownTwins)).toEqual(['a0=x', 'a1=x'])
  })
})
