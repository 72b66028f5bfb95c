import { describe, expect, it } from 'vitest'
import { scanPage } from '../../../src-main/preprocess/page-scan'

const BASE = 'https://tv.example/shows/watch.html'
const playlists = (html: string) => scanPage(html, BASE).playlists

describe('scanPage', () => {
  it.each([
    ['a video element', `<video controls src="/a.m3u8">`, 'https://tv.example/a.m3u8'],
    [
      'a source by its type',
      `<source type='application/x-mpegURL' src=b>`,
      'https://tv.example/shows/b',
    ],
    [
      'og:video',
      `<meta property="og:video" content="https://c.example/x.m3u8?a=1&amp;b=2">`,
      'https://c.example/x.m3u8?a=1&b=2',
    ],
    [
      'loadSource',
      `<script>hls.loadSource( "live/index" )</script>`,
      'https://tv.example/shows/live/index',
    ],
    [
      'a literal',
      `<script>var u = 'https://c.example/v.m3u8'</script>`,
      'https://c.example/v.m3u8',
    ],
    ['escaped slashes', `{"file":"https:\\/\\/c.example\\/v.m3u8"}`, 'https://c.example/v.m3u8'],
    [
      'JSON inside a string',
      `JSON.parse("{\\"hls\\":\\"https:\\/\\/c.example\\/v.m3u8\\"}")`,
      'https://c.example/v.m3u8',
    ],
    [
      'unicode escapes',
      `"https:\\u002F\\u002Fc.example\\u002Fv.m3u8?t=1\\u0026u=2"`,
      'https://c.example/v.m3u8?t=1&u=2',
    ],
    [
      'entities in an attribute',
      `<div data-cfg="{&quot;u&quot;:&quot;x&quot;}" data-u="/v.m3u8?a&amp;b">`,
      'https://tv.example/v.m3u8?a&b',
    ],
    [
      'a base element',
      `<base href="https://cdn.example/r/"><video src="v.m3u8">`,
      'https://cdn.example/r/v.m3u8',
    ],
  ])('finds %s', (_what, html, expected) => {
    expect(playlists(html)).toContain(expected)
  })

  it('names each address once, and only http(s)', () => {
    const html = `<video src="/a.m3u8"></video>"/a.m3u8" "javascript:a.m3u8" "file:///a.m3u8" "data:a.m3u8"`
    expect(playlists(html)).toEqual(['https://tv.example/a.m3u8'])
  })

  it('leaves files that are no streams alone', () => {
    expect(playlists(`<video src="/film.mp4"></video><a href="/about">m3u8</a>`)).toEqual([])
  })

  it('lists frames', () => {
    const html = `<iframe width=1 src="//embed.example/1?a&amp;b"></iframe><iframe data-src='/2'></iframe><iframe src="about:blank">`
    expect(scanPage(html, BASE).iframes).toEqual([
      'https://embed.example/1?a&b',
      'https://tv.example/2',
    ])
  })

  it('S26 reads the title as text', () => {
    expect(scanPage('<title>\n A &amp; B &lt;script&gt; </title>', BASE).title).toBe(
      'A & B <script>',
    )
    const both = `<meta property="og:title" content="Live &#8211; now"><title>x</title>`
    expect(scanPage(both, BASE).title).toBe('Live – now')
    expect(scanPage('<title></title>', BASE).title).toBeUndefined()
    expect(scanPage(`<title>${'x'.repeat(9999)}`, BASE).title?.length ?? 0).toBeLessThanOrEqual(200)
  })

  it('stays quick on pages made to be slow', () => {
    const size = 2_000_000
    const repeat = (text: string) => text.repeat(Math.ceil(size / text.length))
    const hostile = [
      repeat('.m3u8'),
      repeat('"a.m3u8'),
      repeat('<video '),
      repeat('<video src="'),
      repeat('<meta a=\'b" '),
      repeat(`<iframe ${'a'.repeat(3900)}>`),
      repeat('.loadSource("x'),
      repeat('<title'),
      repeat('&#1;&amp;\\u0026'),
    ]
    for (const html of hostile) {
      const startMs = performance.now()
      scanPage(html, BASE)
      expect(performance.now() - startMs, html.slice(0, 20)).toBeLessThan(3000)
    }
  })
})
