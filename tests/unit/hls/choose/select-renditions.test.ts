import { describe, expect, it } from 'vitest'
import type {
  MultivariantPlaylist,
  Rendition,
  VariantStream,
} from '../../../../src-main/hls/playlist'
import {
  selectAudio,
  selectClosedCaptions,
  selectSubtitles,
} from '../../../../src-main/hls/choose/select-renditions'

const variant: VariantStream = {
  uri: 'https://h/720.m3u8',
  bandwidth: 1000,
  codecs: '',
  audioGroup: 'aac',
  subtitlesGroup: 'subs',
  closedCaptionsGroup: 'cc',
}
const rendition = (name: string, more: Partial<Rendition> = {}): Rendition => ({
  type: 'AUDIO',
  groupId: 'aac',
  name,
  uri: `https://h/${name}.m3u8`,
  isDefault: false,
  autoselect: false,
  ...more,
})
const playlistOf = (...renditions: Rendition[]): MultivariantPlaylist => ({
  kind: 'multivariant',
  variants: [variant],
  renditions,
  sessionKeys: [],
})
const withoutUri = ({ uri: _uri, ...rest }: Rendition): Rendition => rest

describe('the choice of audio renditions', () => {
  const namesOf = (choice: string, ...renditions: Rendition[]) =>
    selectAudio(playlistOf(...renditions), variant, choice).separate.map(({ name }) => name)

  it('is the default one, else an autoselected one, else the first', () => {
    const [a, b, c] = [
      rendition('a'),
      rendition('b', { autoselect: true }),
      rendition('c', { isDefault: true, autoselect: true }),
    ]
    expect(namesOf('default', a, b, c)).toEqual(['c'])
    expect(namesOf('default', a, b)).toEqual(['b'])
    expect(namesOf('default', a)).toEqual(['a'])
  })

  it('is of the group of the variant stream', () => {
    const other = rendition('x', { groupId: 'ac3', isDefault: true })
    expect(namesOf('all', other, rendition('y'))).toEqual(['y'])
  })

  it('is all of them, the default one first', () => {
    const all = [rendition('a'), rendition('b', { isDefault: true }), rendition('c')]
    expect(namesOf('all', ...all)).toEqual(['b', 'a', 'c'])
  })

  it('is those of the wanted languages, however they are written', () => {
    const all = [
      rendition('English', { language: 'en-US', isDefault: true }),
      rendition('Deutsch', { language: 'deu' }),
      rendition('Français', { language: 'fr' }),
      rendition('?', { language: '…' }),
      rendition('none'),
    ]
    expect(namesOf('de, EN', ...all)).toEqual(['English', 'Deutsch'])
    expect(namesOf('en-GB,fra', ...all)).toEqual(['Français'])
  })

  it('falls back to the default one where no language fits', () => {
    const all = [rendition('a'), rendition('b', { language: 'fr', isDefault: true })]
    expect(namesOf('ja', ...all)).toEqual(['b'])
  })

  it('leaves out the sound that is inside the variant stream, and names it', () => {
    const inside = withoutUri(rendition('inside', { isDefault: true }))
    const same = rendition('same', { uri: variant.uri, isDefault: true })
    const other = rendition('other')
    for (const [first, name] of [
      [inside, 'inside'],
      [same, 'same'],
    ] as const) {
      expect(selectAudio(playlistOf(first, other), variant, 'default')).toMatchObject({
        separate: [],
        inside: { name },
      })
      expect(selectAudio(playlistOf(first, other), variant, 'all')).toMatchObject({
        separate: [{ name: 'other' }],
        inside: { name },
      })
    }
  })

  it('is empty for a variant stream without a group, and bounded for one with too many', () => {
    const many = Array.from({ length: 100 }, (_, at) => rendition(`r${at}`))
    expect(namesOf('all', ...many)).toHaveLength(32)
    const { audioGroup: _group, ...alone } = variant
    expect(selectAudio(playlistOf(...many), alone, 'all')).toEqual({ separate: [] })
  })
})

describe('the choice of subtitles', () => {
  const subtitles = (name: string, language: string) =>
    rendition(name, { type: 'SUBTITLES', groupId: 'subs', language })
  const playlist = playlistOf(
    subtitles('English', 'en'),
    subtitles('Deutsch', 'de'),
    rendition('sound'),
    withoutUri(subtitles('nowhere', 'en')),
  )
  it.each([
    ['all', ['English', 'Deutsch']],
    ['none', []],
    ['de', ['Deutsch']],
    ['fr', []],
  ])('%s', (choice, names) => {
    expect(selectSubtitles(playlist, variant, choice).map(({ name }) => name)).toEqual(names)
  })
})

describe('closed captions', () => {
  const cc1 = rendition('CC', { type: 'CLOSED-CAPTIONS', groupId: 'cc', instreamId: 'CC1' })
  it('are those of the group; none where the stream says so; unknown where it says nothing', () => {
    expect(selectClosedCaptions(playlistOf(cc1), variant)).toEqual([cc1])
    expect(
      selectClosedCaptions(playlistOf(cc1), { ...variant, closedCaptionsGroup: 'NONE' }),
    ).toEqual([])
    const { closedCaptionsGroup: _group, ...silent } = variant
    expect(selectClosedCaptions(playlistOf(cc1), silent)).toBeUndefined()
    expect(selectClosedCaptions(playlistOf(), variant)).toBeUndefined()
  })
})
