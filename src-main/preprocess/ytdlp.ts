import { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'
import { runProcess } from '../ports/run-process'
import type { Tool } from '../ports/tools'

/** What yt-dlp found: addresses of playlists, the most promising first. */
export interface YtdlpResult {
  readonly title?: string
  readonly playlists: readonly {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
  }[]
}

const DEADLINE_MS = 30_000
/** The first version that knows `--no-plugin-dirs`. */
const PLUGIN_FLAG_SINCE = '2025.01.26'

/**
 * Arguments that look a page up and nothing else (SECURITY S16, S17): the address comes last, behind `--`.
 * @param url already parsed, http(s).
 */
export function ytdlpArgs(version: string, url: URL): string[] {
  return [
    '--ignore-config',
    ...(version >= PLUGIN_FLAG_SINCE ? ['--no-plugin-dirs'] : []),
    '--no-playlist',
    '--no-cache-dir',
    '--no-warnings',
    '--socket-timeout',
    '15',
    '--dump-single-json',
    '--',
    url.href,
  ]
}

/** Versions without the flag look for plugins in these places. */
const withoutPlugins = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const { PYTHONPATH: _, ...rest } = env
  return { ...rest, YTDLP_NO_PLUGINS: '1', XDG_CONFIG_HOME: '/nonexistent' }
}

/**
 * Asks yt-dlp about a page.
 * @returns undefined where yt-dlp knows no video there.
 * @throws VsrError `ytdlp_failed`, `cancelled`.
 */
export async function askYtdlp(options: {
  tool: Tool
  url: URL
  signal: AbortSignal
  env?: NodeJS.ProcessEnv
  /** Milliseconds. */
  deadlineMs?: number
}): Promise<YtdlpResult | undefined> {
  const { tool, url, signal, deadlineMs = DEADLINE_MS } = options
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new VsrError('unsupported_source', 'Only http and https pages can be looked up.')
  }
  const run = await runProcess({
    file: tool.path,
    args: ytdlpArgs(tool.version, url),
    env: withoutPlugins(options.env ?? process.env),
    deadlineMs,
    signal,
  }).catch((cause: unknown) => {
    throw failed('yt-dlp could not be started.', cause)
  })
  if (run.ended === 'aborted') throw new VsrError('cancelled', 'The search was cancelled.')
  if (run.ended === 'deadline') {
    throw failed(`yt-dlp did not answer within ${Math.round(deadlineMs / 1000)} seconds.`)
  }
  if (run.ended === 'overflow') throw failed('yt-dlp answered with far too much.')
  const reason = lastError(run.stderr)
  if (run.exitCode !== 0) {
    if (/Unsupported URL|No video formats found|no video/i.test(reason)) return undefined
    throw failed(reason === '' ? 'yt-dlp failed.' : `yt-dlp failed: ${reason}`)
  }
  return readYtdlpJson(run.stdout)
}

/** The last line that says ERROR, without addresses (they may hold tokens) and without its call for bug reports. */
function lastError(stderr: string): string {
  const lines = stderr.split(/\r?\n/).filter((line) => line.startsWith('ERROR:'))
  return (lines.at(-1) ?? '')
    .replace(/^ERROR:\s*/, '')
    .replace(/;? please report this issue.*$/i, '')
    .replace(/https?:\/\/\S+/gi, '…')
    .slice(0, 300)
    .trim()
}

const headerValue = z.string().regex(/^[\x20-\x7e]{0,1000}$/)
const headers = z.record(z.string(), z.unknown()).transform(keepPageHeaders).optional().catch({})
const formatSchema = z.object({
  url: z.string().optional().catch(undefined),
  manifest_url: z.string().optional().catch(undefined),
  protocol: z.string().optional().catch(undefined),
  vcodec: z.string().nullish().catch(undefined),
  tbr: z.number().nullish().catch(undefined),
  http_headers: headers,
})
const infoSchema = formatSchema.extend({
  title: z.string().max(2000).optional().catch(undefined),
  formats: z.array(formatSchema).max(5000).optional().catch(undefined),
})
const outputSchema = z.union([
  infoSchema.extend({ entries: z.array(infoSchema.nullable()).min(1).max(5000) }),
  infoSchema,
])
type Format = z.output<typeof formatSchema>

/**
 * Reads what `yt-dlp -J` printed.
 * @returns undefined for `null` and where nothing in it is HLS.
 * @throws VsrError `ytdlp_failed` where it is not what yt-dlp prints.
 */
export function readYtdlpJson(text: string): YtdlpResult | undefined {
  const json = parseJson(text)
  if (json === null) return undefined
  const parsed = outputSchema.safeParse(json)
  if (!parsed.success) throw failed('yt-dlp answered with something VSR cannot read.', parsed.error)
  const info = 'entries' in parsed.data ? parsed.data.entries.find((e) => e !== null) : parsed.data
  if (info === undefined) return undefined
  const formats = [...(info.formats ?? []), info].filter(isHls).toSorted(bySizeDescending)
  const found = new Map<string, Readonly<Record<string, string>>>()
  for (const format of formats) addWeb(found, format.manifest_url, format)
  for (const format of formats) if (format.vcodec !== 'none') addWeb(found, format.url, format)
  if (found.size === 0) return undefined
  return {
    ...(info.title === undefined ? {} : { title: info.title }),
    playlists: [...found].map(([url, pageHeaders]) => ({ url, headers: pageHeaders })),
  }
}

const isHls = (format: Format) =>
  format.protocol?.startsWith('m3u8') === true || /\.m3u8(\?|$)/i.test(format.url ?? '')
const bySizeDescending = (a: Format, b: Format) => (b.tbr ?? 0) - (a.tbr ?? 0)

function addWeb(
  found: Map<string, Readonly<Record<string, string>>>,
  url: string | undefined,
  format: Format,
): void {
  if (url === undefined || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return
  if (!found.has(url)) found.set(url, format.http_headers ?? {})
}

/** Only what a server may ask for before it hands the stream out; the rest is the HTTP client's own business. */
function keepPageHeaders(all: Record<string, unknown>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(all)) {
    const lower = name.toLowerCase()
    const checked = headerValue.safeParse(value)
    if (['referer', 'origin', 'user-agent'].includes(lower) && checked.success) {
      kept[lower] = checked.data
    }
  }
  return kept
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw failed('yt-dlp answered with something VSR cannot read.', cause)
  }
}

const failed = (message: string, cause?: unknown) =>
  new VsrError('ytdlp_failed', message, {
    hint: 'An up-to-date yt-dlp often helps. You can also paste the address of the playlist (.m3u8) itself.',
    cause,
  })
