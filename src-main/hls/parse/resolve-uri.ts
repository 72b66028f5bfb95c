import { unreadable } from './playlist-error'

const schemes: ReadonlySet<string> = new Set(['http:', 'https:'])

/** The absolute form, or what is wrong with the URI. */
function resolve(uri: string, playlistUrl: string): URL | string {
  if (!URL.canParse(uri, playlistUrl)) return 'it names an address that is none'
  const resolved = new URL(uri, playlistUrl)
  if (!schemes.has(resolved.protocol)) {
    return `it points to a ${resolved.protocol} address, and only http and https are allowed`
  }
  if (resolved.protocol === 'http:' && new URL(playlistUrl).protocol === 'https:') {
    return 'it is secure (https) but points to an insecure address (http)'
  }
  return resolved
}

/**
 * The absolute form of a URI in a playlist (RFC 8216 4.1). Its query stays as it is, but for characters that no
 * request may hold (spaces, quotes, other than ASCII), which become per-cent signs as in every browser.
 * @throws VsrError `playlist_unreadable` for other schemes than http(s), and for http inside an https playlist (SECURITY S11).
 */
export function resolveUri(uri: string, playlistUrl: string): string {
  const resolved = resolve(uri, playlistUrl)
  if (typeof resolved === 'string') throw unreadable(resolved)
  return resolved.href
}

/** The same for what a recording can do without; undefined where the address must not be used. */
export function resolveOptionalUri(
  uri: string | undefined,
  playlistUrl: string,
): string | undefined {
  if (uri === undefined) return undefined
  const resolved = resolve(uri, playlistUrl)
  return typeof resolved === 'string' ? undefined : resolved.href
}
