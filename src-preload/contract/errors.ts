import { z } from 'zod'

/**
 * Every expected failure has one of these stable codes. Scripts may rely on them; the sentence that
 * goes with a code is for the person and may change.
 */
export const errorCodeSchema = z.enum([
  // what the person typed
  'bad_request',
  'not_a_url',
  'unsupported_source',
  'bad_time',
  // the source
  'dns_failure',
  'connection_failed',
  'source_timeout',
  'source_not_found',
  'source_forbidden',
  'source_http_error',
  'source_gone',
  'not_a_playlist',
  'playlist_too_large',
  'playlist_unreadable',
  'no_matching_variant',
  'drm_protected',
  'unsupported_encryption',
  'key_unavailable',
  'redirect_refused',
  'address_refused',
  'too_large',
  'not_media',
  'truncated',
  'nothing_found_on_page',
  'not_live',
  // the library
  'recording_not_found',
  'recording_active',
  'already_recording',
  'segment_not_found',
  'no_footage',
  'library_locked',
  'library_unwritable',
  'library_too_new',
  'library_slow',
  'disk_full',
  'import_incomplete',
  // exports
  'export_not_found',
  'export_failed',
  'export_target_exists',
  'export_target_unwritable',
  // uploads to an object store
  'upload_not_found',
  'upload_not_signed_in',
  'upload_refused',
  'upload_target_missing',
  'upload_target_exists',
  'upload_store_failed',
  'upload_clock_skewed',
  'upload_damaged',
  'upload_file_changed',
  // tools and host
  'ffmpeg_missing',
  'ytdlp_missing',
  'ytdlp_failed',
  'port_unavailable',
  'not_available_here',
  'cancelled',
  // the local server
  'unauthorized',
  'forbidden_host',
  'forbidden_origin',
  'not_found',
  'range_not_satisfiable',
  'internal',
])
export type ErrorCode = z.infer<typeof errorCodeSchema>

export const apiErrorSchema = z.object({
  code: errorCodeSchema,
  /** What happened, as a sentence for the person. Never a stack trace, never a secret. */
  message: z.string(),
  /** What the person can do about it. */
  hint: z.string().optional(),
})
export type ApiError = z.infer<typeof apiErrorSchema>

/**
 * An expected failure. `message` is the sentence for the person, `hint` what to do, `cause` is for
 * the log only and never leaves the process.
 */
export class VsrError extends Error {
  override readonly name = 'VsrError'
  readonly code: ErrorCode
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.hint = options.hint
  }

  /** The part that may cross a process boundary. */
  toApiError(): ApiError {
    return this.hint === undefined
      ? { code: this.code, message: this.message }
      : { code: this.code, message: this.message, hint: this.hint }
  }
}
