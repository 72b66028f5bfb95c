import { describe, expect, it } from 'vitest'
import { parsePlaylist } from '../../../../src-main/hls/parse/parse-playlist'
import { BASE, errorOf, parseMedia, withHead } from '../../../support/parsed-playlists'

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
