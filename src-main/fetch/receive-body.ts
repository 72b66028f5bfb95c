import type { Body } from './body'
import type { Slice } from './content-range'
import type { Deadlines } from './deadlines'
import { type BodySink, HttpError } from './http'
import type { LoadPolicyRow } from './load-policy'
import { redactUrl } from './redact-url'

export interface BodyOptions {
  readonly body: Body
  readonly url: string
  readonly policy: Pick<LoadPolicyRow, 'capBytes' | 'idleMs'>
  readonly deadlines: Pick<Deadlines, 'expect' | 'rest'>
  readonly slice: Slice
  readonly write: BodySink<unknown>['write']
  /** All that was asked for has come; whether the body was read to its end, so that the connection can carry the next request. */
  readonly onEnd: (isWhole: boolean) => void
  /**
   * With HttpError `truncated` for a body that ends before its declared or asked length (FAULTS F12, F13), `too_large`
   * for one over the cap (SECURITY S24), or what `write` threw.
   */
  readonly onError: (error: unknown) => void
}

function tooLarge(url: string, capBytes: number): HttpError {
  const limit = Math.max(1, Math.round(capBytes / 1e6))
  return new HttpError('too_large', `${redactUrl(url)} is larger than ${limit} MB.`, {
    hint: 'This is more than a stream has there. Check the address.',
  })
}

/**
 * Hands a body on under the idle deadline and the cap, and cuts the slice out of it. By calls rather than by an async
 * iterator: a promise or two for each of a segment's chunks cost more than all that is done with them.
 */
export function receiveBody(options: BodyOptions): void {
  const { body, url, policy, deadlines, slice, write } = options
  let received = 0
  let skip = slice.skip
  let left = slice.length ?? Number.POSITIVE_INFINITY
  /** What the sink is busy with; nothing flows meanwhile. */
  let busy: Promise<void> | undefined
  let isOver = false

  const truncated = (cause?: unknown): HttpError =>
    new HttpError('truncated', `The transfer of ${redactUrl(url)} was cut off.`, { cause })
  const expectMore = (): void => deadlines.expect(policy.idleMs, 'stopped sending')
  const fail = (error: unknown): void => {
    if (isOver) return
    isOver = true
    body.destroy()
    options.onError(error)
  }
  const finish = (isWhole: boolean): void => {
    if (isOver) return
    isOver = true
    options.onEnd(isWhole)
  }

  const wait = async (work: Promise<void>): Promise<void> => {
    body.pause()
    deadlines.rest()
    try {
      await work
    } catch (error) {
      fail(error)
      return
    }
    busy = undefined
    if (isOver) return
    expectMore()
    body.resume()
  }
  const take = (chunk: Uint8Array): void => {
    received += chunk.byteLength
    if (received > policy.capBytes) throw tooLarge(url, policy.capBytes)
    const from = Math.min(skip, chunk.byteLength)
    skip -= from
    const wanted = chunk.subarray(from, Math.min(from + left, chunk.byteLength))
    left -= wanted.byteLength
    const work = wanted.byteLength > 0 ? write(wanted) : undefined
    if (work !== undefined) busy = wait(work)
  }
  /** No more comes; what the sink is busy with may still fail. */
  const end = (isWhole: boolean): void => {
    if (busy !== undefined) void busy.then(() => end(isWhole))
    else if (left > 0 && left !== Number.POSITIVE_INFINITY) fail(truncated())
    else finish(isWhole)
  }

  expectMore()
  body.begin({
    onData(chunk) {
      if (isOver || (left === 0 && slice.dropRest)) return
      expectMore()
      try {
        take(chunk)
      } catch (error) {
        fail(error)
        return
      }
      if (left === 0 && slice.dropRest) end(false)
    },
    onEnd: () => end(true),
    onError: (cause) => fail(truncated(cause)),
  })
}
