import { parsePlaylist } from '../../src-main/hls/parse/parse-playlist'
import type { MediaPlaylist, MultivariantPlaylist } from '../../src-main/hls/playlist'

/** Where sample playlists come from. */
export const BASE = 'https://live.example.com/ch1/index.m3u8?session=1'

/** Throws where it is another playlist. */
export function parseMedia(text: string, url = BASE): MediaPlaylist {
  const playlist = parsePlaylist(text, url)
  if (playlist.kind !== 'media') throw new Error('expected a media playlist')
  return playlist
}

/** Throws where it is another playlist. */
export function parseMultivariant(text: string): MultivariantPlaylist {
  const playlist = parsePlaylist(text, BASE)
  if (playlist.kind !== 'multivariant') throw new Error('expected a multivariant playlist')
  return playlist
}

/** A media playlist of these lines. */
export const withHead = (...lines: string[]): string =>
  ['#EXTM3U', '#EXT-X-TARGETDURATION:6', ...lines].join('\n')

/** What it throws; undefined where it throws nothing. */
export const errorOf = (parse: () => unknown): unknown => {
  try {
    parse()
  } catch (error) {
    return error
  }
  return undefined
}
