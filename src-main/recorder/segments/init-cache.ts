import type { HttpClient } from '../../fetch/http'
import type { KeyCache } from '../../fetch/key-cache'
import type { InitSection } from '../../hls/playlist'
import type { PlannedSegment } from '../plan'
import { downloadInit, type FetchedInit, type RequestBase } from './download-segment'

/** Initialization sections in memory at most; a stream has one or two in use. */
const MOST_INITS = 4

/** Initialization sections, each fetched once by all the segments that need it. */
export interface InitCache {
  /** @throws as `downloadInit`; a failed one is fetched again the next time. */
  get(planned: PlannedSegment, initSection: InitSection): Promise<FetchedInit>
}

/** F21: an encoder that starts anew, or continues behind a break, may put another one behind the same URI. */
function keyOf({ uri, byteRange }: InitSection, { epoch, segment }: PlannedSegment): string {
  const range = `${byteRange?.offset ?? ''}+${byteRange?.length ?? ''}`
  return `${epoch} ${segment.discontinuitySequence} ${uri} ${range}`
}

/** @param options.requestBase what a request is sent with; asked anew for each. */
export function createInitCache(options: {
  readonly http: HttpClient
  readonly keys: KeyCache
  readonly requestBase: () => RequestBase
}): InitCache {
  const { http, keys, requestBase } = options
  const inits = new Map<string, Promise<FetchedInit>>()
  return {
    get(planned, initSection) {
      const key = keyOf(initSection, planned)
      const known = inits.get(key)
      if (known !== undefined) return known
      const { epoch } = planned
      const { mediaSequence } = planned.segment
      const base = requestBase()
      const init = downloadInit({ initSection, mediaSequence, epoch, base, http, keys })
      inits.set(key, init)
      const oldest = inits.keys().next().value
      if (inits.size > MOST_INITS && oldest !== undefined) inits.delete(oldest)
      // A failed one must not stay; whoever awaits it gets the failure.
      init.catch(() => inits.delete(key))
      return init
    },
  }
}
