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
  readonly deadlines: Pick<Deadlines, 'expect' | 'rest' | 'reason' | 'signal'>
  readonly slice: Slice
  readonly write: BodySink<unknown>['write']
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
 *
 * @returns whether the body was read to its end, so that the connection can carry the next request.
 * @throws HttpError `truncated` for a body that ends before its declared or asked length (FAULTS F12, F13), `too_large`
 * for one over the cap (SECURITY S24); why the attempt was aborted; what `write` threw.
 */
export function receiveBody(options: BodyOptions): Promise<{ readonly isWhole: boolean }> {
  const { body, url, policy, deadlines, slice, write } = options
  let received = 0
  let skip = slice.skip
  let left = slice.length ?? Number.POSITIVE_INFINITY
  /** What the sink is busy with; nothing flows meanwhile. */
  let busy: Promise<void> | undefined

  const truncated = (cause?: unknown): HttpError =>
    new HttpError('truncated', `The transfer of ${redactUrl(url)} was cut off.`, { cause })

  return new Promise((resolve, reject) => {
    let isOver = false
    const settle = (): boolean => {
      if (isOver) return false
      isOver = true
      deadlines.rest()
      deadlines.signal.removeEventListener('abort', onAbort)
      return true
    }
    const fail = (error: unknown): void => {
      if (!settle()) return
      body.destroy()
      reject(error)
    }
    const onAbort = (): void => fail(deadlines.reason() ?? truncated())

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
      deadlines.expect(policy.idleMs, 'stopped sending')
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
    const finish = async (isWhole: boolean): Promise<void> => {
      await busy
      if (left > 0 && left !== Number.POSITIVE_INFINITY) fail(truncated())
      else if (settle()) resolve({ isWhole })
    }

    deadlines.signal.addEventListener('abort', onAbort)
    deadlines.expect(policy.idleMs, 'stopped sending')
    body.begin({
      onData(chunk) {
        if (isOver || (left === 0 && slice.dropRest)) return
        deadlines.expect(policy.idleMs, 'stopped sending')
        try {
          take(chunk)
        } catch (error) {
          fail(error)
          return
        }
        if (left === 0 && slice.dropRest) void finish(false)
      },
      onEnd: () => void finish(true),
      onError: (cause) => fail(deadlines.reason() ?? truncated(cause)),
    })
    if (deadlines.signal.aborted) onAbort()
  })
}
