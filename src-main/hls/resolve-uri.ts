import { unreadable } from './playlist-error'

const schemes: ReadonlySet<string> = new Set(['http:', 'https:'])

/**
 * The absolute form of a URI in a playlist (RFC 8216 4.1).
 * @throws VsrError `playlist_unreadable` for other schemes than http(s), and for http inside an https playlist (SECURITY S11).
 */
export function resolveUri(uri: string, playlistUrl: string): string {
  if (!URL.canParse(uri, playlistUrl)) throw unreadable('it names an address that is none')
  const resolved = new URL(uri, playlistUrl)
  if (!schemes.has(resolved.protocol)) {
    throw unreadable(
      `it points to a ${resolved.protocol} address, and only http and https are allowed`,
    )
  }
  if (resolved.protocol === 'http:' && new URL(playlistUrl).protocol === 'https:') {
    throw unreadable('it is secure (https) but points to an insecure address (http)')
  }
  return resolved.href
}
