import { collectBody } from '../../fetch/collect-body'
import { type HttpClient, HttpError } from '../../fetch/http'
import type { ByteRange } from '../../hls/playlist'
import { type RequestBase, requestFor } from '../segments/download-segment'

/** A part of a segment as it is asked for. */
export interface PartResource {
  readonly uri: string
  readonly byteRange?: ByteRange
}

/** Equal for the same bytes of the same resource. */
export const partKey = ({ uri, byteRange }: PartResource): string =>
  byteRange === undefined ? uri : `${uri} ${byteRange.offset}+${byteRange.length}`

/**
 * One attempt to fetch a part into memory.
 *
 * @param options.holdMs a hinted part is held back by the server until it exists.
 * @param options.limitBytes of what may be kept.
 * @throws HttpError; `too_large` above the limit.
 */
export async function fetchPart(options: {
  resource: PartResource
  holdMs: number
  limitBytes: number
  base: RequestBase
  http: HttpClient
}): Promise<Uint8Array> {
  const { resource, holdMs, limitBytes, base, http } = options
  const { uri, byteRange } = resource
  const request = {
    ...requestFor(uri, base),
    kind: 'part' as const,
    ...(byteRange === undefined ? {} : { byteRange }),
    ...(holdMs === 0 ? {} : { holdMs }),
  }
  const whole = collectBody()
  let bytes = 0
  return await http.stream(request, {
    write(chunk) {
      bytes += chunk.byteLength
      if (bytes > limitBytes) {
        throw new HttpError('too_large', 'The part of a segment is too large.')
      }
      return whole.write(chunk)
    },
    end: whole.end,
  })
}
