import { VsrError } from '../../src-preload/contract/errors'

/** What the pasted text asks for. */
export type DetectedSource = { readonly kind: 'demo' } | { readonly kind: 'web'; readonly url: URL }

const DEMO = /^demo:(\/\/)?$/i
const WITH_SCHEME = /https?:\/\/[^\s<>"'`]+/i
const SCHEME = /^([a-z][a-z0-9+.-]*):/i
const HOST_LIKE =
  /^((?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9-]{2,}|\d{1,3}(?:\.\d{1,3}){3}|localhost|\[[0-9a-f:.]+\])(:\d{1,5})?([/?#]\S*)?$/i
const BARE_HOST_AND_PORT = /^[a-z0-9][a-z0-9-]*:\d{1,5}([/?#]\S*)?$/i
const SENTENCE_END = /[.,;:!?)\]}»”’]+$/
const MAX_SHOWN_CHARS = 80

/**
 * Reads what a person pasted: an address, an address without its scheme, a sentence with an address in it, or `demo:`.
 * @throws VsrError `not_a_url`, `unsupported_source`.
 */
export function detectSource(pasted: string): DetectedSource {
  const text = pasted.trim().replace(/^[<"'`“‘«]+|[>"'`”’»]+$/g, '')
  if (DEMO.test(text)) return { kind: 'demo' }
  const whole = /\s/.test(text) ? undefined : wholeAddress(text)
  if (whole !== undefined) return { kind: 'web', url: whole }
  const inside = WITH_SCHEME.exec(text)?.[0].replace(SENTENCE_END, '')
  const url = inside === undefined ? undefined : parseWeb(inside)
  if (url !== undefined) return { kind: 'web', url }
  throw notAnAddress(text)
}

/** @returns undefined where the text is no address at all. */
function wholeAddress(text: string): URL | undefined {
  if (/^https?:\/\//i.test(text)) return parseWeb(text)
  if (text.startsWith('//')) return parseWeb(`https:${text}`)
  if (HOST_LIKE.test(text)) return parseWeb(withScheme(text))
  if (BARE_HOST_AND_PORT.test(text)) return parseWeb(`http://${text}`)
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw new VsrError('unsupported_source', `VSR cannot record “${scheme}:” addresses.`, {
      hint: 'Paste an address that begins with https:// or http://, or demo: for the built-in stream.',
    })
  }
  return undefined
}

/** A machine on this network rarely has a certificate; everything else has one. */
const withScheme = (text: string) =>
  /^(localhost|127\.|10\.|192\.168\.|\[)/i.test(text) ? `http://${text}` : `https://${text}`

function parseWeb(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.hostname === '' ? undefined : url
}

function notAnAddress(text: string): VsrError {
  const hint = 'Paste the address of a page or of a stream, such as https://example.com/live.m3u8.'
  if (text === '') return new VsrError('not_a_url', 'There is no address to record.', { hint })
  const shown = text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text
  return new VsrError('not_a_url', `“${shown}” is not a web address.`, { hint })
}
