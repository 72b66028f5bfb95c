import { describe, expect, it } from 'vitest'
import type { MultivariantPlaylist, Rendition } from '../../../../src-main/hls/playlist'
import { streamsOf } from '../../../../src-main/recorder/source/choose-streams'
import { mediaPlaylist } from '../../../support/playlists'

const choice = { quality: 'best', audio: 'all', subtitles: 'all' }
const rendition = (name: string, more: Partial<Rendition> = {}): Rendition => ({
  type: 'AUDIO',
  groupId: 'g',
  name,
  uri: `https://h/${name}.m3u8`,
  isDefault: false,
  autoselect: false,
  ...more,
})
const playlist: MultivariantPlaylist = {
  kind: 'multivariant',
  variants: [
    {
      uri: 'https://h/720.m3u8',
      bandwidth: 1000,
      resolution: { width: 1280, height: 720 },
      codecs: 'avc1.64001f,mp4a.40.2',
      audioGroup: 'g',
      subtitlesGroup: 'g',
      closedCaptionsGroup: 'g',
    },
  ],
  renditions: [
    rendition('de', { language: 'de', channels: '6' }),
    rendition('en', { language: 'en', isDefault: true }),
    rendition('signs', { type: 'SUBTITLES', language: 'en', forced: true }),
    rendition('CC', { type: 'CLOSED-CAPTIONS', instreamId: 'CC1', language: 'en' }),
    rendition('odd', { type: 'CLOSED-CAPTIONS' }),
  ],
  sessionKeys: [],
}

describe('the streams of a source', () => {
  it('are the variant stream, the sounds and the subtitles, described', () => {
    const streams = streamsOf({ playlist, url: 'https://h/main.m3u8', choice, known: [] })
    expect(streams).toMatchObject([
      {
        playlistUrl: 'https://h/720.m3u8',
        info: {
          id: 'v0',
          kind: 'video',
          closedCaptions: [{ instreamId: 'CC1', name: 'CC', language: 'en', isDefault: false }],
        },
      },
      { playlistUrl: 'https://h/en.m3u8', info: { id: 'a0', language: 'en', isDefault: true } },
      { playlistUrl: 'https://h/de.m3u8', info: { id: 'a1', language: 'de', channels: '6' } },
      { playlistUrl: 'https://h/signs.m3u8', info: { id: 's0', kind: 'subtitles', forced: true } },
    ])
    expect(streams[0]?.info).not.toHaveProperty('innerAudio')
  })

  it('keep their ids when only one language is wanted later', () => {
    const known = streamsOf({ playlist, url: '', choice, known: [] }).map(({ info }) => info)
    const later = streamsOf({ playlist, url: '', choice: { ...choice, audio: 'de' }, known })
    expect(later.map(({ info }) => info.id)).toEqual(['v0', 'a1', 's0'])
  })

  it('name the sound inside the variant stream where there is other sound beside it', () => {
    const { uri: _uri, ...inside } = rendition('en', { language: 'en', isDefault: true })
    const renditions = [inside, rendition('de', { language: 'de' })]
    const [all] = streamsOf({ playlist: { ...playlist, renditions }, url: '', choice, known: [] })
    expect(all?.info.innerAudio).toEqual({ name: 'en', language: 'en' })
    const usual = { ...choice, audio: 'default' }
    const [alone, ...others] = streamsOf({
      playlist: { ...playlist, renditions },
      url: '',
      choice: usual,
      known: [],
    })
    expect(alone?.info).not.toHaveProperty('innerAudio')
    expect(others).toEqual([])
  })

  it('are one for a media playlist', () => {
    const media = mediaPlaylist({ first: 0, count: 1 })
    expect(streamsOf({ playlist: media, url: 'https://h/a.m3u8', choice, known: [] })).toEqual([
      {
        playlistUrl: 'https://h/a.m3u8',
        info: { id: 'v0', kind: 'video', codecs: '', bandwidth: 0 },
      },
    ])
  })
})
