import { describe, expect, it } from 'vitest'
import { readHlsFixture as fixture } from '../../../support/hls-fixtures'
import { parseMedia, parseMultivariant, withHead } from '../../../support/parsed-playlists'

describe('a media playlist', () => {
  const playlist = parseMedia(fixture('live.m3u8'))
  const [first, second, third, fourth] = playlist.segments

  it('has its numbering, target duration and type', () => {
    expect(playlist).toMatchObject({
      targetDurationSec: 6,
      mediaSequence: 1418,
      discontinuitySequence: 3,
      endList: false,
    })
    expect(playlist.playlistType).toBeUndefined()
    expect(playlist.segments.map((s) => s.mediaSequence)).toEqual([1418, 1419, 1420, 1421])
    expect(playlist.segments.map((s) => s.discontinuitySequence)).toEqual([3, 3, 3, 4])
    expect(playlist.segments.map((s) => s.discontinuity)).toEqual([false, false, false, true])
    expect(playlist.segments.map((s) => s.durationSec)).toEqual([6.006, 6.006, 5.994, 6])
  })

  it('resolves URIs against its URL and keeps their queries', () => {
    expect(first?.uri).toBe('https://live.example.com/ch1/seg-1418.m4s?token=a%2Fb&sig=A+B==')
    expect(fourth?.uri).toBe('https://cdn.example.net/seg-1421.m4s')
  })

  it('F07 keeps EXT-X-GAP', () => {
    expect(playlist.segments.map((s) => s.gap)).toEqual([false, false, true, false])
  })

  it('F21 gives each segment the initialization section in force, with its byte range', () => {
    const early = {
      uri: 'https://live.example.com/ch1/init.mp4?x=1',
      byteRange: { offset: 100, length: 720 },
    }
    expect(first?.initSection).toEqual(early)
    expect(third?.initSection).toEqual(early)
    expect(fourth?.initSection).toEqual({ uri: 'https://live.example.com/other/init.mp4' })
  })

  it('counts program date times on and back, but not across a discontinuity', () => {
    const ownMs = Date.parse('2026-03-01T09:00:06.006Z')
    expect(first?.programDateTimeMs).toBe(ownMs - 6006)
    expect(second?.programDateTimeMs).toBe(ownMs)
    expect(third?.programDateTimeMs).toBe(ownMs + 6006)
    expect(fourth?.programDateTimeMs).toBeUndefined()
  })

  it('takes an instant without a zone as UTC', () => {
    const { segments } = parseMedia(
      withHead('#EXT-X-PROGRAM-DATE-TIME:2026-03-01T10:00:00.5', '#EXTINF:6,', 'a.ts'),
    )
    expect(segments[0]?.programDateTimeMs).toBe(Date.parse('2026-03-01T10:00:00.500Z'))
  })

  it('continues byte ranges only inside the same resource', () => {
    const { segments, endList, playlistType } = parseMedia(fixture('byte-ranges.m3u8'))
    expect(segments.map((s) => s.byteRange)).toEqual([
      { offset: 500, length: 1000 },
      { offset: 1500, length: 2000 },
      { offset: 0, length: 300 },
      { offset: 0, length: 400 },
    ])
    expect({ endList, playlistType }).toEqual({ endList: true, playlistType: 'VOD' })
  })

  it('F22 gives each segment its own key and IV; METHOD=NONE ends it', () => {
    const [a, b, c, d, e] = parseMedia(fixture('keys.m3u8')).segments
    const k1 = {
      method: 'AES-128',
      uri: 'https://live.example.com/ch1/k1.bin',
      iv: Uint8Array.from({ length: 16 }, (_, i) => i),
    }
    expect(a?.key).toBeUndefined()
    expect(b?.key).toEqual(k1)
    expect(c?.key).toEqual(k1)
    expect(d?.key).toEqual({
      method: 'AES-128',
      uri: 'https://live.example.com/ch1/k2.bin?a=1,2',
    })
    expect(e?.key).toBeUndefined()
  })

  it('prefers the key it can use where DRM systems are offered beside it', () => {
    const { segments } = parseMedia(
      withHead(
        '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://x",KEYFORMAT="com.apple.streamingkeydelivery"',
        '#EXT-X-KEY:METHOD=AES-128,URI="k.bin",KEYFORMAT="identity"',
        '#EXTINF:6,',
        'a.ts',
      ),
    )
    expect(segments[0]?.key?.method).toBe('AES-128')
  })

  it('F17 may be empty', () => {
    expect(parseMedia(withHead('#EXT-X-MEDIA-SEQUENCE:5'))).toMatchObject({
      mediaSequence: 5,
      segments: [],
    })
  })

  it('may begin with a byte order mark and blank lines, and end its lines with CR LF', () => {
    const { segments } = parseMedia(
      `\uFEFF\r\n\n${withHead('#EXTINF:6,', 'a.ts').replaceAll('\n', '\r\n')}\r\n`,
    )
    expect(segments.map((s) => s.uri)).toEqual(['https://live.example.com/ch1/a.ts'])
  })

  it('replaces the variables of EXT-X-DEFINE everywhere', () => {
    const { segments } = parseMedia(
      withHead(
        '#EXT-X-DEFINE:NAME="t",VALUE="abc"',
        '#EXT-X-DEFINE:QUERYPARAM="session"',
        '#EXT-X-KEY:METHOD=AES-128,URI="k?t={$t}"',
        '#EXTINF:6,',
        'a.ts?t={$t}&u={$t}&s={$session}',
      ),
    )
    expect(segments[0]?.uri).toBe('https://live.example.com/ch1/a.ts?t=abc&u=abc&s=1')
    expect(segments[0]?.key?.uri).toBe('https://live.example.com/ch1/k?t=abc')
  })

  it('is the same without the tags that mean nothing to a recorder', () => {
    const meaningless = [
      '#EXT-X-VERSION:99',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-ALLOW-CACHE:NO',
      '#EXT-X-SESSION-DATA:DATA-ID="a",VALUE="b"',
      '#EXT-X-RENDITION-REPORT:URI="../audio.m3u8",LAST-MSN=9',
      '#EXT-X-OF-THE-FUTURE:A=1',
      '# a comment',
    ]
    const bare = withHead('#EXTINF:6,', 'a.ts')
    expect(parseMedia([bare, ...meaningless].join('\n'))).toEqual(parseMedia(bare))
    expect(parseMedia(withHead(...meaningless, '#EXTINF:6,', 'a.ts'))).toEqual(parseMedia(bare))
  })
})

