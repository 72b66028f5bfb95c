import { describe, expect, it } from 'vitest'
import { askYtdlp, readYtdlpJson, ytdlpArgs } from '../../../src-main/preprocess/ytdlp'

const read = (value: unknown) => readYtdlpJson(JSON.stringify(value))
const url = new URL('https://example.com/watch?v=1')

describe('ytdlpArgs', () => {
  it('S16 put the address last, behind --', () => {
    const hostile = new URL('https://example.com/--exec=touch%20x?-o=/etc/passwd')
    const args = ytdlpArgs('2026.01.01', hostile)
    expect(args.slice(-2)).toEqual(['--', hostile.href])
    expect(args.filter((arg) => arg.includes('exec'))).toEqual([hostile.href])
  })

  it('S17 load no configuration, and no plugins where the version has the option', () => {
    expect(ytdlpArgs('2025.01.26', url)).toEqual(
      expect.arrayContaining(['--ignore-config', '--no-plugin-dirs']),
    )
    expect(ytdlpArgs('2023.03.04', url)).toContain('--ignore-config')
    expect(ytdlpArgs('2023.03.04', url)).not.toContain('--no-plugin-dirs')
  })

  it('S16 never run for anything but http(s)', async () => {
    const tool = { path: '/nonexistent', version: '2026.01.01' }
    const signal = new AbortController().signal
    const asking = askYtdlp({ tool, url: new URL('file:///etc/passwd'), signal })
    await expect(asking).rejects.toMatchObject({ code: 'unsupported_source' })
  })
})

describe('readYtdlpJson', () => {
  it('prefers the multivariant playlist, then the best format with a picture', () => {
    const result = read({
      title: 'T',
      formats: [
        { url: 'https://c/audio.m3u8', protocol: 'm3u8_native', vcodec: 'none', tbr: 9999 },
        {
          url: 'https://c/low.m3u8',
          manifest_url: 'https://c/main.m3u8',
          protocol: 'm3u8_native',
          tbr: 500,
        },
        { url: 'https://c/high.m3u8', protocol: 'm3u8_native', tbr: 3000, vcodec: 'avc1' },
        { url: 'https://c/film.mp4', protocol: 'https', tbr: 9000 },
      ],
    })
    expect(result?.title).toBe('T')
    expect(result?.playlists.map((playlist) => playlist.url)).toEqual([
      'https://c/main.m3u8',
      'https://c/high.m3u8',
      'https://c/low.m3u8',
    ])
  })

  it('reads a single address, and the first entry of a list', () => {
    expect(read({ url: 'https://c/x.m3u8?t=1' })?.playlists[0]?.url).toBe('https://c/x.m3u8?t=1')
    const list = { entries: [null, { title: 'E', url: 'https://c/e', protocol: 'm3u8' }] }
    expect(read(list)).toMatchObject({ title: 'E', playlists: [{ url: 'https://c/e' }] })
  })

  it('keeps only headers that a stream may need, and only clean ones', () => {
    const http_headers = {
      'User-Agent': 'UA',
      Referer: 'https://r/',
      Origin: 'https://o\r\nX-Evil: 1',
      Cookie: 'secret',
      Host: 'h',
    }
    const result = read({ url: 'https://c/x.m3u8', http_headers })
    expect(result?.playlists[0]?.headers).toEqual({ 'user-agent': 'UA', referer: 'https://r/' })
  })

  it('finds nothing in null, in files, and in addresses that are not http(s)', () => {
    expect(readYtdlpJson('null')).toBeUndefined()
    expect(read({ url: 'https://c/film.mp4', protocol: 'https' })).toBeUndefined()
    expect(read({ url: 'file:///etc/x.m3u8', protocol: 'm3u8' })).toBeUndefined()
    expect(read({ entries: [null] })).toBeUndefined()
  })

  it('F26 refuses junk', () => {
    for (const text of ['', 'junk', '[1]', '"x"', '7', '{"entries":7,"formats":7']) {
      expect(() => readYtdlpJson(text), text).toThrow(
        expect.objectContaining({ code: 'ytdlp_failed' }),
      )
    }
    expect(read({ formats: 'x', url: 5, title: {} })).toBeUndefined()
  })
})
