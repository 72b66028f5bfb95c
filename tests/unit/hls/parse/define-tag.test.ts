import { describe, expect, it } from 'vitest'
import { parsePlaylist } from '../../../../src-main/hls/parse/parse-playlist'
import type { Definitions } from '../../../../src-main/hls/playlist'
import { mediaFixture, multivariantFixture } from '../../../support/hls-fixtures'

const head = '#EXTM3U\n#EXT-X-TARGETDURATION:4\n'
const firstUri = (lines: string, url: string, imported?: Definitions): string | undefined => {
  const playlist = parsePlaylist(head + lines, url, imported)
  return playlist.kind === 'media' ? playlist.segments[0]?.uri : undefined
}
const errorOf = (read: () => unknown): unknown => {
  try {
    return read()
  } catch (error) {
    return error
  }
}

describe('EXT-X-DEFINE', () => {
  it('NAME, IMPORT and QUERYPARAM are replaced in URIs, quoted strings and hexadecimal sequences', () => {
    const { segments } = mediaFixture('define.m3u8', [['token', 'sig=$&$1&e=']])
    const [first, second] = segments
    expect(first).toMatchObject({
      uri: 'https://live.example.com/cdn/day-1/hd/1.m4s?sig=$&$1&e=',
      key: {
        uri: 'https://live.example.com/cdn/day-1/key?sig=$&$1&e=',
        iv: Uint8Array.from({ length: 16 }, (_, i) => (i === 14 ? 0x42 : 0)),
      },
      initSection: {
        uri: 'https://live.example.com/cdn/day-1/hd/init.mp4?sig=$&$1&e=&again=4242',
      },
    })
    expect(second?.uri).toBe('https://live.example.com/cdn/day-1/42/42.m4s')
  })

  it('definitions of a multivariant playlist are there to be imported', () => {
    const playlist = multivariantFixture('define-multivariant.m3u8')
    expect(playlist.definitions).toEqual([
      ['token', 'sig=$&$1&e='],
      ['session', '42'],
    ])
    expect(playlist.variants[0]).toMatchObject({
      uri: 'https://live.example.com/ch1/video.m3u8?sig=$&$1&e=',
      audioGroup: 'a-42',
    })
    expect(playlist.renditions[0]?.groupId).toBe('a-42')
    const media = mediaFixture('define.m3u8', playlist.definitions)
    expect(media.segments[0]?.uri).toContain('?sig=$&$1&e=')
  })

  it.each([
    ['?t=a%252Fb', 'a%2Fb'],
    ['?t=a%2Bb+c', 'a+b+c'],
    ['?x=1&t=first&t=second', 'first'],
    ['?t=&t=second', 'second'],
    ['?t=100%', '100%'],
    ['?%74=named', 'named'],
    ['?t=a=b=', 'a=b='],
    ['?t=%7B%24t%7D', '%7B$t%7D'],
  ])('QUERYPARAM: %s gives %s, decoded once', (query, value) => {
    const lines = '#EXT-X-DEFINE:QUERYPARAM="t"\n#EXTINF:4,\n/{$t}'
    expect(firstUri(lines, `https://h/p.m3u8${query}`)).toBe(`https://h/${value}`)
  })

  it('an imported value may be empty', () => {
    const lines = '#EXT-X-DEFINE:IMPORT="t"\n#EXTINF:4,\n/a{$t}'
    expect(firstUri(lines, 'https://h/p', [['t', '']])).toBe('https://h/a')
  })

  it.each([
    { why: 'does not define', lines: '#EXTINF:4,\n/{$t}' },
    { why: 'does not define', lines: '#EXTINF:4,\n/{$t}\n#EXT-X-DEFINE:NAME="t",VALUE="late"' },
    { why: 'does not define', lines: '#EXT-X-KEY:METHOD=AES-128,URI="{$t}"' },
    { why: 'does not define', lines: '#EXTINF:4,\n/{$__proto__}' },
    { why: 'a list that does not define it', lines: '#EXT-X-DEFINE:IMPORT="t"' },
    { why: 'a list that does not define it', lines: '#EXT-X-DEFINE:IMPORT="constructor"' },
    { why: 'lacks a parameter', lines: '#EXT-X-DEFINE:QUERYPARAM="t"' },
    { why: 'lacks a parameter', lines: '#EXT-X-DEFINE:QUERYPARAM="empty"' },
    { why: 'a parameter that it cannot use', lines: '#EXT-X-DEFINE:QUERYPARAM="lines"' },
    { why: 'a parameter that it cannot use', lines: '#EXT-X-DEFINE:QUERYPARAM="quotes"' },
    { why: 'twice', lines: '#EXT-X-DEFINE:NAME="t",VALUE="1"\n#EXT-X-DEFINE:NAME="t",VALUE="1"' },
    { why: 'without a value', lines: '#EXT-X-DEFINE:NAME="t"' },
    { why: 'no form', lines: '#EXT-X-DEFINE:NAME="t",VALUE="1",IMPORT="t"' },
    { why: 'no form', lines: '#EXT-X-DEFINE:NAME="a b",VALUE="1"' },
    { why: 'no form', lines: '#EXT-X-DEFINE:NAME="",VALUE="1"' },
    { why: 'no form', lines: '#EXT-X-DEFINE:VALUE="1"' },
  ])('refuses ($why): $lines', ({ why, lines }) => {
    const url = 'https://h/p?empty=&lines=a%0A%23EXT-X-KEY&quotes=%22'
    const error = errorOf(() => parsePlaylist(`${head}${lines}`, url))
    expect(error).toMatchObject({ name: 'VsrError', code: 'playlist_unreadable' })
    expect(String(error)).toContain(why)
  })

  it('says what to do about a media playlist that was pasted without its multivariant playlist', () => {
    const text = `${head}#EXT-X-DEFINE:IMPORT="t"`
    expect(errorOf(() => parsePlaylist(text, 'https://h/p'))).toHaveProperty(
      'hint',
      expect.stringContaining('multivariant'),
    )
    expect(errorOf(() => parsePlaylist(text, 'https://h/p', []))).toHaveProperty('hint', undefined)
  })

  it('S22 variables in variables do not grow without bound', () => {
    const doubled = Array.from(
      { length: 60 },
      (_, i) => `#EXT-X-DEFINE:NAME="v${i + 1}",VALUE="{$v${i}}{$v${i}}"`,
    )
    const lines = ['#EXT-X-DEFINE:NAME="v0",VALUE="0123456789"', ...doubled].join('\n')
    expect(errorOf(() => parsePlaylist(head + lines, 'https://h/p'))).toMatchObject({
      code: 'playlist_too_large',
    })
  })
})