describe('a multivariant playlist', () => {
  const playlist = parseMultivariant(fixture('multivariant.m3u8'))

  it('lists its variant streams, without I-frame streams', () => {
    expect(playlist.variants).toEqual([
      {
        uri: 'https://live.example.com/ch1/low/video.m3u8',
        bandwidth: 1_280_000,
        resolution: { width: 640, height: 360 },
        frameRate: 25,
        codecs: 'avc1.4d401e,mp4a.40.2',
        audioGroup: 'aac',
        subtitlesGroup: 'subs',
      },
      {
        uri: 'https://live.example.com/ch1/high/video.m3u8',
        bandwidth: 7_680_000,
        resolution: { width: 1920, height: 1080 },
        frameRate: 50,
        codecs: 'avc1.640028,mp4a.40.2',
        audioGroup: 'aac',
        subtitlesGroup: 'subs',
      },
      {
        uri: 'https://live.example.com/ch1/audio/en.m3u8',
        bandwidth: 65_000,
        codecs: 'mp4a.40.5',
        audioGroup: 'aac',
      },
    ])
  })

  it('lists its renditions and session keys', () => {
    expect(playlist.renditions).toHaveLength(4)
    expect(playlist.renditions[0]).toEqual({
      type: 'AUDIO',
      groupId: 'aac',
      name: 'English',
      language: 'en',
      uri: 'https://live.example.com/ch1/audio/en.m3u8',
      isDefault: true,
      autoselect: true,
    })
    expect(playlist.renditions[2]).toMatchObject({ type: 'SUBTITLES', name: 'English, SDH' })
    expect(playlist.renditions[3]).not.toHaveProperty('uri')
    expect(playlist.sessionKeys).toEqual([
      { method: 'AES-128', uri: 'https://live.example.com/ch1/key.bin' },
    ])
  })

  it('leaves out figures that make no sense', () => {
    const { variants } = parseMultivariant(
      '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=-1,RESOLUTION=0x-3,FRAME-RATE=1e9,JUNK\nv.m3u8',
    )
    expect(variants).toEqual([
      { uri: 'https://live.example.com/ch1/v.m3u8', bandwidth: 0, codecs: '' },
    ])
  })
})
