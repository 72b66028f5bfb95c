import { crc32 } from 'node:zlib'
import { allocateBlocks } from './direct-file'

/** Small chunks are gathered into writes of this size: each write goes through another thread, and to wake that costs more CPU than the bytes. */
const BUFFER_BYTES = 512 * 1024
const KEPT_BUFFERS = 8

/** Buffers that are used again, so that a stream does not cost the collector a buffer per segment. */
export interface BufferPool {
  take(): Buffer
  give(buffer: Buffer): void
}

export function createBufferPool(): BufferPool {
  const free: Buffer[] = []
  return {
    take: () => free.pop() ?? allocateBlocks(BUFFER_BYTES),
    give(buffer) {
      if (free.length < KEPT_BUFFERS) free.push(buffer)
    },
  }
}

/** So many full buffers of one file may be on their way to the disk; then its source has to wait. */
const MOST_WAITING = 1

export interface WriteBuffer {
  /** Bytes taken so far, and their CRC-32. */
  readonly bytes: number
  readonly checksum: number
  /** Takes a copy of `chunk`. Where a promise is returned, wait for it before the next one. */
  write(chunk: Uint8Array): Promise<void> | undefined
  /** Hands the rest on; rejects with the first failure of any write. Gives all memory back in any case. */
  flush(): Promise<void>
}

/**
 * Gathers chunks into large writes and computes the checksum on the way, while the bytes are in the cache anyway. One
 * buffer is filled while another is written.
 */
export function createWriteBuffer(options: {
  readonly pool: BufferPool
  /** All writes are whole blocks of so many bytes; the last one is filled up with zeros. */
  readonly blockBytes: number
  /** Is called again only when it has resolved, never after it has rejected. */
  readonly write: (data: Uint8Array) => Promise<void>
}): WriteBuffer {
  const { pool, blockBytes, write } = options
  let buffer: Buffer | undefined
  let used = 0
  let bytes = 0
  let checksum = 0
  let waiting = 0
  let written: Promise<void> = Promise.resolve()

  const writeOut = async (full: Buffer, length: number, before: Promise<void>): Promise<void> => {
    try {
      await before
      await write(full.subarray(0, length))
    } finally {
      waiting -= 1
      pool.give(full)
    }
  }
  const handOn = (): void => {
    if (buffer === undefined) return
    waiting += 1
    const length = Math.ceil(used / blockBytes) * blockBytes
    buffer.fill(0, used, length)
    written = writeOut(buffer, length, written)
    // Told at the next write or flush.
    written.catch(() => undefined)
    buffer = undefined
    used = 0
  }

  return {
    get bytes() {
      return bytes
    },
    get checksum() {
      return checksum
    },
    write(chunk) {
      checksum = crc32(chunk, checksum)
      bytes += chunk.length
      for (let at = 0; at < chunk.length; ) {
        buffer ??= pool.take()
        const piece = chunk.subarray(at, at + BUFFER_BYTES - used)
        buffer.set(piece, used)
        used += piece.length
        at += piece.length
        if (used === BUFFER_BYTES) handOn()
      }
      return waiting > MOST_WAITING ? written : undefined
    },
    flush() {
      handOn()
      return written
    },
  }
}
