import { VsrError } from '../../src-preload/contract/errors'
import type { HttpClient } from '../fetch/http'
import type { PlaylistParser } from '../hls/parser'
import type { MediaPlaylist } from '../hls/playlist'
import type { SourceStream } from './source/choose-streams'
import type { SourceAccess } from './source/source-access'

/**
 * One attempt to load a media playlist.
 *
 * @param options.url where it is not asked for as it stands.
 * @param options.holdMs how long the server may keep the request waiting on purpose.
 * @throws VsrError of the HTTP client and the parser; `not_a_playlist` for a multivariant playlist.
 */
export async function requestPlaylist(options: {
  stream: SourceStream
  url?: string
  holdMs?: number
  /** Of the last listing, where there was one. */
  targetDurationSec: number | undefined
  access: SourceAccess
  http: HttpClient
  parser: PlaylistParser
  signal: AbortSignal
}): Promise<MediaPlaylist> {
  const { stream, access, http, parser, signal, holdMs = 0 } = options
  const { definitions, startOffsetSec } = stream
  const asked = options.url ?? stream.playlistUrl
  const { headers, allowPrivateNetwork, origin } = access.requestBase(signal)
  const { text, url } = await http.text({
    url: asked,
    kind: 'playlist',
    headers: new URL(asked).origin === origin ? headers : {},
    holdMs,
    silentAtMostMs: access.haste(stream.info.id, options.targetDurationSec),
    allowPrivateNetwork,
    signal,
  })
  const playlist = await parser.parse(text, url, definitions)
  if (playlist.kind === 'media') {
    return startOffsetSec === undefined ? playlist : { ...playlist, startOffsetSec }
  }
  throw new VsrError('not_a_playlist', 'The source lists further lists where segments should be.')
}
