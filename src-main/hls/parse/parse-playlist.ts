import { VsrError } from '../../../src-preload/contract/errors'
import type { Definitions, Playlist } from '../playlist'
import { unreadable } from './playlist-error'
import { splitPlaylistLines } from './playlist-lines'
import { readMediaPlaylist } from './read-media-playlist'
import { readMultivariantPlaylist } from './read-multivariant-playlist'
import { runM3u8Parser } from './run-m3u8-parser'

function refuseOtherText(text: string): void {
  // trimStart takes a byte order mark and blank lines too.
  if (/^#EXTM3U(?:\s|$)/.test(text.trimStart().slice(0, 16))) return
  throw new VsrError('not_a_playlist', 'What came back is not an HLS playlist.', {
    hint: 'It may be a web page: sign in, or look for the address that ends in .m3u8.',
  })
}

/**
 * Reads a playlist (RFC 8216). Runs only in the parser worker: use a PlaylistParser.
 * @param url the playlist's own URL, after redirects.
 * @param imported what the multivariant playlist defines that referred to this one.
 * @throws VsrError `not_a_playlist`, `playlist_unreadable`, `playlist_too_large`.
 */
export function parsePlaylist(text: string, url: string, imported?: Definitions): Playlist {
  refuseOtherText(text)
  const { forParser, tags, definitions } = splitPlaylistLines({ text, url, imported })
  const manifest = runM3u8Parser(forParser)
  const hasSegments = tags.some((tag) => tag.name === 'EXTINF')
  const hasVariants =
    manifest.variants !== undefined || tags.some((tag) => tag.name === 'EXT-X-MEDIA')
  if (hasSegments && hasVariants) throw unreadable('it lists both segments and variant streams')
  return hasVariants
    ? readMultivariantPlaylist({ manifest, tags, url, definitions })
    : readMediaPlaylist({ manifest, tags, url })
}
