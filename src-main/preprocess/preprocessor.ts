import { VsrError } from '../../src-preload/contract/errors'
import type { Probe } from '../../src-preload/contract/model'
import type { HttpClient } from '../fetch/http'
import { isPrivateHost } from '../fetch/private-address'
import type { Source } from '../fetch/source'
import { assertRecordable, findDrm, isForExportOnly } from '../hls/drm'
import type { PlaylistParser } from '../hls/parser'
import type { MediaPlaylist, MultivariantPlaylist } from '../hls/playlist'
import { selectVariant } from '../hls/choose/select-variant'
import type { Clock } from '../ports/clock'
import { withEitherSignal } from '../ports/either-signal'
import type { Logger } from '../ports/logger'
import type { DemoSource } from './demo-source'
import { detectSource } from './detect-source'
import { createLoader, isPlaylistText, type Loader, type LoadContext } from './loader'
import { resolvePage } from './resolve-page'
import { DEMO_TITLE, titleOf } from './source-title'
import type { Tools } from './tools'

/** Turns what a person pasted into something the recorder can record. */
export interface Preprocessor {
  /**
   * Says what is there, DRM included, without starting anything.
   * @throws VsrError `not_a_url`, `unsupported_source`, `not_a_playlist`, `nothing_found_on_page`, `ytdlp_missing`, `ytdlp_failed`,
   * `ffmpeg_missing` (demo), and those of fetching and parsing.
   */
  probe(pasted: string, signal: AbortSignal): Promise<Probe>
  /** As probe; also throws `drm_protected`, `unsupported_encryption`, `no_matching_variant`. */
  resolve(pasted: string, signal: AbortSignal): Promise<Source>
  /** Stops what is still being looked up. Idempotent. */
  close(): Promise<void>
}

export interface PreprocessorOptions {
  readonly http: HttpClient
  readonly parser: PlaylistParser
  readonly tools: Tools
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
  readonly demo: Pick<DemoSource, 'url'>
}

/** A source, and what its playlist says. */
interface Resolved {
  readonly source: Source
  readonly kind: Probe['kind']
  readonly resolver: Probe['resolver']
  readonly multivariant?: MultivariantPlaylist
  /** The media playlist that `best` would record. */
  readonly media: MediaPlaylist
}

export function createPreprocessor(options: PreprocessorOptions): Preprocessor {
  const logger = options.logger.child({ part: 'preprocess' })
  const loader = createLoader(options)
  const closing = new AbortController()

  const locate = async (pasted: string, signal: AbortSignal): Promise<Resolved> => {
    const detected = detectSource(pasted)
    if (detected.kind === 'demo') {
      const playlistUrl = await options.demo.url(signal)
      const context: LoadContext = { headers: {}, allowPrivateNetwork: true, signal }
      const { text, url } = await loader.text({ url: playlistUrl, kind: 'playlist', ...context })
      const source = { playlistUrl, headers: {}, title: DEMO_TITLE, allowPrivateNetwork: true }
      return readPlaylist({ loader, context, text, url, source, kind: 'demo', resolver: 'demo' })
    }
    return locateWeb({ ...options, logger, loader, url: detected.url, signal })
  }
  const run = (pasted: string, signal: AbortSignal) =>
    withEitherSignal([signal, closing.signal], (either) => locate(pasted, either))

  return {
    probe: async (pasted, signal) => toProbe(await run(pasted, signal)),
    resolve: async (pasted, signal) => {
      const { source, multivariant, media } = await run(pasted, signal)
      if (multivariant !== undefined) assertRecordable(multivariant)
      assertRecordable(media)
      return source
    },
    close: async () => {
      closing.abort(new VsrError('cancelled', 'VSR is closing.'))
    },
  }
}

interface WebOptions {
  readonly tools: Tools
  readonly logger: Logger
  readonly loader: Loader
  readonly url: URL
  readonly signal: AbortSignal
}

