import { describe, expect, it } from 'vitest'
import {
  preferredPort,
  readLaunchOptions,
  urlOfLink,
} from '../../../src-main/desktop/launch-options'

describe('what the application was started with', () => {
  it('reads a URL, a library and a port in any order, past switches of the runtime', () => {
    expect(
      readLaunchOptions([
        'electron',
        '--no-sandbox',
        '.',
        '--port=9000',
        'https://example.test/a.m3u8?b=1',
        '--library',
        'my library',
      ]),
    ).toEqual({
      url: 'https://example.test/a.m3u8?b=1',
      fromLink: false,
      libraryDir: 'my library',
      port: 9000,
    })
  })

  it('is empty for a plain start', () => {
    expect(readLaunchOptions(['electron', '.'])).toEqual({
      url: undefined,
      fromLink: false,
      libraryDir: undefined,
      port: undefined,
    })
  })

  it('marks what came by a link, which any page may have followed', () => {
    const { url, fromLink } = readLaunchOptions([
      'vsr',
      'vsr://record?url=https%3A%2F%2Fexample.test%2Flive.m3u8',
    ])
    expect({ url, fromLink }).toEqual({ url: 'https://example.test/live.m3u8', fromLink: true })
  })

  it.each([
    'vsr://delete?url=https://example.test/',
    'vsr://record',
    'vsr://record?url=file:///etc/passwd',
    'vsr://record?url=demo:',
    'https://example.test/?vsr://record',
  ])('takes nothing from %s', (link) => {
    expect(urlOfLink(link)).toBeUndefined()
  })

  it('prefers the typed port, then VSR_PORT, then 8787; nonsense counts as absent', () => {
    const options = readLaunchOptions(['--port', '70000'])
    expect(preferredPort(readLaunchOptions(['--port', '0']), { VSR_PORT: '1' })).toBe(0)
    expect(preferredPort(options, { VSR_PORT: '1234' })).toBe(1234)
    expect(preferredPort(options, { VSR_PORT: 'x' })).toBe(8787)
  })
})
