import type { BodySink } from './http'

/** Keeps a whole body in memory: small things only. The HTTP client's cap bounds it. */
export function collectBody(): BodySink<Buffer> {
  const chunks: Uint8Array[] = []
  return {
    write(chunk) {
      chunks.push(new Uint8Array(chunk))
      return undefined
    },
    end: () => Buffer.concat(chunks),
  }
}
