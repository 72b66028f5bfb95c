import { describe, expect, it } from 'vitest'
import { isAppUrl, mayOpenExternally } from '../../../src-main/desktop/app-url'

describe('S28 S29 what counts as the interface', () => {
  it.each(['app://vsr/index.html', 'app://vsr/', 'app://vsr/index.html?x=1#y'])(
    '%s does',
    (url) => {
      expect(isAppUrl(url)).toBe(true)
    },
  )

  it.each([
    '',
    'app://vsr.evil.test/',
    'app://evil/index.html',
    'app://user@vsr/index.html',
    'app://vsr:80/',
    'application://vsr/',
    'https://vsr/',
    'file:///index.html',
    'javascript:alert(1)',
    'about:blank',
    'data:text/html,app://vsr/',
  ])('%s does not', (url) => {
    expect(isAppUrl(url)).toBe(false)
  })
})

describe('S30 what may leave for the browser', () => {
  it('is https', () => {
    expect(mayOpenExternally('https://example.test/')).toBe(true)
  })

  it.each([
    'http://example.test/',
    'file:///etc/passwd',
    'smb://x/y',
    'ms-settings:',
    'vsr://x',
    'x',
  ])('is not %s', (url) => {
    expect(mayOpenExternally(url)).toBe(false)
  })
})
