import type { HttpClient, HttpResponse } from '../fetch/http'
import { withRetries } from '../fetch/with-retries'
import type { PlaylistParser } from '../hls/parser'
import type { Definitions, Playlist } from '../hls/playlist'
import type { Clock } from '../ports/clock'

/** How to ask: the same for everything that belongs to one pasted address. */
export interface LoadContext {
  readonly headers: Readonly<Record<string, string>>
  readonly allowPrivateNetwork: boolean
  readonly signal: AbortSignal
}

export interface TextAnswer extends HttpResponse {
  readonly text: string
}

/** Text and playlists for the pre-processor, tried again once where the network hiccups: a person is waiting. */
export interface Loader {
  text(
    request: LoadContext & { readonly url: string; readonly kind: 'page' | 'playlist' },
  ): Promise<TextAnswer>
  parse(text: string, url: string, definitions?: Definitions): Promise<Playlist>
}

const PATIENCE_MS = 1000

export function createLoader(options: {
  http: HttpClient
  parser: PlaylistParser
  clock: Clock
  random: () => number
}): Loader {
  const { http, parser, clock, random } = options
  return {
    text: ({ url, kind, headers, allowPrivateNetwork, signal }) =>
      withRetries({ kind, clock, random, signal, giveUpAfterMs: () => PATIENCE_MS }, () =>
        http.text({ url, kind, headers, allowPrivateNetwork, signal }),
      ),
    parse: (text, url, definitions) => parser.parse(text, url, definitions),
  }
}

/** The first line tells (RFC 8216 4.3.1.1); some servers put a byte order mark or blank lines before it. */
export const isPlaylistText = (text: string): boolean => /^\uFEFF?\s*#EXTM3U/.test(text)
