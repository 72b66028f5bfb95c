import { describe, expect, it } from 'vitest'
import { parsePlaylist } from '../../../../src-main/hls/parse/parse-playlist'
import type { MediaPlaylist, MultivariantPlaylist } from '../../../../src-main/hls/playlist'
import { readHlsFixture as fixture } from '../../../support/hls-fixtures'

const BASE = 'https://live.example.com/ch1/index.m3u8?session=1'

function parseMedia(text: string, url = BASE): MediaPlaylist {
  const playlist = parsePlaylist(text, url)
  if (playlist.kind !== 'media') throw new Error('expected a media playlist')
  return playlist
}

function parseMultivariant(text: string): MultivariantPlaylist {
  const playlist = parsePlaylist(text, BASE)
  if (playlist.kind !== 'multivariant') throw new Error('expected a multivariant playlist')
  return playlist
}

const withHead = (...lines: string[]): string =>
  ['#EXTM3U', '#EXT-X-TARGETDURATION:6', ...lines].join('\n')

const errorOf = (parse: () => unknown): unknown => {
  try {
    parse()
  } catch (error) {
    return error
  }
  return undefined
}

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

describe('S23 hostile numbers', () => {
  const target = (value: string): number =>
    parseMedia(`#EXTM3U\n#EXT-X-TARGETDURATION:${value}\n#EXTINF:4,\na.ts`).targetDurationSec

  it.each([
    ['0', 1],
    ['1000000000000', 60],
    ['-5', 4],
    ['NaN', 4],
    ['6', 6],
  ])('target duration %s is taken as %i s', (value, expected) => {
    expect(target(value)).toBe(expected)
  })

  it.each(['-5', 'NaN', '', 'x'])('segment duration %j is taken as 0', (value) => {
    expect(parseMedia(withHead(`#EXTINF:${value},`, 'a.ts')).segments[0]?.durationSec).toBe(0)
  })

  it('a segment without EXTINF lasts as long as the target duration, a day at most', () => {
    const lastsSec = (value: string) => {
      const text = `#EXTM3U\n#EXT-X-TARGETDURATION:${value}\n#EXTINF:4,\na.ts\nb.ts`
      return parseMedia(text).segments[1]?.durationSec
    }
    expect(lastsSec('6')).toBe(6)
    expect(lastsSec('18446744073709551616')).toBe(86_400)
  })

  it.each(['18446744073709551616', '9007199254740993', '-1', 'x', '1e99'])(
    'media sequence %s becomes a safe integer',
    (value) => {
      const { segments } = parseMedia(
        withHead(`#EXT-X-MEDIA-SEQUENCE:${value}`, '#EXTINF:6,', 'a.ts', '#EXTINF:6,', 'b.ts'),
      )
      expect(segments.every((s) => Number.isSafeInteger(s.mediaSequence))).toBe(true)
      expect((segments[1]?.mediaSequence ?? 0) - (segments[0]?.mediaSequence ?? 0)).toBe(1)
    },
  )

  it('sequences wider than 53 bits still count upwards', () => {
    const at = (n: bigint): number =>
      parseMedia(withHead(`#EXT-X-MEDIA-SEQUENCE:${n}`)).mediaSequence
    expect(at(1_760_000_000_123_456_790n) - at(1_760_000_000_123_456_789n)).toBe(1)
  })

  it.each(['99999999999999999999@0', '0', '-5@1', 'x'])('byte range %s is refused', (value) => {
    expect(
      errorOf(() => parseMedia(withHead('#EXTINF:6,', `#EXT-X-BYTERANGE:${value}`, 'a.ts'))),
    ).toMatchObject({ code: 'playlist_unreadable' })
  })

  it('an impossible IV is refused', () => {
    expect(
      errorOf(() =>
        parseMedia(withHead('#EXT-X-KEY:METHOD=AES-128,URI="k",IV=0xZZ', '#EXTINF:6,', 'a.ts')),
      ),
    ).toMatchObject({ code: 'playlist_unreadable' })
  })
})

describe('S11 schemes', () => {
  const places: Record<string, (uri: string) => string> = {
    segment: (uri) => withHead('#EXTINF:6,', uri),
    map: (uri) => withHead(`#EXT-X-MAP:URI="${uri}"`, '#EXTINF:6,', 'a.ts'),
    key: (uri) => withHead(`#EXT-X-KEY:METHOD=AES-128,URI="${uri}"`, '#EXTINF:6,', 'a.ts'),
    variant: (uri) => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${uri}`,
    rendition: (uri) => `#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="n",URI="${uri}"`,
  }
  const uris = [
    'file:///etc/passwd',
    'data:text/plain,x',
    'ftp://h/x',
    'concat:a',
    'http://weaker/x',
  ]

  for (const [place, playlist] of Object.entries(places)) {
    it.each(uris)(`${place} %s is refused`, (uri) => {
      const error = errorOf(() => parsePlaylist(playlist(uri), BASE))
      expect(error).toMatchObject({ code: 'playlist_unreadable' })
      expect(String(error)).toMatch(/address|http/)
    })
  }

  it('http is fine inside an http playlist', () => {
    const { segments } = parseMedia(withHead('#EXTINF:6,', 'http://h/x.ts'), 'http://h/p.m3u8')
    expect(segments[0]?.uri).toBe('http://h/x.ts')
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

describe('text that is no playlist', () => {
  it.each(['', '<!DOCTYPE html><html>', 'hello', '{"a":1}', '#EXTM3UX', '  \n#EXTINF:1,\na.ts'])(
    'F16 %j is not a playlist',
    (text) => {
      expect(errorOf(() => parsePlaylist(text, BASE))).toMatchObject({ code: 'not_a_playlist' })
    },
  )

  it('a channel list is not a stream', () => {
    const text = '#EXTM3U\n#EXTINF:-1 tvg-id="x",Channel\nhttps://h/ch.m3u8'
    expect(errorOf(() => parsePlaylist(text, BASE))).toMatchObject({
      code: 'not_a_playlist',
      hint: expect.stringContaining('channel') as string,
    })
  })

  it('segments and variant streams in one list are refused', () => {
    const text = withHead('#EXT-X-STREAM-INF:BANDWIDTH=1', 'v.m3u8', '#EXTINF:6,', 'a.ts')
    expect(errorOf(() => parsePlaylist(text, BASE))).toMatchObject({ code: 'playlist_unreadable' })
  })
})

describe('S21 prototype pollution', () => {
  it.each([
    '#EXT-X-MEDIA:TYPE=__proto__,GROUP-ID="uri",NAME="x",URI="a"',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="__proto__",NAME="polluted",URI="a"',
    '#EXT-X-DATERANGE:ID="__proto__",START-DATE="2026-01-01T00:00:00Z",X-POLLUTED="1"',
    '#EXT-X-DATERANGE:ID="constructor",START-DATE="2026-01-01T00:00:00Z",KEYS="1"',
    '#EXT-X-STREAM-INF:__proto__=1,BANDWIDTH=1\nv.m3u8',
    '#EXT-X-DEFINE:NAME="__proto__",VALUE="x"',
  ])('%s leaves Object.prototype as it is', (line) => {
    const before = Object.getOwnPropertyNames(Object.prototype).toSorted()
    errorOf(() => parsePlaylist(`#EXTM3U\n${line}\n${line}`, BASE))
    expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(before)
    expect(typeof Object.keys).toBe('function')
    expect(parseMedia(withHead('#EXTINF:6,', 'a.ts')).segments).toHaveLength(1)
  })
})
