/** What a web page itself says about the video on it. Addresses are absolute, http(s), each once, in order of promise. */
export interface PageScan {
  readonly title?: string
  readonly playlists: readonly string[]
  readonly iframes: readonly string[]
}

const MAX_TEXT_CHARS = 2000
const MAX_FOUND = 20
/** A page that names more than this is not looked at to its end. */
const MAX_LITERALS = 200
const MAX_TITLE_CHARS = 200
const DELIMITERS = new Set(['"', "'", '`', '<', '>', ' ', '\t', '\r', '\n', '(', ')', '|'])

/**
 * Looks for playlists in a page: video and source elements, og:video, `hls.loadSource('…')`, and every .m3u8 address in
 * its scripts. Linear in the length of the page, whatever the page is.
 * @param baseUrl the page's own address after redirects.
 */
export function scanPage(html: string, baseUrl: string): PageScan {
  const tags = readTags(html)
  const base = absolute(tags.find((tag) => tag.name === 'base')?.attributes['href'], baseUrl)
  const resolve = (text: string | undefined) => absolute(text, base ?? baseUrl)
  const playlists = unique(
    [
      ...tags.filter(isStreamElement).map((tag) => tag.attributes['src']),
      ...tags.filter(isVideoMeta).map((tag) => tag.attributes['content']),
      ...loadSourceCalls(html),
      ...playlistLiterals(html),
    ].map(resolve),
  )
  const iframes = unique(
    tags
      .filter((tag) => tag.name === 'iframe')
      .map((tag) => resolve(tag.attributes['src'] ?? tag.attributes['data-src'])),
  )
  const title = readTitle(html, tags)
  return { ...(title === undefined ? {} : { title }), playlists, iframes }
}

interface Tag {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
}

const TAG = /<(base|video|source|meta|iframe)\b([^<>]{0,4000})>/gi
const ATTRIBUTE = /([a-z][a-z0-9:_-]{0,60})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))/gi

function readTags(html: string): Tag[] {
  return [...html.matchAll(TAG)].slice(0, 2000).map((match) => {
    const attributes: Record<string, string> = Object.create(null)
    for (const [, name = '', double, single, bare] of (match[2] ?? '').matchAll(ATTRIBUTE)) {
      attributes[name.toLowerCase()] ??= decodeText(double ?? single ?? bare ?? '')
    }
    return { name: (match[1] ?? '').toLowerCase(), attributes }
  })
}

const isPlaylistAddress = (text: string | undefined) => /\.m3u8?(\?|#|$)/i.test(text ?? '')
const isPlaylistType = (type: string | undefined) => /mpegurl/i.test(type ?? '')

const isStreamElement = ({ name, attributes }: Tag) =>
  (name === 'video' || name === 'source') &&
  (isPlaylistAddress(attributes['src']) || isPlaylistType(attributes['type']))

const isVideoMeta = ({ name, attributes }: Tag) =>
  name === 'meta' &&
  /^(og:video(:url|:secure_url)?|twitter:player:stream)$/i.test(
    attributes['property'] ?? attributes['name'] ?? '',
  ) &&
  isPlaylistAddress(attributes['content'])

function loadSourceCalls(html: string): string[] {
  const calls = html.matchAll(/\.loadSource\(\s{0,20}(["'`])([^"'`\s]{1,2000})\1/g)
  return [...calls].slice(0, MAX_FOUND).map((match) => decodeText(match[2] ?? ''))
}

/** Each `.m3u8` with everything around it up to a quote, blank or bracket. */
function playlistLiterals(html: string): string[] {
  const found: string[] = []
  let at = html.indexOf('.m3u8')
  for (let seen = 0; at !== -1 && seen < MAX_LITERALS; seen += 1) {
    const start = boundary(html, at, -1)
    const end = boundary(html, at, 1)
    if (start !== undefined && end !== undefined) {
      found.push(decodeText(html.slice(start, end)).replace(/^.*=(?=https?:)/, ''))
    }
    at = html.indexOf('.m3u8', end ?? at + 5)
  }
  return found
}

/** First position from `at` on whose neighbour in that direction is a delimiter; undefined where it is too far away. */
function boundary(text: string, at: number, step: 1 | -1): number | undefined {
  for (let distance = 0; distance < MAX_TEXT_CHARS; distance += 1) {
    const position = at + distance * step
    const neighbour = step === 1 ? text[position] : text[position - 1]
    if (neighbour === undefined || DELIMITERS.has(neighbour) || isEscapedQuote(text, position)) {
      return position
    }
  }
  return undefined
}

const isEscapedQuote = (text: string, position: number) =>
  text[position] === '\\' && (text[position + 1] === '"' || text[position + 1] === "'")

/** Undoes what HTML and JSON do to an address or a title. */
function decodeText(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
    .replaceAll('\\/', '/')
    .replace(/&#(\d{1,7});/g, (_, digits: string) => codePoint(Number(digits)))
    .replace(/&#x([0-9a-f]{1,6});/gi, (_, hex: string) => codePoint(Number.parseInt(hex, 16)))
    .replace(/&(quot|apos|lt|gt|nbsp);/g, (_, name: string) => NAMED[name] ?? '')
    .replaceAll('&amp;', '&')
}

const NAMED: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  nbsp: ' ',
}
const codePoint = (value: number) => (value <= 0x10ffff ? String.fromCodePoint(value) : '')

function readTitle(html: string, tags: readonly Tag[]): string | undefined {
  const open = tags.find((tag) => tag.attributes['property']?.toLowerCase() === 'og:title')
  const element = /<title[^<>]{0,500}>([^<]{1,2000})/i.exec(html)?.[1]
  const text = open?.attributes['content'] ?? decodeText(element ?? '')
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_TITLE_CHARS) || undefined
}

function absolute(text: string | undefined, baseUrl: string): string | undefined {
  if (text === undefined || text.trim() === '' || !URL.canParse(text.trim(), baseUrl))
    return undefined
  const url = new URL(text.trim(), baseUrl)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined
}

const unique = (addresses: readonly (string | undefined)[]) =>
  [...new Set(addresses.filter((address) => address !== undefined))].slice(0, MAX_FOUND)
