/** What the built-in source is called. */
export const DEMO_TITLE = 'Demo stream'

const SAYS_NOTHING = /^(index|master|main|playlist|live|stream|chunklist|manifest|hls|vod)?$/i

/** A title for an address that tells none: the file's name; `master.m3u8` and the like say nothing, the host and the nearest folder that does then do. */
export function titleOf(url: URL): string {
  const parts = url.pathname
    .split('/')
    .map((part) => decoded(part).replace(/\.(m3u8?|html?|php|aspx?)$/i, ''))
  const file = parts.pop() ?? ''
  if (!SAYS_NOTHING.test(file)) return file
  const folder = parts.findLast((part) => !SAYS_NOTHING.test(part))
  return folder === undefined ? url.hostname : `${url.hostname} ${folder}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a stray per cent sign: shown as it stands
  }
}
