import { createReadStream } from 'node:fs'

const CHUNK_BYTES = 1024 * 1024

/** The bytes of several files as one stream; one file is open at a time. */
export async function* readFiles(files: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const file of files) {
    // node's streams yield Buffers where no encoding is set
    yield* createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Uint8Array>
  }
}
