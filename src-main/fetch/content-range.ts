import type { ByteRange } from '../hls/playlist'
import { HttpError } from './http'
import { redactUrl } from './redact-url'

/** What of a body to hand on. */
export interface Slice {
  readonly skip: number
  /** Exactly so many bytes; undefined = all there are. */
  readonly length: number | undefined
  /** Whatever follows is not worth waiting for. */
  readonly dropRest: boolean
}

/**
 * What of an answer is the range that was asked for. Some servers ignore Range and send everything with 200.
 * @throws HttpError `source_http_error` where the server sends another range.
 */
export function sliceOf(options: {
  readonly asked: ByteRange | undefined
  readonly status: number
  readonly contentRange: string | null
  readonly url: string
}): Slice {
  const { asked, status, contentRange, url } = options
  if (asked === undefined) return { skip: 0, length: undefined, dropRest: false }
  if (status !== 206) return { skip: asked.offset, length: asked.length, dropRest: true }
  const first = /^\s*bytes\s+(\d+)-/i.exec(contentRange ?? '')?.[1]
  if (first === undefined || Number(first) !== asked.offset) {
    throw new HttpError(
      'source_http_error',
      `The server sent another part of ${redactUrl(url)} than the one asked for.`,
      { status },
    )
  }
  return { skip: 0, length: asked.length, dropRest: false }
}
