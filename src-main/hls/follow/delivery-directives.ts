/** What a client asks of a server that offers delivery directives (rfc8216bis 6.2.5); all absent = a plain request. */
export interface DeliveryDirectives {
  /** `_HLS_msn`: answer once this media segment is listed. */
  readonly msn?: number
  /** `_HLS_part`: answer once this part of segment `msn` is listed. */
  readonly part?: number
  /** `_HLS_skip=YES`: a delta update will do. */
  readonly skip?: boolean
}

/**
 * Puts directives behind the query that a playlist's URL has. That query stays exactly as it is (tokens are signed over its bytes); the
 * directives follow in the order of their names, so that caches see one URL for one question (rfc8216bis 6.2.5).
 */
export function withDirectives(url: string, directives: DeliveryDirectives): string {
  const { msn, part, skip } = directives
  const written = [
    ...(msn === undefined ? [] : [`_HLS_msn=${msn}`]),
    ...(msn === undefined || part === undefined ? [] : [`_HLS_part=${part}`]),
    ...(skip === true ? ['_HLS_skip=YES'] : []),
  ].join('&')
  if (written === '') return url
  const [address = '', ...fragment] = url.split('#')
  const joint = /[?&]$/.test(address) ? '' : address.includes('?') ? '&' : '?'
  return [`${address}${joint}${written}`, ...fragment].join('#')
}
