import { pipeline, Readable, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { type Body, bodyOfStream } from './body'

const decoders: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

/** A body as a stream of Node's. */
function streamOf(body: Body): Readable {
  let hasBegun = false
  const stream = new Readable({
    read() {
      if (hasBegun) {
        body.resume()
        return
      }
      hasBegun = true
      body.begin({
        onData(chunk) {
          if (!stream.push(Buffer.from(chunk))) body.pause()
        },
        onEnd: () => void stream.push(null),
        onError: (cause) =>
          void stream.destroy(cause instanceof Error ? cause : new Error('cut off', { cause })),
      })
    },
    destroy(error, done) {
      body.destroy()
      done(error)
    },
  })
  return stream
}

/** A body without its compression. Media is asked for as it is; some servers compress everything all the same. */
export function decoded(body: Body, encoding: string | null): Body {
  const decoder = decoders.get(encoding?.trim().toLowerCase() ?? '')?.()
  if (decoder === undefined) return body
  // Failures destroy the decoder with their cause: whoever reads it is told.
  return bodyOfStream(pipeline(streamOf(body), decoder, () => {}))
}
