import { createReadStream } from 'node:fs'
import { packedFramesFrom } from './packed-timestamp'

const CHUNK_BYTES = 1024 * 1024

/** The bytes of several files as one stream; one file is open at a time. */
export async function* readFiles(files: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const file of files) {
    // node's streams yield Buffers where no encoding is set
    yield* createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Uint8Array>
  }
}

/** The frames of several files of packed audio as one stream: a tag between two frames costs ffmpeg the frame behind it. */
export async function* readPackedFiles(files: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const file of files) {
    const options = { start: await packedFramesFrom(file), highWaterMark: CHUNK_BYTES }
    // node's streams yield Buffers where no encoding is set
    yield* createReadStream(file, options) as AsyncIterable<Uint8Array>
  }
}
