import { VsrError } from '../../src-preload/contract/errors'
import { redactUrl } from '../fetch/redact-url'
import type { Logger } from '../ports/logger'
import { isPlaylistText, type LoadContext, type Loader, type TextAnswer } from './loader'
import { scanPage } from './page-scan'
import type { Tools } from './tools'
import { askYtdlp } from './ytdlp'

/** A playlist that was found on a page, already fetched. */
export interface FoundPlaylist {
  readonly playlistUrl: string
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** After redirects. */
  readonly url: string
  readonly title?: string
  readonly resolver: 'page-scan' | 'yt-dlp'
}

export interface ResolvePageOptions {
  readonly page: TextAnswer
  /** As pasted. */
  readonly url: URL
  readonly context: LoadContext
  readonly loader: Loader
  readonly tools: Pick<Tools, 'ytdlp' | 'installHint'>
  readonly logger: Logger
}

interface Candidate {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

const MAX_CANDIDATES = 6
const MAX_IFRAMES = 4

/**
 * Finds the stream of a page: what the page and its frames say, then what yt-dlp knows.
 * @throws VsrError `nothing_found_on_page`, `ytdlp_missing`, `ytdlp_failed`.
 */
export async function resolvePage(options: ResolvePageOptions): Promise<FoundPlaylist> {
  const { page, context, loader, logger } = options
  const scan = scanPage(page.text, page.url)
  const title = scan.title === undefined ? {} : { title: scan.title }
  const onPage = await firstPlaylist(options, withReferer(scan.playlists, page.url))
  if (onPage !== undefined) return { ...title, ...onPage, resolver: 'page-scan' }
  for (const frameUrl of scan.iframes.slice(0, MAX_IFRAMES)) {
    const frame = await loader
      .text({ ...context, url: frameUrl, kind: 'page', headers: { referer: page.url } })
      .catch((err: unknown) => skip({ err, url: frameUrl, logger, signal: context.signal }))
    if (frame === undefined) continue
    const inFrame = scanPage(frame.text, frame.url).playlists
    const found = await firstPlaylist(options, withReferer(inFrame, frame.url))
    if (found !== undefined) return { ...title, ...found, resolver: 'page-scan' }
  }
  return { ...title, ...(await byYtdlp(options)), resolver: 'yt-dlp' }
}

async function byYtdlp(options: ResolvePageOptions) {
  const { tools, url, context } = options
  const tool = await tools.ytdlp()
  if (tool === undefined) {
    throw new VsrError(
      'ytdlp_missing',
      'The page names no stream itself, and yt-dlp, which knows many sites, is not installed.',
      { hint: tools.installHint('yt-dlp') },
    )
  }
  const result = await askYtdlp({ tool, url, signal: context.signal })
  const found = await firstPlaylist(options, result?.playlists ?? [])
  if (found !== undefined) {
    return { ...(result?.title === undefined ? {} : { title: result.title }), ...found }
  }
  throw new VsrError(
    'nothing_found_on_page',
    'No live stream or HLS video was found on this page.',
    {
      hint: 'Paste the address of the video’s own page, or of its playlist (.m3u8).',
    },
  )
}

/** The referer is what such servers look at most often. */
const withReferer = (urls: readonly string[], referer: string): Candidate[] =>
  urls.map((url) => ({ url, headers: { referer } }))

async function firstPlaylist(options: ResolvePageOptions, candidates: readonly Candidate[]) {
  const { context, loader, logger } = options
  for (const { url, headers } of candidates.slice(0, MAX_CANDIDATES)) {
    const answer = await loader
      .text({ ...context, url, headers, kind: 'playlist' })
      .catch((err: unknown) => skip({ err, url, logger, signal: context.signal }))
    if (answer !== undefined && isPlaylistText(answer.text)) {
      return { playlistUrl: url, headers, text: answer.text, url: answer.url }
    }
  }
  return undefined
}

/** One address of several that does not work is no failure of the page. */
function skip(options: {
  err: unknown
  url: string
  logger: Logger
  signal: AbortSignal
}): undefined {
  const { err, url, logger, signal } = options
  if (signal.aborted || !(err instanceof VsrError)) throw err
  logger.debug({ err, url: redactUrl(url) }, 'an address on the page cannot be used')
  return undefined
}
