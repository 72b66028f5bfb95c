import { describe, expect, it } from 'vitest'
import { withDirectives } from '../../../../src-main/hls/follow/delivery-directives'

describe('withDirectives', () => {
  const all = { msn: 7, part: 0, skip: true }

  it.each([
    ['http://a/x.m3u8', all, 'http://a/x.m3u8?_HLS_msn=7&_HLS_part=0&_HLS_skip=YES'],
    ['http://a/x.m3u8', { msn: 7 }, 'http://a/x.m3u8?_HLS_msn=7'],
    ['http://a/x.m3u8', { skip: true }, 'http://a/x.m3u8?_HLS_skip=YES'],
    ['http://a/x.m3u8?b=2&a=1', { msn: 0 }, 'http://a/x.m3u8?b=2&a=1&_HLS_msn=0'],
    [
      'http://a/x.m3u8?t=%7e%2F+%20%3D==',
      { msn: 1 },
      'http://a/x.m3u8?t=%7e%2F+%20%3D==&_HLS_msn=1',
    ],
    ['http://a/x.m3u8?', { msn: 1 }, 'http://a/x.m3u8?_HLS_msn=1'],
    ['http://a/x.m3u8?a&', { msn: 1 }, 'http://a/x.m3u8?a&_HLS_msn=1'],
    ['http://a/x.m3u8?a=1#f?g', { msn: 1 }, 'http://a/x.m3u8?a=1&_HLS_msn=1#f?g'],
    ['http://a/x.m3u8', { part: 3 }, 'http://a/x.m3u8'],
  ])('%s with %j', (url, directives, asked) => {
    expect(withDirectives(url, directives)).toBe(asked)
  })

  it('leaves a plain request exactly as it is', () => {
    const url = 'http://a/x.m3u8?token=a%2fb&&#top'
    expect(withDirectives(url, {})).toBe(url)
  })
})