/** An address: a playlist itself, or a page with a playlist somewhere on it. */
async function locateWeb(options: WebOptions): Promise<Resolved> {
  const { url, loader, signal } = options
  const allowPrivateNetwork = isPrivateHost(url.hostname)
  const context: LoadContext = { headers: {}, allowPrivateNetwork, signal }
  const namesPlaylist = /\.m3u8?$/i.test(url.pathname)
  const kind = namesPlaylist ? 'playlist' : 'page'
  const answer = await loader.text({ url: url.href, kind, ...context })
  if (isPlaylistText(answer.text)) {
    const source = { playlistUrl: url.href, headers: {}, title: titleOf(url), allowPrivateNetwork }
    return readPlaylist({ ...options, context, ...answer, source, kind: 'hls', resolver: 'direct' })
  }
  refuseOtherContent(answer, namesPlaylist)
  const found = await resolvePage({ ...options, context, page: answer })
  const source = {
    playlistUrl: found.playlistUrl,
    headers: found.headers,
    title: found.title ?? titleOf(url),
    allowPrivateNetwork,
  }
  return readPlaylist({
    ...options,
    context: { ...context, headers: found.headers },
    text: found.text,
    url: found.url,
    source,
    kind: 'page',
    resolver: found.resolver,
  })
}

function refuseOtherContent(
  answer: { readonly contentType: string; readonly text: string },
  namesPlaylist: boolean,
): void {
  const isHtml =
    /html/i.test(answer.contentType) || /^\s*<(!doctype|html|head|body)/i.test(answer.text)
  if (namesPlaylist) {
    throw new VsrError(
      'not_a_playlist',
      isHtml
        ? 'The address answered with a web page, not with a video playlist.'
        : 'The address answered with something that is not a video playlist.',
      { hint: 'The stream may be over, or you may have to sign in on its page first.' },
    )
  }
  if (/^(video|audio|image)\//i.test(answer.contentType)) {
    throw new VsrError('unsupported_source', 'This is a single file, not a stream.', {
      hint: 'VSR records HLS streams (.m3u8). A file can be downloaded with the browser.',
    })
  }
}

/** Reads the playlist and, of a multivariant one, the media playlist that would be recorded. */
async function readPlaylist(options: {
  loader: Loader
  context: LoadContext
  text: string
  url: string
  source: Source
  kind: Probe['kind']
  resolver: Probe['resolver']
}): Promise<Resolved> {
  const { loader, context, source, kind, resolver } = options
  const playlist = await loader.parse(options.text, options.url)
  if (playlist.kind === 'media') return { source, kind, resolver, media: playlist }
  const variant = selectVariant(playlist, 'best')
  const answer = await loader.text({ url: variant.uri, kind: 'playlist', ...context })
  const media = await loader.parse(answer.text, answer.url, playlist.definitions ?? [])
  if (media.kind !== 'media') {
    throw new VsrError('playlist_unreadable', 'The playlist names other lists, but no segments.')
  }
  return { source, kind, resolver, multivariant: playlist, media }
}

function toProbe({ source, kind, resolver, multivariant, media }: Resolved): Probe {
  const drm = (multivariant && findDrm(multivariant)) ?? findDrm(media)
  const durationSec = media.segments.reduce((sum, segment) => sum + segment.durationSec, 0)
  return {
    kind,
    resolver,
    playlistUrl: source.playlistUrl,
    title: source.title,
    live: !media.endList,
    ...(media.endList ? { durationSec } : {}),
    variants: (multivariant?.variants ?? []).map(
      ({ bandwidth, resolution, frameRate, codecs }) => ({
        bandwidth,
        codecs,
        ...(resolution === undefined ? {} : { resolution: { ...resolution } }),
        ...(frameRate === undefined ? {} : { frameRate }),
      }),
    ),
    renditions: (multivariant?.renditions ?? []).map(({ type, language, name }) => ({
      type,
      name,
      ...(language === undefined ? {} : { language }),
    })),
    ...(drm === undefined ? {} : { drm }),
    ...(isForExportOnly(media) ? { exportOnly: true } : {}),
  }
}
