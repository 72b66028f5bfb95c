import type { Readable } from 'node:stream'

/** Is told what becomes of a body. */
export interface BodyReceiver {
  /** The memory of `chunk` is used again after the call: keep a copy of what is to stay. */
  onData(chunk: Uint8Array): void
  /** It has come whole. */
  onEnd(): void
  /** It ends early; undefined where nobody said why. */
  onError(cause: unknown): void
}

/** A body on its way from a server. */
export interface Body {
  /** Hands it on. Once. */
  begin(receiver: BodyReceiver): void
  /** Nothing is handed on until `resume`. */
  pause(): void
  resume(): void
  /** Nobody wants the rest: lets go of the connection. Idempotent. */
  destroy(): void
}

/** A stream of Node's as a body. */
export function bodyOfStream(stream: Readable): Body {
  return {
    begin({ onData, onEnd, onError }) {
      stream.on('data', onData)
      stream.on('end', onEnd)
      stream.on('error', onError)
      stream.on('close', () => {
        if (!stream.readableEnded) onError(undefined)
      })
    },
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    // What happens to it from now on is nobody's concern.
    destroy: () => void stream.on('error', () => undefined).destroy(),
  }
}
