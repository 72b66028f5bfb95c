import { type ErrorCode, VsrError } from '../../src-preload/contract/errors'
import type { ByteRange } from '../hls/playlist'

/** What is being fetched, or sent; the load policy has one row for each. */
export type ResourceKind =
  | 'playlist'
  | 'offline-source'
  | 'segment'
  | 'part'
  | 'init'
  | 'key'
  | 'steering'
  | 'page'
  | 'upload'

export interface HttpRequest {
  readonly url: string
  readonly kind: ResourceKind
  /** Sent as they are; dropped when a redirect leaves the origin (SECURITY S15). */
  readonly headers?: Readonly<Record<string, string>>
  readonly byteRange?: ByteRange | undefined
  /** The server may keep the request waiting so long on purpose, beyond the load policy's deadlines (blocking reload, rfc8216bis 6.2.5.2). Milliseconds. */
  readonly holdMs?: number | undefined
  /** Shortens the load policy's deadlines for silence, before the first byte and inside the body, where something else can be asked instead. Milliseconds. */
  readonly silentAtMostMs?: number | undefined
  /** Loopback and LAN addresses may be connected to (SECURITY S13). */
  readonly allowPrivateNetwork: boolean
  readonly signal: AbortSignal
}

export interface HttpResponse {
  readonly status: number
  /** After redirects: relative URIs resolve against it. */
  readonly url: string
  readonly contentType: string
}

/** Takes a body chunk by chunk, without a promise for each: segments come in dozens of them. */
export interface BodySink<T> {
  /** Takes a chunk, whose memory is used again after the call. Where a promise is returned, what follows is held back until it resolves. May throw. */
  write(chunk: Uint8Array): Promise<void> | undefined
  /** The body has come whole. */
  end(): T | Promise<T>
}

/**
 * One attempt, no retries: those are the load policy's. Non-2xx answers, cut bodies, refused
 * redirects, deadlines and caps all reject with HttpError.
 */
export interface HttpClient {
  /** The whole body as UTF-8 text, capped. Gzip is decoded, the cap counts decoded bytes. */
  text(request: HttpRequest): Promise<HttpResponse & { readonly text: string }>
  /** The whole body, capped: keys and other small things. */
  bytes(request: HttpRequest): Promise<HttpResponse & { readonly body: Uint8Array }>
  /** Pours the body into `sink` as it comes. Resolves with what the sink makes of it, once it has ended properly. */
  stream<T>(request: HttpRequest, sink: BodySink<T>): Promise<T>
  /** Closes idle connections. Idempotent. */
  close(): void
}

/** A failed request, with what the load policy needs to decide what comes next. */
export class HttpError extends VsrError {
  /** HTTP status, 0 where there was no answer. */
  readonly status: number
  /** Retry-After in seconds, clamped to 1..600. */
  readonly retryAfterSec: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; status?: number; retryAfterSec?: number } = {},
  ) {
    super(code, message, options)
    this.status = options.status ?? 0
    this.retryAfterSec = options.retryAfterSec
  }
}
