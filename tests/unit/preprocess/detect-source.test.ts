import { describe, expect, it } from 'vitest'
import { detectSource } from '../../../src-main/preprocess/detect-source'

const web = (pasted: string) => {
  const detected = detectSource(pasted)
  return detected.kind === 'web' ? detected.url.href : detected.kind
}

describe('detectSource', () => {
  it.each([
    ['https://example.com/live.m3u8', 'https://example.com/live.m3u8'],
    ['  \n https://example.com/a?b=c&d=%20#t \t', 'https://example.com/a?b=c&d=%20#t'],
    ['HTTP://Example.COM', 'http://example.com/'],
    ['<https://example.com/x>', 'https://example.com/x'],
    ['"https://example.com/x"', 'https://example.com/x'],
    ['//cdn.example.com/x.m3u8', 'https://cdn.example.com/x.m3u8'],
    ['example.com', 'https://example.com/'],
    ['www.example.co.uk/watch?v=1', 'https://www.example.co.uk/watch?v=1'],
    ['example.com:8443/live', 'https://example.com:8443/live'],
    ['localhost:8080/x.m3u8', 'http://localhost:8080/x.m3u8'],
    ['192.168.1.20/cam.m3u8', 'http://192.168.1.20/cam.m3u8'],
    ['127.0.0.1:8999/vod/index.m3u8', 'http://127.0.0.1:8999/vod/index.m3u8'],
    ['8.8.8.8/x.m3u8', 'https://8.8.8.8/x.m3u8'],
    ['[::1]:8080/x', 'http://[::1]:8080/x'],
    ['nas:8080/x.m3u8', 'http://nas:8080/x.m3u8'],
    ['Look at this: https://example.com/live, it is great!', 'https://example.com/live'],
    ['watch (https://example.com/a.m3u8).', 'https://example.com/a.m3u8'],
    ['https://example.com/?q=$(touch%20x);id', 'https://example.com/?q=$(touch%20x);id'],
  ])('reads %j', (pasted, expected) => {
    expect(web(pasted)).toBe(expected)
  })

  it.each(['demo:', ' DEMO: ', 'demo://'])('knows the demo stream: %j', (pasted) => {
    expect(detectSource(pasted)).toEqual({ kind: 'demo' })
  })

  it.each(['foo bar', 'foo', 'https://', 'http:///', '???', '-x', '--exec=x'])(
    'says that %j is no address',
    (pasted) => {
      expect(() => detectSource(pasted)).toThrow(
        expect.objectContaining({
          code: 'not_a_url',
          message: `“${pasted}” is not a web address.`,
          hint: expect.stringContaining('https://'),
        }),
      )
    },
  )

  it('says that there is nothing, and shows no more than a little of a long text', () => {
    expect(() => detectSource('  ')).toThrow('There is no address to record.')
    const long = `x ${'y'.repeat(5000)}`
    expect(() => detectSource(long)).toThrow(/^“.{80}…” is not/)
  })

  it.each([
    'file:///etc/passwd',
    'ftp://example.com/x',
    'rtmp://example.com/live',
    'javascript:alert(1)',
    'data:text/html,x',
  ])('S16 refuses %j', (pasted) => {
    expect(() => detectSource(pasted)).toThrow(
      expect.objectContaining({ code: 'unsupported_source' }),
    )
  })
})
