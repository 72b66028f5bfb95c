import { describe, expect, it } from 'vitest'
import { assertRecordable, findDrm, isForExportOnly, refusalOf } from '../../../src-main/hls/drm'
import { parsePlaylist } from '../../../src-main/hls/parse/parse-playlist'
import type { MediaPlaylist } from '../../../src-main/hls/playlist'

const media = (...keys: string[]) =>
  parsePlaylist(
    [
      '#EXTM3U',
      '#EXT-X-TARGETDURATION:6',
      ...keys.map((k) => `#EXT-X-KEY:${k}`),
      '#EXTINF:6,',
      'a.ts',
    ].join('\n'),
    'https://h/p.m3u8',
  )
const fMp4 = (before: string, after?: string): MediaPlaylist => {
  const lines = [
    '#EXTM3U',
    '#EXT-X-TARGETDURATION:6',
    `#EXT-X-KEY:${before}`,
    '#EXT-X-MAP:URI="init.mp4"',
    ...(after === undefined ? [] : [`#EXT-X-KEY:${after}`]),
    '#EXTINF:6,',
    'a.m4s',
  ]
  const playlist = parsePlaylist(lines.join('\n'), 'https://h/p.m3u8')
  if (playlist.kind !== 'media') throw new Error('not a media playlist')
  return playlist
}
const multivariant = (...keys: string[]) =>
  parsePlaylist(
    [
      '#EXTM3U',
      ...keys.map((k) => `#EXT-X-SESSION-KEY:${k}`),
      '#EXT-X-STREAM-INF:BANDWIDTH=1',
      'v',
    ].join('\n'),
    'https://h/p.m3u8',
  )

const FAIRPLAY = 'METHOD=SAMPLE-AES,URI="skd://asset",KEYFORMAT="com.apple.streamingkeydelivery"'
const WIDEVINE =
  'METHOD=SAMPLE-AES-CTR,URI="data:text/plain;base64,AAAA",KEYFORMAT="urn:uuid:EDEF8BA9-79D6-4ACE-A3C8-27DCD51D21ED"'
const PLAYREADY = 'METHOD=SAMPLE-AES-CTR,URI="data:x",KEYFORMAT="com.microsoft.playready"'
const SAMPLES = 'METHOD=SAMPLE-AES,URI="k.bin"'
const PLAIN = 'METHOD=AES-128,URI="k.bin"'

describe('DRM', () => {
  it.each([
    [FAIRPLAY, 'FairPlay'],
    [WIDEVINE, 'Widevine'],
    [PLAYREADY, 'PlayReady'],
    ['METHOD=SAMPLE-AES,URI="x",KEYFORMAT="com.acme.lock"', 'DRM'],
    ['METHOD=AES-128,URI="x",KEYFORMAT="com.acme.lock"', 'DRM'],
    ['METHOD=SAMPLE-AES,URI="skd://asset"', 'FairPlay'],
    ['METHOD=SAMPLE-AES-CTR,URI="data:x",KEYFORMAT="org.w3.clearkey"', 'ClearKey'],
  ])('%s is refused by name', (key, name) => {
    expect(findDrm(media(key))).toBe(name)
    expect(findDrm(multivariant(key))).toBe(name)
    expect(() => assertRecordable(media(key))).toThrow(
      expect.objectContaining({
        code: 'drm_protected',
        message: expect.stringContaining(name) as string,
      }),
    )
  })

  it.each([
    PLAIN,
    `${PLAIN},KEYFORMAT="identity"`,
    SAMPLES,
    `${SAMPLES},KEYFORMAT="identity"`,
    'METHOD=NONE',
  ])('%s can be recorded', (key) => {
    expect(findDrm(media(key))).toBeUndefined()
    expect(() => assertRecordable(media(key))).not.toThrow()
  })

  it('one usable key among several systems is enough', () => {
    expect(() => assertRecordable(media(FAIRPLAY, PLAIN))).not.toThrow()
    expect(() => assertRecordable(multivariant(WIDEVINE, PLAIN))).not.toThrow()
  })

  it.each(['SAMPLE-AES-CTR', 'ISO-23001-7', 'AES-256'])(
    'METHOD=%s is refused by name',
    (method) => {
      for (const playlist of [
        media(`METHOD=${method},URI="k.bin"`),
        multivariant(`METHOD=${method},URI="k.bin"`),
      ]) {
        expect(() => assertRecordable(playlist)).toThrow(
          expect.objectContaining({
            code: 'unsupported_encryption',
            message: expect.stringContaining(method) as string,
          }),
        )
      }
    },
  )

  it('encrypted samples with an open key are recorded from fMP4, for exports only', () => {
    for (const key of [SAMPLES, `${SAMPLES},KEYFORMAT="identity"`]) {
      expect(() => assertRecordable(fMp4(key))).not.toThrow()
      expect(fMp4(key).segments.map(refusalOf)).toEqual([undefined])
      expect(isForExportOnly(fMp4(key))).toBe(true)
    }
    expect(fMp4(FAIRPLAY).segments.map((segment) => refusalOf(segment)?.code)).toEqual([
      'drm_protected',
    ])
    expect(isForExportOnly(fMp4(PLAIN))).toBe(false)
    expect(isForExportOnly(fMp4(SAMPLES, 'METHOD=NONE'))).toBe(false)
    expect(isForExportOnly({ ...fMp4(SAMPLES), segments: [] })).toBe(false)
    const inTs = media(SAMPLES)
    expect(inTs.kind === 'media' && isForExportOnly(inTs)).toBe(false)
  })

  it('each segment is judged by the key in force on it', () => {
    const playlist = parsePlaylist(
      [
        '#EXTM3U',
        '#EXT-X-TARGETDURATION:6',
        ...[PLAIN, WIDEVINE, 'METHOD=NONE', SAMPLES, 'METHOD=SAMPLE-AES-CTR,URI="k"'].flatMap(
          (key, at) => ['#EXT-X-KEY:METHOD=NONE', `#EXT-X-KEY:${key}`, '#EXTINF:6,', `${at}.ts`],
        ),
      ].join('\n'),
      'https://h/p.m3u8',
    )
    const codes = playlist.kind === 'media' ? playlist.segments.map((s) => refusalOf(s)?.code) : []
    expect(codes).toEqual([
      undefined,
      'drm_protected',
      undefined,
      undefined,
      'unsupported_encryption',
    ])
  })
})
