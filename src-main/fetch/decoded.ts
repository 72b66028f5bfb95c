import { pipeline, type Readable, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

const decoders: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

/** A body without its compression. Media is asked for as it is; some servers compress everything all the same. */
export function decoded(body: Readable, encoding: string | undefined): Readable {
  const decoder = decoders.get(encoding?.trim().toLowerCase() ?? '')?.()
  if (decoder === undefined) return body
  // Failures destroy the decoder with their cause: whoever reads it is told.
  return pipeline(body, decoder, () => {})
}
