import { type ErrorCode, VsrError } from '../../src-preload/contract/errors'
import type { GapCause } from '../../src-preload/contract/model'

/** Every other failure is the network's. */
const causes: Partial<Record<ErrorCode, GapCause>> = {
  source_not_found: 'not-found',
  source_gone: 'not-found',
  segment_not_found: 'not-found',
  source_forbidden: 'http-error',
  source_http_error: 'http-error',
  redirect_refused: 'http-error',
  source_timeout: 'timeout',
  not_media: 'not-media',
  not_a_playlist: 'not-media',
  playlist_unreadable: 'not-media',
  truncated: 'truncated',
  too_large: 'too-large',
  playlist_too_large: 'too-large',
  key_unavailable: 'key-unavailable',
  drm_protected: 'protected',
  unsupported_encryption: 'protected',
  disk_full: 'storage',
  library_unwritable: 'storage',
}

/** The cause that a gap row carries when this failure was the last word on its segment. */
export function gapCauseOf(error: unknown): GapCause {
  return (error instanceof VsrError ? causes[error.code] : undefined) ?? 'network'
}

/** True for failures of the disk, which no other segment can help. */
export function isStorageError(error: unknown): error is VsrError {
  return (
    error instanceof VsrError && (error.code === 'disk_full' || error.code === 'library_unwritable')
  )
}

const refusals: ReadonlySet<ErrorCode> = new Set(['drm_protected', 'unsupported_encryption'])

/** True where the source sends something that VSR will not be able to play. */
export function isRefusal(error: unknown): error is VsrError {
  return error instanceof VsrError && refusals.has(error.code)
}

/** The person had better know at once: the address pasted leads to nothing that can be recorded. */
const hopeless: ReadonlySet<ErrorCode> = new Set([
  'no_matching_variant',
  'not_a_url',
  'unsupported_source',
  'address_refused',
  'bad_request',
])

/**
 * True when the recording has to fail and say why. Whatever a source, a resolver or a playlist says ends only a
 * recording that has just begun: one that has footage says why it stalls and goes on when that is over. Pages name
 * other things for a while, names lead elsewhere behind a captive portal, protection is turned off again.
 */
export function isFatal(
  error: unknown,
  begun: { readonly hasFootage: boolean },
): error is VsrError {
  if (begun.hasFootage || !(error instanceof VsrError)) return false
  return refusals.has(error.code) || hopeless.has(error.code)
}
