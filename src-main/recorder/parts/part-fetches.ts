import type { HttpClient } from '../../fetch/http'
import { withEitherSignal } from '../../ports/either-signal'
import type { Logger } from '../../ports/logger'
import { fetchPart, partKey, type PartResource } from './fetch-part'
import type { RequestBase } from '../segments/download-segment'

/** A part on its way into memory. */
export interface PartFetch {
  readonly key: string
  /** Undefined where it could not be had. */
  readonly body: Promise<Uint8Array | undefined>
  abort(): void
}

/** The requests for the parts of one track: listed ones one after the other, and the hinted one ahead of them. */
export interface PartFetches {
  /** A part that is listed. Takes over the request for the hint where it is for this part, and asks again where that came to nothing. */
  listed(part: PartResource): PartFetch
  /** What the newest listing hints at, undefined for nothing: the server holds the answer back until the part exists. Ends the request for another hint. */
  hint(resource: PartResource | undefined, holdMs: number): void
  /** Ends the request for the hint. */
  close(): void
}

/**
 * @param options.freeBytes how large a body may be that is taken into memory now.
 * @param options.signal ends every request.
 */
export function createPartFetches(options: {
  requestBase: (signal: AbortSignal) => RequestBase
  http: HttpClient
  logger: Logger
  freeBytes: () => number
  signal: AbortSignal
}): PartFetches {
  const { requestBase, http, logger, freeBytes, signal } = options
  let hinted: PartFetch | undefined
  let newest: Promise<unknown> = Promise.resolve()

  const start = (resource: PartResource, holdMs: number, after: Promise<unknown>): PartFetch => {
    const aborting = new AbortController()
    const body = withEitherSignal([signal, aborting.signal], async (ended) => {
      await after
      ended.throwIfAborted()
      const base = requestBase(ended)
      return await fetchPart({ resource, holdMs, limitBytes: freeBytes(), base, http })
    }).catch((err: unknown) => {
      if (!signal.aborted && !aborting.signal.aborted)
        logger.debug({ err }, 'a part could not be had')
      return undefined
    })
    return { key: partKey(resource), body, abort: () => aborting.abort() }
  }
  const now = Promise.resolve()

  return {
    listed(part) {
      const early = hinted?.key === partKey(part) ? hinted : undefined
      if (early === undefined) {
        const fetch = start(part, 0, newest)
        newest = fetch.body
        return fetch
      }
      hinted = undefined
      const again = new AbortController()
      const body = early.body.then((bytes) => {
        if (bytes !== undefined || again.signal.aborted) return bytes
        const retry = start(part, 0, now)
        again.signal.addEventListener('abort', retry.abort, { once: true })
        return retry.body
      })
      const abort = () => {
        early.abort()
        again.abort()
      }
      return { key: early.key, body, abort }
    },
    hint(resource, holdMs) {
      if (resource !== undefined && partKey(resource) === hinted?.key) return
      hinted?.abort()
      hinted = resource === undefined ? undefined : start(resource, holdMs, now)
    },
    close() {
      hinted?.abort()
      hinted = undefined
    },
  }
}
