/**
 * Chromium without Electron knows no schemes but its own, so the stand-in shows `app://vsr/…` to the page as
 * `https://vsr.app.electron-host.test/…` and translates at every border: requests, Origin and Referer headers, CORS answers,
 * frame URLs. The one difference that a page can see is `location`.
 */
const SUFFIX = 'electron-host.test'

export interface Schemes {
  register(scheme: string): void
  has(scheme: string): boolean
  /** `app://vsr/x` -> what Chromium loads; other URLs as they are. */
  toPage(url: string): string
  /** What Chromium says -> `app://vsr/x`; other URLs as they are. */
  fromPage(url: string): string
}

export function createSchemes(): Schemes {
  const schemes = new Set<string>()
  return {
    register: (scheme) => schemes.add(scheme),
    has: (scheme) => schemes.has(scheme),
    toPage: (url) => {
      const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(url)
      const [, scheme = '', host = '', rest = ''] = match ?? []
      return schemes.has(scheme) ? `https://${host}.${scheme}.${SUFFIX}${rest}` : url
    },
    fromPage: (url) => {
      const match =
        /^https:\/\/([^/?#]+)\.([a-z][a-z0-9+-]*)\.electron-host\.test([/?#].*)?$/is.exec(url)
      const [, host = '', scheme = '', rest = ''] = match ?? []
      return schemes.has(scheme) ? `${scheme}://${host}${rest}` : url
    },
  }
}
