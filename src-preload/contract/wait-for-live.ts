import type { ErrorCode } from './errors'

const curedByWaiting: ReadonlySet<ErrorCode> = new Set([
  'dns_failure',
  'connection_failed',
  'source_timeout',
  'source_not_found',
  'source_forbidden',
  'source_http_error',
  'source_gone',
  'not_a_playlist',
  'playlist_unreadable',
  'no_matching_variant',
  'nothing_found_on_page',
  'ytdlp_failed',
])

/** True for a failure that may only mean that a stream has not begun: nothing at its address yet, a page without its video. */
export function mayBeLiveLater(code: ErrorCode): boolean {
  return curedByWaiting.has(code)
}
