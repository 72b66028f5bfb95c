import { describe, expect, it } from 'vitest'
import { assertRecordable, findDrm } from '../../../src-main/hls/drm'
import { parsePlaylist } from '../../../src-main/hls/parse-playlist'

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
const PLAIN = 'METHOD=AES-128,URI="k.bin"'

describe('DRM', () => {
  it.each([
    [FAIRPLAY, 'FairPlay'],
    [WIDEVINE, 'Widevine'],
    [PLAYREADY, 'PlayReady'],
    ['METHOD=SAMPLE-AES,URI="x",KEYFORMAT="com.acme.lock"', 'DRM'],
    ['METHOD=AES-128,URI="x",KEYFORMAT="com.acme.lock"', 'DRM'],
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

  it.each([PLAIN, `${PLAIN},KEYFORMAT="identity"`, 'METHOD=NONE'])('%s can be recorded', (key) => {
    expect(findDrm(media(key))).toBeUndefined()
    expect(() => assertRecordable(media(key))).not.toThrow()
  })

  it('one usable key among several systems is enough', () => {
    expect(() => assertRecordable(media(FAIRPLAY, PLAIN))).not.toThrow()
    expect(() => assertRecordable(multivariant(WIDEVINE, PLAIN))).not.toThrow()
  })

  it('sample encryption with an open key is said to be unsupported', () => {
    expect(() => assertRecordable(media('METHOD=SAMPLE-AES,URI="k.bin"'))).toThrow(
      expect.objectContaining({ code: 'unsupported_encryption' }),
    )
  })
})
