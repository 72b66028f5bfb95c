import { VsrError } from '../../src-preload/contract/errors'
import type { SegmentKey } from '../hls/playlist'
import type { Clock } from '../ports/clock'
import type { HttpClient, HttpRequest } from './http'
import { redactUrl } from './redact-url'
import { type RetryOptions, withRetries } from './with-retries'

const KEY_BYTES = 16

/** A key could not be had and is tried again at `nextTryMs` (wall clock). */
type OnKeyTrouble = (error: VsrError, nextTryMs: number) => void

type KeyRequest = Pick<HttpRequest, 'allowPrivateNetwork' | 'silentAtMostMs' | 'signal'> & {
  /** An encoder that starts anew may put another key behind the same URI. */
  readonly epoch: number
  readonly headers: Readonly<Record<string, string>>
  readonly onTrouble?: OnKeyTrouble
}

/** A key that is being loaded, and who is told when that fails. */
interface Loading {
  readonly key: Promise<Uint8Array>
  readonly told: Set<OnKeyTrouble>
}

export interface KeyCache {
  /**
   * The 16 bytes of a key, loaded once for all who ask at the same moment, and retried on its own (FAULTS F22).
   * @throws VsrError `key_unavailable`, or what the request's signal was aborted with.
   */
  get(key: SegmentKey, request: KeyRequest): Promise<Uint8Array>
  /** This one did not decrypt: it is loaded anew when it is asked for next, unless another has taken its place already. */
  forget(secret: Uint8Array): void
}

function keyUnavailable(uri: string, cause?: unknown): VsrError {
  const message = `The key that decrypts the stream could not be had from ${redactUrl(uri)}.`
  return new VsrError('key_unavailable', message, { cause })
}

/** Keeps the last `maxKeys` keys. */
export function createKeyCache(options: {
  readonly http: HttpClient
  readonly clock: Clock
  readonly random: () => number
  readonly maxKeys: number
}): KeyCache {
  const { http, clock, random, maxKeys } = options
  const keys = new Map<string, Uint8Array>()
  const loading = new Map<string, Loading>()

  const remember = (id: string, key: Uint8Array): void => {
    keys.set(id, key)
    const oldest = keys.keys().next().value
    if (keys.size > maxKeys && oldest !== undefined) keys.delete(oldest)
  }

  const idOf = (uri: string, { epoch }: KeyRequest) => `${epoch} ${uri}`

  const load = async (uri: string, request: KeyRequest, told: Loading['told']) => {
    const { epoch: _epoch, onTrouble: _onTrouble, ...asked } = request
    const onFailure: RetryOptions['onFailure'] = ({ error, action }) => {
      if (action.action !== 'retry') return
      for (const tell of told) tell(keyUnavailable(uri, error), clock.nowMs() + action.delayMs)
    }
    // Where another place has it too, whoever needs it goes there instead of asking here again.
    const isReplaceable = request.silentAtMostMs !== undefined
    const patience = isReplaceable ? { giveUpAfterMs: () => 0 } : {}
    try {
      const { body } = await withRetries(
        { kind: 'key', clock, random, signal: request.signal, onFailure, ...patience },
        () => http.bytes({ url: uri, kind: 'key', ...asked }),
      )
      if (body.byteLength !== KEY_BYTES) throw keyUnavailable(uri)
      remember(idOf(uri, request), body)
      return body
    } catch (error) {
      if (
        request.signal.aborted ||
        (error instanceof VsrError && error.code === 'key_unavailable')
      ) {
        throw error
      }
      throw keyUnavailable(uri, error)
    }
  }

  const share = async (uri: string, request: KeyRequest): Promise<Uint8Array> => {
    const id = idOf(uri, request)
    for (;;) {
      const running = loading.get(id)
      if (running === undefined) {
        const told: Loading['told'] = new Set(request.onTrouble && [request.onTrouble])
        const key = load(uri, request, told).finally(() => loading.delete(id))
        loading.set(id, { key, told })
        return key
      }
      if (request.onTrouble !== undefined) running.told.add(request.onTrouble)
      try {
        return await running.key
      } catch (error) {
        // Whoever had started it may have left; then it starts once more, for this one.
        if (error instanceof VsrError && error.code === 'key_unavailable') throw error
        request.signal.throwIfAborted()
      }
    }
  }

  return {
    async get(key, request) {
      return keys.get(idOf(key.uri, request)) ?? (await share(key.uri, request))
    },
    forget(secret) {
      for (const [id, known] of keys) if (known === secret) keys.delete(id)
    },
  }
}

/** The same keys for one who wants to be told when one that it waits for fails. */
export function tellingKeys(keys: KeyCache, onTrouble: OnKeyTrouble): KeyCache {
  return { ...keys, get: (key, request) => keys.get(key, { ...request, onTrouble }) }
}
