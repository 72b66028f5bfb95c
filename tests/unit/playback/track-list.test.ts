import { Parser } from 'm3u8-parser'
import { describe, expect, it } from 'vitest'
import { withoutSound } from '../../../src-main/playback/shown-tracks'
import { needsTrackList, renderTrackList } from '../../../src-main/playback/track-list'
import type { TrackInfo } from '../../../src-main/store/model'
import { createSampleLibrary } from '../../support/sample-library'

function tracksOf(...infos: readonly Partial<TrackInfo>[]) {
  const recording = createSampleLibrary({ dir: '/nowhere' }).add()
  return infos.map((info) => recording.sampleTrack({ bandwidth: 1000, ...info }))
}
const render = (...infos: readonly Partial<TrackInfo>[]) =>
  renderTrackList(tracksOf(...infos), (id) => `stream.m3u8?track=${id}`)
const mediaOf = (text: string) => text.split('\n').filter((line) => line.startsWith('#EXT-X-MEDIA'))
const audio = (id: string, more: Partial<TrackInfo> = {}) => ({
  id,
  kind: 'audio' as const,
  codecs: 'mp4a.40.2',
  ...more,
})

describe('the multivariant playlist of a recording', () => {
  it('labels renditions by name and language, and keeps the default one', () => {
    const text = render(
      { codecs: 'avc1.64001f' },
      audio('a0', { name: 'Deutsch', language: 'de', channels: '6' }),
      audio('a1', { name: 'English', language: 'en', isDefault: true, codecs: 'ec-3' }),
      { id: 's0', kind: 'subtitles', name: 'English', language: 'en' },
      { id: 's1', kind: 'subtitles', name: 'English', language: 'en', forced: true },
    )
    expect(mediaOf(text)).toEqual([
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Deutsch",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="6",URI="stream.m3u8?track=a0"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="stream.m3u8?track=a1"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="English",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,URI="stream.m3u8?track=s0"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="English (s1)",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI="stream.m3u8?track=s1"',
    ])
    expect(text).toContain('CODECS="avc1.64001f,ec-3"')
    expect(text).toContain('AUDIO="audio",SUBTITLES="subtitles"')
  })

  it('is that of the picture and its subtitles where the sound is left out', () => {
    const text = renderTrackList(
      withoutSound(
        tracksOf({ codecs: 'avc1.64001f,mp4a.40.2' }, audio('a0', { isDefault: true }), {
          id: 's0',
          kind: 'subtitles',
        }),
      ),
      (id) => `stream.m3u8?track=${id}`,
    )
    expect(mediaOf(text)).toHaveLength(1)
    expect(text).toContain('CODECS="avc1.64001f"')
    expect(text).not.toContain('AUDIO=')
  })

  it('S10 writes nothing of a hostile name, language or id that could be a line or an attribute', () => {
    const evil = 'x"\r\n#EXT-X-KEY:METHOD=AES-128,URI="http://evil/"\u2028\u202e\u0000'
    const text = render(
      { closedCaptions: [{ instreamId: evil, name: evil, isDefault: false }] },
      audio('a0', { name: evil, language: evil, channels: evil }),
      audio('a1', { name: '"\n', language: '"\n' }),
      { id: 's0', kind: 'subtitles', name: evil },
    )
    const printable = /^[\x20-\x7e]*$/
    for (const line of text.split('\n')) expect(line).toMatch(printable)
    expect(text.split('\n').map((line) => line.split(':')[0])).toEqual([
      '#EXTM3U',
      '#EXT-X-VERSION',
      '#EXT-X-MEDIA',
      '#EXT-X-MEDIA',
      '#EXT-X-MEDIA',
      '#EXT-X-STREAM-INF',
      'stream.m3u8?track=v0',
      '',
    ])
    expect(mediaOf(text).map((line) => line.split('"').length)).toEqual([7, 7, 7])
    expect(text).not.toContain('LANGUAGE')
    expect(text).toContain('NAME="a1"')
  })

  it('has the sound inside the picture as a rendition without a URI', () => {
    const inner = { innerAudio: { name: 'English', language: 'en' } }
    const text = render(inner, audio('a0', { name: 'Deutsch', language: 'de' }))
    expect(mediaOf(text)).toEqual([
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Deutsch",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,URI="stream.m3u8?track=a0"',
    ])
  })

  it('keeps declarations of closed captions, also of a recording of one track', () => {
    const closedCaptions = [
      { instreamId: 'CC1', name: 'English', language: 'en', isDefault: true },
      { instreamId: 'SERVICE64', name: 'none', isDefault: false },
      { instreamId: 'SERVICE2', name: 'English', isDefault: false },
    ]
    const [track] = tracksOf({ closedCaptions })
    expect(track && needsTrackList([track])).toBe(true)
    const text = render({ closedCaptions })
    expect(mediaOf(text)).toEqual([
      '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="captions",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,INSTREAM-ID="CC1"',
      '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="captions",NAME="English (SERVICE2)",DEFAULT=NO,AUTOSELECT=YES,INSTREAM-ID="SERVICE2"',
    ])
    expect(text).toContain('CLOSED-CAPTIONS="captions"')
    const parser = new Parser()
    parser.push(text)
    parser.end()
    expect(parser.manifest.mediaGroups?.['CLOSED-CAPTIONS']).toHaveProperty('captions.English')
  })

  it('says that there are no captions where the source did', () => {
    const [track] = tracksOf({ closedCaptions: [] })
    expect(track && needsTrackList([track])).toBe(false)
    expect(render({ closedCaptions: [] }, audio('a0'))).toContain('CLOSED-CAPTIONS=NONE')
    expect(render({}, audio('a0'))).not.toContain('CLOSED-CAPTIONS')
  })
})
