import { VsrError } from '../../src-preload/contract/errors'
import type { Slice } from './content-range'
import type { Deadlines } from './deadlines'
import { HttpError } from './http'
import type { LoadPolicyRow } from './load-policy'
import { redactUrl } from './redact-url'

export interface BodyReader {
  readonly chunks: AsyncIterable<Uint8Array>
  /** It was read to its end: the connection can carry the next request. */
  readonly isWhole: boolean
  /** Throws what went wrong with the body, for a consumer that has swallowed it. */
  rethrow(): void
}

/**
 * Reads a body under the idle deadline and the cap, and cuts the slice out of it. A body that ends before its
 * declared or asked length fails with `truncated` (FAULTS F12, F13), one over the cap with `too_large` (SECURITY S24).
 */
export function createBodyReader(options: {
  readonly body: AsyncIterable<Uint8Array>
  readonly url: string
  readonly policy: LoadPolicyRow
  readonly deadlines: Deadlines
  readonly slice: Slice
}): BodyReader {
  const { body, url, policy, deadlines, slice } = options
  const address = redactUrl(url)
  let failure: unknown
  let isWhole = false

  const truncated = (cause?: unknown): HttpError =>
    new HttpError('truncated', `The transfer of ${address} was cut off.`, { cause })

  const tooLarge = (): HttpError => {
    const limit = Math.max(1, Math.round(policy.capBytes / 1e6))
    return new HttpError('too_large', `${address} is larger than ${limit} MB.`, {
      hint: 'This is more than a stream has there. Check the address.',
    })
  }

  async function* read(): AsyncGenerator<Uint8Array> {
    const source = body[Symbol.asyncIterator]()
    const step = () => source.next()
    let received = 0
    let skip = slice.skip
    let left = slice.length ?? Number.POSITIVE_INFINITY
    try {
      while (left > 0 || !slice.dropRest) {
        const next = await deadlines.within(policy.idleMs, 'stopped sending', step)
        isWhole = next.done === true
        if (next.done === true) break
        received += next.value.byteLength
        if (received > policy.capBytes) throw tooLarge()
        const skipped = Math.min(skip, next.value.byteLength)
        skip -= skipped
        const wanted = next.value.subarray(skipped, Math.min(skipped + left, next.value.byteLength))
        left -= wanted.byteLength
        if (wanted.byteLength > 0) yield wanted
      }
      if (left > 0 && left !== Number.POSITIVE_INFINITY) throw truncated()
    } catch (error) {
      failure = deadlines.reason() ?? (error instanceof VsrError ? error : truncated(error))
      throw failure
    }
  }

  return {
    chunks: read(),
    get isWhole() {
      return isWhole
    },
    rethrow() {
      if (failure !== undefined) throw failure
    },
  }
}
